"""What the equations of a layer from outside may say, and what is refused in one line."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from sympy import Rational, S

import symcnn as sc
from symcnn import LogSumExp, Max, Mean, define, index
from symcnn.network.layers.declarations import Auxiliary

U = index("u")


@dataclass(frozen=True)
class Own(sc.Layer):
    """A layer whose equations are a function's, with two auxiliaries of one letter."""

    write: Any = None
    constant: bool = False
    learns: tuple[str, ...] = ()
    letters: str = "hh"

    def parameters(self, shape):
        return {key: sc.Parameter(shape, "w", "m") for key in self.learns}

    def auxiliaries(self, shape):
        first, second = self.letters
        return {
            "first": Auxiliary(shape, first, "m", constant=self.constant, sampled=False),
            "second": Auxiliary(shape, second, "m", sampled=False),
        }

    def forward(self, y, x, first, second, **learned):
        return self.write(y, x, first, second, *learned.values())


def network(write, **fields):
    return sc.Network((3,), [Own(write, **fields)], sc.SumOfOutputs())


def gradients(net, **values):
    given = {name.replace("_", "."): numbers for name, numbers in values.items()}
    problem = sc.Problem(net, given)
    assert sc.gradcheck(problem).max_abs_error < 1e-12
    assert sc.explain(problem).to_latex()
    return sc.evaluate(problem)


def sums(y, x, first, second):
    i = index("i")
    total = define(first[i], 2 * x[i]), define(second[i], x[i] ** 2)
    return (*total, define(y[i], first[i] * 10 + second[i] * 10))


def test_two_auxiliaries_of_one_letter_are_two_tensors():
    # 10 (2 + 4 + 6) + 10 (1 + 4 + 9) = 260, and the slope at x is 20 + 20 x.
    net = network(sums)
    made = gradients(net, x=[1, 2, 3])
    assert [net.tensors[f"layer1.{key}"].label for key in ("first", "second")] == ["h", "h^(2)"]
    assert made.loss == 260
    assert made.gradients["x"].tolist() == [40, 60, 80]


def test_two_parameters_of_one_letter_are_two_tensors():
    def write(y, x, first, second, a, b):
        i = index("i")
        return (define(y[i], a[i] * x[i] + b[i] ** 2),)

    net = network(write, learns=("a", "b"))
    made = gradients(net, x=[1, 2, 3], layer1_a=[1, 1, 1], layer1_b=[3, 4, 5])
    assert [t.label for t in net.parameters] == ["w", "w^(2)"]
    assert made.loss == 56
    assert made.gradients["layer1.b"].tolist() == [6, 8, 10]


def test_letters_of_the_input_and_the_output_are_not_given_again():
    net = network(sums, letters="xy")
    assert len({t.label for t in net.tensors.values()}) == len(net.tensors)
    assert gradients(net, x=[1, 2, 3]).loss == 260


def test_two_maxima_of_one_letter_each_have_a_routing():
    # y_i = max(x_i, x_i+1) + max(-x_i, -x_i+1) = |x_i+1 - x_i|, and y_3 = x_3 - x_3.
    def write(y, x, first, second):
        i = index("i")
        over = {i: 3, U: 2}
        pairs = ((first, 1), (second, -1))
        maxima = (define(to[i], s * x[i + U], over=over, reduction=Max()) for to, s in pairs)
        return (*maxima, define(y[i], first[i]), define(y[i], second[i]))

    made = gradients(network(write), x=[1, 2, 4])
    assert made.loss == 3
    assert made.gradients["x"].tolist() == [-1, 0, 1]


def test_an_equation_may_stand_behind_the_one_that_reads_it():
    def write(y, x, first, second):
        i = index("i")
        return define(first[i], x[i]), define(y[i], first[i] ** 2), define(first[i], 2 * x[i])

    made = gradients(network(write), x=[1, 2, 3])
    assert made.loss == 9 * 14
    assert made.gradients["x"].tolist() == [18, 36, 54]


@pytest.mark.parametrize("gather", [iter, list, lambda equations: equations[0]])
def test_equations_come_in_any_form(gather):
    def write(y, x, first, second):
        i = index("i")
        return gather([define(y[i], 3 * x[i])])

    assert gradients(network(write), x=[1, 2, 3]).loss == 18


i = index("i")
REFUSED = {
    "forward returns 'None'": lambda y, x, h, g: None,
    "forward returns '(x[i],)'": lambda y, x, h, g: (x[i],),
    "y[i, i] has 2 indices, but": lambda y, x, h, g: (define(y[i, i], x[i]),),
    "h from y from h": lambda y, x, h, g: (define(h[i], y[i]), define(y[i], h[i])),
    "y from y": lambda y, x, h, g: (define(y[i], x[i] + y[i]),),
    "x[i] belongs to another layer": lambda y, x, h, g: (define(x[i], h[i]),),
    "y[i] reads v, which belongs": lambda y, x, h, g: (
        define(y[i], sc.Tensor("v", (3,), "hidden", "v", ("i",))[i]),
    ),
    "y[i] is a LogSumExp and has other": lambda y, x, h, g: (
        define(y[i], x[U], reduction=LogSumExp(), over={i: 3}),
        define(y[i], x[i]),
    ),
    "y[i] is a Max and has other": lambda y, x, h, g: (
        define(y[i], x[U], reduction=Max(), over={i: 3}),
        define(y[i], -x[U], reduction=Max(), over={i: 3}),
    ),
    "y[0] is a Max that leaves some entries without terms": lambda y, x, h, g: (
        define(y[0], x[U], reduction=Max()),
    ),
    "y[i + u] is a Mean whose terms come": lambda y, x, h, g: (
        define(y[i + U], x[0] * h[i] * g[U], over={i: 2, U: 2}, reduction=Mean()),
    ),
    "the index i**2 is not affine": lambda y, x, h, g: (define(y[i], x[i**2]),),
    "the range of u in y[i] is unknown": lambda y, x, h, g: (define(y[i], x[i], inside=[(U, 2)]),),
}


@pytest.mark.parametrize("start", REFUSED)
def test_what_no_equation_of_a_layer_may_say(start):
    with pytest.raises(sc.SymcnnError) as refused:
        _ = network(REFUSED[start]).equations
    assert str(refused.value).startswith(f"layers[0] (Own): {start}")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) <= 200


def test_what_is_computed_is_no_constant():
    with pytest.raises(
        sc.SymcnnError, match=r"h\[i\] is declared constant, but is computed from x"
    ):
        network(sums, constant=True)


def test_one_name_for_a_parameter_and_an_auxiliary():
    with pytest.raises(sc.SymcnnError, match="a parameter and an auxiliary are both named"):
        network(sums, learns=("first",))


@pytest.mark.parametrize("letters", ["h^", "h_", "1h", "h\u00e4"])
def test_what_is_no_letter(letters):
    with pytest.raises(sc.SymcnnError, match="cannot be called"):
        network(sums, letters=letters)


@dataclass(frozen=True)
class Diagonals(sc.Layer):
    """y[i, k, k] = x[i], and 0 elsewhere."""

    type_name = ""
    axes = "ikl"

    def output_shape(self, shape):
        return (*shape, 2, 2)

    def forward(self, y, x):
        i, k = index("i"), index("k")
        return (define(y[i, k, k], x[i]),)


@pytest.mark.parametrize("backend", ["scalar", "array"])
def test_a_diagonal_leaves_the_other_entries_0(backend):
    target = np.arange(12.0).reshape(3, 2, 2)
    network = sc.Network((3,), [Diagonals()], sc.SquaredError())
    made = sc.lambdify(sc.derive(network), backend)({"x": [1, 2, 3], "target": target})
    output = np.array([1.0, 2.0, 3.0])[:, None, None] * np.eye(2)
    assert made.outputs["layer1"].tolist() == output.tolist()
    slope = 2 * np.trace(output - target, axis1=1, axis2=2)
    assert made.gradients["x"].tolist() == slope.tolist()


@dataclass(frozen=True)
class Halving(sc.Layer):
    """y[i] = x[i] + y[i-1] / 2, in one of several ways of writing it."""

    way: str

    prefix = "halving"

    def auxiliaries(self, shape):
        if self.way == "step by step":
            return {"whole": Auxiliary(shape, "h", "m")}
        steps = range(shape[0]) if self.way == "a step each" else ()
        return {f"step{n}": Auxiliary((1,), "h", "m") for n in steps}

    def forward(self, y, x, **steps):
        (i,), k = y.indices, index("k")
        if self.way == "itself":
            return (define(y[i], x[i]), define(y[i + 1], y[i] / 2))
        if self.way == "its own steps":
            return (define(y[i], x[i]), define(y[i], y[i - 1] / 2))
        if self.way == "step by step":
            h = steps["whole"]
            return (define(h[i], x[i]), define(h[i], h[i - 1] / 2), define(y[i], h[i]))
        if self.way == "a sum":
            halves = Rational(1, 2) ** sc.positions(y.shape[0])[k]
            return (define(y[i + k], halves * x[i], over={i: x.shape[0], k: x.shape[0]}),)
        made = [*steps.values()]
        before = [S.Zero, *(step[0] / 2 for step in made)]
        first = [define(h[0], x[n] + before[n]) for n, h in enumerate(made)]
        return (*first, *(define(y[n], h[0]) for n, h in enumerate(made)))


def test_a_recurrence_is_refused_with_remedies():
    with pytest.raises(sc.SymcnnError) as caught:
        sc.Network((4,), [Halving("itself")], sc.SumOfOutputs())
    assert str(caught.value) == (
        "layers[0] (Halving): y from y: a tensor cannot be computed from itself: give each step an "
        "auxiliary of its own, or write the sum that the steps make"
    )


def test_an_output_is_not_computed_from_its_own_steps():
    with pytest.raises(sc.SymcnnError, match="compute an auxiliary so, and the output from it"):
        sc.Network((4,), [Halving("its own steps")], sc.SumOfOutputs())


@pytest.mark.parametrize("way", ["a step each", "a sum", "step by step"])
def test_each_remedy_for_a_recurrence_works(way):
    # 1, 2 + 1/2, 3 + 5/4, 4 + 17/8; the slope at x[i] is 1 + 1/2 + ..., 4 - i terms.
    made = gradients(sc.Network((4,), [Halving(way)], sc.SumOfOutputs()), x=[1, 2, 3, 4])
    assert made.outputs["halving1"].tolist() == [1, 2.5, 4.25, 6.125]
    assert made.gradients["x"].tolist() == [1.875, 1.75, 1.5, 1]
