"""What nobody reads: the loss does not depend on it, and its derivative is 0."""

import pytest

import symcnn as sc
from symcnn.equations.functions import Iverson
from tests.document.networks import problem_of
from tests.programs.unusual_layers import Constant

X = [1, 2]


def beside():
    """b reads x, so nobody reads a: L = (2 - 0)^2 / 2 with b = 1 + 2 - 1."""
    layers = [sc.Dense(1, name="a"), sc.Dense(1, name="b", inputs=("x",))]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    given = {"a.weight": [3, 4], "a.bias": [5], "b.weight": [1, 1], "b.bias": [-1]}
    return sc.Problem(network, {"x": X, "target": [0], **given}, learning_rate=1)


def constant():
    """Nobody reads the input, nor the weight that is called unused."""
    network = sc.Network((2,), [Constant(name="c")], sc.SumOfOutputs())
    return sc.Problem(network, {"x": X, "c.bias": [6, 7], "c.unused": [1, 2, 3]}, learning_rate=1)


@pytest.mark.parametrize(
    ("made", "gradients"),
    [
        (beside, {"a": [0], "a.weight": [0, 0], "a.bias": [0], "x": [2, 2], "b.weight": [2, 4]}),
        (constant, {"x": [0, 0], "c.bias": [1, 1], "c.unused": [0, 0, 0]}),
    ],
)
def test_its_derivative_is_0(made, gradients):
    problem = made()
    exact, floats = sc.evaluate(problem, exact=True), sc.evaluate(problem)
    for name, expected in gradients.items():
        assert list(problem.quantity(f"gradient of {name}")) == expected
        assert exact.gradients[name].ravel().tolist() == expected
        assert floats.gradients[name].ravel().tolist() == expected


def test_a_step_leaves_its_weights_where_they_are():
    assert beside().quantity("updated a.weight") == (3, 4)
    assert constant().quantity("updated c.unused") == (1, 2, 3)


@pytest.mark.parametrize("made", [beside, constant])
def test_its_document_says_so(made):
    text = sc.explain(made(), all_weights=True).to_latex()
    letter = "z" if made is beside else "x"
    said = "The loss does not depend on $#$, so its derivative with respect to $#$ is 0."
    said = said.replace("#", letter)
    assert said in text


PLACES = (
    "only tells places: while its largest entries remain the largest, no change of it matters, and "
    "no error signal comes back this way."
)


@pytest.mark.parametrize("alone", [True, False])
def test_what_only_tells_places_receives_nothing_from_there(alone):
    image = "scale1" if alone else "x"
    layers = [
        sc.MaxPool2D(2),
        *([sc.Scale(2, 1, inputs=("x",))] if alone else []),
        sc.MaxUnpool2D(2, inputs=("pool1", image)),
    ]
    network = sc.Network((2, 4, 1), layers, sc.SumOfOutputs())
    text = sc.explain(problem_of(network, "unpooled")).to_markdown()
    assert text.count(PLACES) == 1
    assert (f"{PLACES} The derivative with respect to" in text) == alone
    assert "The loss does not depend on" not in text


class Steps(sc.Layer):
    """1 where an entry is positive, and 0 elsewhere; its author says nothing of it."""

    def output_shape(self, shape):
        """Return the shape."""
        return shape

    def forward(self, y, x):
        """Return the bracket."""
        return (sc.define(y[y.indices], Iverson(x[y.indices] > 0)),)


def test_jumps_are_told_from_what_is_not_read():
    network = sc.Network((2,), [sc.Scale(2), Steps(), sc.Dense(1)], sc.HalfSquaredError())
    text = sc.explain(problem_of(network, "steps")).to_markdown()
    assert text.count("or does so in jumps alone: the derivative with respect to") == 2
    assert "The loss does not depend on" not in text


@pytest.mark.parametrize("weight", ["a.weight[0, 1]", "a.bias[0]"])
def test_one_of_its_weights_alone(weight):
    assert "= 0" in sc.explain(beside(), weight=weight).to_latex()
