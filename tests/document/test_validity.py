"""Where the closed forms hold: the comparisons that decide, with their margins."""

import re
from pathlib import Path

import pytest
from sympy import Rational

import symcnn as sc
from tests.draws import slow


def section(problem, **options):
    tex = sc.explain(problem, detail="full", **options).to_latex()
    found = re.search(
        r"subsection(?:\[.*?\])?\{Where (?:they hold|it holds)\.?\}(.*?)\\(?:leading)?section",
        tex,
        re.DOTALL,
    )
    return found[1] if found else ""


@pytest.mark.parametrize(
    "row",
    [
        r"$z_{11} \geq z_{21}$ & $0.24 \geq 0.15$ & $0.09$ & "
        r"$w_{11} x_{1} + w_{21} x_{2} \geq w_{11} x_{2} + w_{21} x_{3}$ \\",
        r"$z_{13} < z_{23}$ & $-0.02 < 0.1$ & $0.12$ & ",
    ],
)
def test_the_seed_names_its_comparisons(row):
    assert row in section(sc.examples.cnn_by_hand())


def test_without_brackets_the_seeds_derivatives_are_products():
    text = section(sc.examples.cnn_by_hand())
    assert (
        r"\frac{\partial L}{\partial w_{23}} &= "
        r"\left(a - t\right) a \left(1 - a\right) w^{(2)}_{3} x_{3}" in text
    )
    assert r"\left[" not in text.partition("are then:")[2]


def relu(x):
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.ReLU()], sc.SumOfOutputs())
    return sc.Problem(network, {"x": [x], "dense1.weight": [Rational(1, 2)]})


@pytest.mark.parametrize(
    ("x", "holds", "derivative"), [(3, r"z > 0", "x = 3"), (-3, r"z \leq 0", "0")]
)
def test_a_rectifier_is_open_or_closed(x, holds, derivative):
    text = section(relu(x))
    assert f"${holds}$" in text
    assert rf"\frac{{\partial L}}{{\partial w}} &= {derivative}" in text


def test_the_closest_comparisons_are_listed_by_distance():
    """Fifteen rectifiers are decided by each of two weights: so many fit into a formula."""
    network = sc.Network((15, 1), [sc.Conv1D(2, 1, bias=False), sc.ReLU()], sc.SumOfOutputs())
    numbers = [Rational(2 * ((7 * n) % 31) - 29, 8) for n in range(15)]
    text = section(sc.Problem(network, {"x": numbers, "conv1.weight": [1, Rational(1, 2)]}))
    assert "The 24 closest are:" in text
    margins = [float(m) for m in re.findall(r"& \$([\d.]+)\$ *(?:&|\\)", text)]
    assert margins == sorted(abs(float(weight * n)) for n in numbers for weight in (1, 0.5))[:24]


def test_smooth_networks_hold_everywhere():
    network = sc.Network((1,), [sc.Dense(1), sc.Tanh()], sc.SumOfOutputs())
    values = {"x": [1], "dense1.weight": [1], "dense1.bias": [0]}
    assert section(sc.Problem(network, values)) == ""


def test_a_product_too_wide_for_a_line_is_a_sum_that_can_be_broken():
    geoj = Path(__file__).parents[2] / "derivations" / "geoj-cs231n-two-layer" / "problem.toml"
    text = section(sc.load(geoj), digits=6).partition("are then:")[2]
    assert re.findall(r"\\partial (\w+_\{\d*\})\} &=", text)[:2] == ["w_{11}", "w_{12}"]
    assert r"\approx -0.0909338" in text


def test_a_derivative_that_is_its_bracket_alone():
    # y = max(0, w x + b) and L = y: dL/db = [z > 0], which is 1 at z = 1 + 2.
    network = sc.Network((1,), [sc.Dense(1), sc.ReLU()], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1], "dense1.weight": [1], "dense1.bias": [2]})
    assert r"\frac{\partial L}{\partial b} &= 1" in section(problem)


def pooled(x, bias=0):
    """Return L = max(0, w x_1 + b), ..., max(0, w x_n + b), at w = 1."""
    layers = [sc.Conv1D(1, 1), sc.ReLU(), sc.MaxPool1D(len(x)), sc.Flatten()]
    values = {"x": x, "conv1.weight": [1], "conv1.bias": [bias]}
    return sc.Problem(sc.Network((len(x), 1), layers, sc.SumOfOutputs()), values)


def holds(text):
    """Return the left column of the table, row by row."""
    return re.findall(r"^\$(.*?)\$ & ", text, re.MULTILINE)


def test_inactive_rectifiers_are_equal_because_both_are_inactive():
    """At x = (-1, -2), a_1 >= a_2 says that 0 >= 0: it holds while both y_i <= 0 do."""
    text = section(pooled([-1, -2]))
    assert holds(text) == [r"z_{1} \leq 0", r"z_{2} \leq 0"]
    assert "0 \\geq 0" not in text


def test_an_active_rectifier_is_compared_with_an_inactive_one():
    assert set(holds(section(pooled([3, -2])))) == {
        r"a_{1} \geq a_{2}",
        "z_{1} > 0",
        r"z_{2} \leq 0",
    }


def test_a_tie_of_active_rectifiers_is_a_comparison_that_a_small_change_violates():
    text = section(pooled([2, 2]))
    assert r"a_{1} \geq a_{2}" in holds(text)
    assert "Where it is 0, an arbitrarily small change can violate the inequality" in text
    assert "arbitrarily small" not in section(pooled([3, 2]))


def test_a_rectifier_of_a_window_of_padding_alone_decides_nothing():
    """Without a bias the outer windows of a kernel of size 1 are 0 whatever the weight is."""
    layers = [sc.Conv1D(1, 1, padding=1, bias=False), sc.ReLU(), sc.MaxPool1D(3), sc.Flatten()]
    network = sc.Network((1, 1), layers, sc.SumOfOutputs())
    text = section(sc.Problem(network, {"x": [1], "conv1.weight": [-1]}))
    assert holds(text) == [r"z_{2} \leq 0"]
    assert r"\frac{\partial L}{\partial w} &= 0" in text


@slow
def test_brackets_that_no_printed_form_has_are_not_listed():
    """The closed forms behind a pool of 100 rectifiers are too long to print."""
    layers = [sc.Conv1D(1, 1), sc.ReLU(), sc.MaxPool1D(100), sc.Flatten(), sc.Dense(1)]
    values = {"x": list(range(100)), "conv1.weight": [1], "conv1.bias": [0]}
    values |= {"dense1.weight": [1], "dense1.bias": [0]}
    network = sc.Network((100, 1), layers, sc.SumOfOutputs())
    problem = sc.Problem(network, values)
    assert "{Closed forms.}" in sc.explain(problem, detail="full").to_latex()
    assert section(problem) == ""


def test_near_the_given_numbers_the_brackets_are_what_the_inequalities_say():
    """Numbers that satisfy all of them have the same rectifiers active, and the same winners."""
    layers = [sc.Conv1D(1, 2), sc.ReLU(), sc.MaxPool1D(2), sc.Flatten()]
    network = sc.Network((5, 1), layers, sc.SumOfOutputs())
    x, w, b = [4, -3, 1, -2, -9], [2, 1], [1]
    text = section(sc.Problem(network, {"x": x, "conv1.weight": w, "conv1.bias": b}))
    # z = (6, -4, 1, -12): a_1 and a_3 win, the others are inactive.
    active, inactive = ["z_{1} > 0", "z_{3} > 0"], [r"z_{2} \leq 0", r"z_{4} \leq 0"]
    winners = [r"a_{1} \geq a_{2}", r"a_{3} \geq a_{4}"]
    assert sorted(holds(text)) == sorted([*active, *inactive, *winners])
    assert r"\partial L}{\partial w_{1}} &= x_{1} + x_{3} = 4 + 1 = 5" in text


@slow
def test_a_page_whose_numbers_change_has_the_formula_of_the_entry_that_it_shows():
    """A student works out another entry; its formula stood beside the name of this one."""
    layers = [
        sc.Conv2D(1, 3, bias=False, name="conv"),
        sc.ReLU(),
        sc.MaxPool2D((1, 3)),
        sc.Flatten(),
        sc.Dense(1, bias=False, name="dense"),
        sc.Sigmoid(),
    ]
    network = sc.Network((3, 5, 1), layers, sc.HalfSquaredError())
    values = {
        "x": [1, Rational(1, 2), 2, 3, 4, 5, Rational(25, 4), 7, 8, 9, 1, 2, 3, 4, 5],
        "conv.weight": [Rational(n, 100) for n in (12, -22, 30, 40, 50, -60, 70, 80, -95)],
        "dense.weight": [Rational(1, 4)],
        "target": [Rational(4, 5)],
    }
    page = sc.Problem(network, values).interactive(sections=("closed-forms",))
    assert "Where they hold" in page.html
    assert "is given as an example" in page.html


def test_an_index_is_given_where_a_bracket_compares_it():
    """The derivative with respect to a vector is 0 only as long as another one is looked up."""
    network = sc.Network((1,), [sc.Embedding(3, 1)], sc.Hinge())
    weights = [[Rational(1, 4)], [Rational(1, 2)], [Rational(3, 4)]]
    text = section(sc.Problem(network, {"x": [2], "embedding1.weight": weights, "target": [[1]]}))
    assert "For the given indices, the brackets in these formulas keep their values" in text
    assert "For the given indices and all weights and inputs for which it holds, a bracket" in text
    assert r"\frac{\partial L}{\partial E_{1}} &= 0" in text
    assert r"\frac{\partial L}{\partial E_{3}} &= -t" in text


def test_a_value_stands_behind_the_formula_that_a_student_gets():
    """Beyond 1, Huber's slope is -1: dL/dw = -x, whose figure -1.25 is the value."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.Huber())
    values = {"x": [Rational(5, 4)], "dense1.weight": [-2], "target": [1]}
    assert r"\frac{\partial L}{\partial w} &= -x = -1.25" in section(sc.Problem(network, values))
