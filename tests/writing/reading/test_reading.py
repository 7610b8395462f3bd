"""Formulas are read as a person reads them, from their trees."""

import math
from dataclasses import replace

import numpy as np
import pytest

from symcnn.writing.formula import Bound, read
from symcnn.writing.formula.build import operand, raised, row
from symcnn.writing.reading import Named, Names, Scene, UnreadableError, read_back

X = np.array([0.25, -0.5, 2.0, 3.0])
W = np.arange(12.0).reshape(3, 4) + 1


def tensor(name, array):
    shown = tuple(axis for axis, size in enumerate(array.shape) if size > 1)
    return Named(name, array.shape, shown, lambda places: array[places])


def scene(base=1, *, padded=False, **letters):
    names = Names(numbers={r"\varepsilon": 0.5}, slopes=slopes)
    for written, array in (
        ("x", X),
        ("w", W),
        (r"\delta^{z}", 10 * X),
        ("W_{1}", X),
        ("b", np.array([7.0])),
        ("y", 2 * X),
        (r"y^{\gamma}", 3 * X),
        (r"\gamma", np.array([3.0])),
    ):
        names.add(read(written), tensor(written, array))
    values = {letter: np.asarray(float(value)) for letter, value in letters.items()}
    primed = {"N'_{u}": lambda letters: np.array(2.0), "S'": lambda letters: np.array(3.0)}
    return Scene(names, base, values, {"c": 4}, padded, primed)


def slopes(names, places):
    return 100 * W[places] if names == ("w",) else 1000 * X[places[0]] * W[places[1:]]


def value(latex, base=1, *, padded=False, **letters):
    return read_back(read(latex))(scene(base, padded=padded, **letters)).item()


READ = [
    (r"\frac{3}{5} i - 1 - \frac{1}{5}", 0.6 * 4 - 1.2),
    (r"\frac{3}{5} \left(i - 1\right) - \frac{1}{5}", 0.6 * 3 - 0.2),
    ("i - 1^{2}", 3.0),
    (r"\left(i - 1\right)^{2}", 9.0),
    ("-i^{2}", -16.0),
    ("2 - i + 1", -1.0),
    (r"x_{1} x_{2} - x_{3} \cdot 2", -0.125 - 4),
    ("x_{i-1}", 2.0),
    ("w_{23}", 7.0),
    ("w_{2,i}", 8.0),
    (r"W_{1,2}", -0.5),
    (r"\delta^{z}_{3} b", 140.0),
    ("y_{3}^{2}", 16.0),
    (r"y^{\gamma}_{3}", 6.0),
    (r"\left(y_{3}\right)^{\gamma}", 64.0),
    (r"(y_{3})^{2} b", 112.0),
    (r"\sum_{u=1}^{3} x_{u} + b", 1.75 + 7),
    (r"\sum_{u=1}^{3} x_{u} b", 1.75 * 7),
    (r"\sum_{u=1}^{3} \left(x_{u} + b\right)", 1.75 + 21),
    (r"\sum_{u=1}^{2} x_{u} \sum_{v=u}^{2} x_{v}", 0.25 * -0.25 + -0.5 * -0.5),
    (r"\sum_{c} x_{c}", 4.75),
    (r"\sum_{u=3}^{2} x_{u}", 0.0),
    (r"\max_{1 \le u \le 3,\, u \neq 3} x_{u} b", 1.75),
    (r"\max_{1 \le u \le 3} \left(x_{u} + b\right)", 9.0),
    (r"\max_{1 \le u \le 3} x_{u} + b", 9.0),
    (r"\max\left(0, x_{2}, \dots, x_{1}\right)", 0.25),
    (r"x_{1} + x_{2} + \cdots + x_{4}", 2.75),
    (r"\left[2 \mid i,\; i > 3\right] x_{4}", 3.0),
    (r"\left[i < 3\right] x_{9}", 0.0),
    (r"\left\lfloor\frac{i + 1}{2}\right\rfloor", 2.0),
    (r"\left|x_{2}\right|", 0.5),
    (r"\sqrt{x_{3} + 2} + \sqrt[3]{8}", 4.0),
    (r"\tanh^{2}\left(x_{1}\right)", math.tanh(0.25) ** 2),
    (r"1 - \sigma\left(x_{1}\right)", 1 - 1 / (1 + math.exp(-0.25))),
    (r"e^{-x_{1}} x_{3}", 2 * math.exp(-0.25)),
    (r"x_{1} + \varepsilon", 0.75),
    (r"2 \pi", 2 * math.pi),
    (r"(i + 1) \bmod 3", 2.0),
    (r"(5 i \bmod 3) + 1", 3.0),
    ("(i - 1)/2 + 1", 2.5),
    (r"1.5 \times 10^{-3}", 0.0015),
    ("2{,}5 i", 10.0),
    (r"\frac{\partial L}{\partial w_{23}}", 700.0),
    (r"\frac{\partial^{2} L}{\partial x_{3} \partial w_{23}}", 14000.0),
    (r"\begin{cases} x_{1} & \text{if } i < 3 \\ x_{9} & \text{if } i < 2 \\ b & "
    r"\text{otherwise} \end{cases}", 7.0),
    ("i!", 24.0),
    (r"\frac{x_{4}}{N'_{u} S'}", 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "expected"), READ)
def test_a_formula_has_the_value_that_a_person_gives_it(latex, expected):
    assert value(latex, i=4) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    "latex",
    [
        "x_{1} 2",  # x 2 looks like a name or an index
        "a/b c",
        r"i \bmod 3 + 1",
        r"\frac{1}{3}^{2}",
        "x_{12}^{2}",  # x has one axis of length 4: there is no entry 12 of two axes
        "x",
        r"\sigma x_{1}",
        "q + 1",
        "(x_{1}",
        r"\frac{\partial J}{\partial w_{23}}",
        "3 + ",
        "",
    ],
)
def test_what_can_be_read_in_two_ways_is_an_error(latex):
    letters = {"i": 4, "a": 1, "b": 2, "c": 3}
    try:
        made = value(latex, **letters)
    except UnreadableError:
        return
    assert math.isnan(made)  # no entry is there


@pytest.mark.parametrize(("figure", "square"), [("3", 9.0), ("-3", 9.0)])
def test_a_power_of_a_figure_that_changes_is_one_of_the_figure(figure, square):
    """On a page whose numbers change, a negative one stands in parentheses that come and go."""
    bound = operand(row(Bound(read(figure), 1)))
    assert read_back(raised(bound, "2"))(scene()).item() == square


def test_from_index_0_the_first_entry_is_entry_0():
    assert value("x_{0} + w_{10} + x_{i-1}", 0, i=3) == 0.25 + 5 + 2


def test_outside_of_its_tensor_an_entry_is_no_number_or_counts_as_nothing():
    assert math.isnan(value(r"\sum_{u=0}^{2} x_{u}"))
    assert value(r"\sum_{u=0}^{2} x_{u}", padded=True) == -0.25
    assert value(r"\max_{0 \le u \le 2} x_{u}") == 0.25


def test_all_values_of_an_index_are_worked_out_at_once():
    cases = Scene(scene().names, 1, {"i": np.array([1.0, 2.0, 3.0])})
    made = read_back(read(r"\sum_{u=i}^{3} x_{u}"))(cases)
    assert made.tolist() == [1.75, 1.5, 2.0]


@pytest.mark.parametrize(
    ("latex", "due"),
    [
        (r"\log\left(e^{-917.3} + e^{-1000}\right)", -917.3),
        (r"\log\left(1 + e^{8.005 \cdot 10^{99}}\right)", 8.005e99),
        (r"\frac{e^{-2000}}{e^{-2000} + e^{-2001}}", 1 / (1 + math.exp(-1))),
        (r"\frac{\sinh\left(1000\right)}{\cosh\left(1000\right)}", 1.0),
        (r"\tanh\left(e^{5000}\right) - \sigma\left(-10^{400}\right)", 1.0),
        (r"\log\left(\left(10^{400}\right)^{-3}\right)", -1200 * math.log(10)),
        (r"e^{-e^{e^{e^{10}}}} + e^{-10^{10^{10^{10}}}}", 0.0),
        (r"e^{e^{e^{10}}}", math.inf),
        (r"\log\left(1 - e^{1000}\right)", math.nan),
        (r"\left(-10^{400}\right)^{0.5}", math.nan),
    ],
)
def test_what_floats_do_not_hold_is_read_with_more_digits(latex, due):
    """With exponents that are bounded, so that no tower of them takes long."""
    found = float(read_back(read(latex))(replace(scene(), precise=True)).item())
    assert found == pytest.approx(due, rel=1e-12, nan_ok=True)
