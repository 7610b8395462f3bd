"""What documents say of their numbers: each sentence where it is true, and nowhere else."""

import re

import pytest

import symcnn as sc
from tests.document.shared import SEED, problem_named


def insights(problem):
    pytest.importorskip("rich", reason="needs rich")
    text = re.sub(r"\s+", " ", sc.explain(problem, sections=["insights"]).to_text())
    return text.rpartition("═")[2].strip()


def dense(weights, x=(1, 2), target=0, rate=None):
    """Return the problem of one neuron w x without a bias, half squared error."""
    net = sc.Network((len(x),), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": list(x), "dense1.weight": list(weights), "target": [target]}
    return sc.Problem(net, values, learning_rate=rate)


def activated(bias, after="relu"):
    """Return the problem of x -> w x + b -> ReLU -> v a, half squared error."""
    net = sc.Network((1,), [sc.Dense(1), sc.ReLU(), sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1], "dense1.weight": [1], "dense1.bias": [bias], "dense2.weight": [2]}
    return sc.Problem(net, {**values, "target": [7]})


def pooled(w, x=(1, 2, 3)):
    """Return the problem of a convolution of one number, a maximum, and its sum."""
    layers = [sc.Conv1D(2, 1, bias=False), sc.MaxPool1D(3), sc.Flatten(), sc.Dense(1, bias=False)]
    net = sc.Network((3, 1), layers, sc.HalfSquaredError())
    return sc.Problem(
        net, {"x": list(x), "conv1.weight": list(w), "dense1.weight": [1, 0], "target": [9]}
    )


def embedded(x):
    """Return the problem of the sum of rows of a table, half squared error."""
    net = sc.Network(
        (len(x),), [sc.Embedding(4, 1), sc.ReduceSum(), sc.Scale(1)], sc.HalfSquaredError()
    )
    values = {"x": list(x), "embedding1.weight": [1, 2, 3, 5], "target": [9]}
    return sc.Problem(net, values)


def leaky(x):
    """Return the problem of a learned slope for each of two channels."""
    net = sc.Network((1, 2), [sc.PReLU(), sc.ReduceSum()], sc.HalfSquaredError())
    return sc.Problem(net, {"x": list(x), "prelu1.weight": [0.5, 0.25], "target": [9]})


def test_the_seed():
    assert insights(problem_named(SEED)) == (
        "All nine derivatives are negative: a small increase of any weight lowers the loss. The "
        "weight that matters most is w₁₂: its derivative, ≈ -0.03049, is the largest of all nine "
        "in absolute value. The closest call is that of p₁: z₁₁ beats z₂₁ by 0.09. One "
        "step of gradient descent lowers the loss from ≈ 0.03043 to ≈ 0.02919."
    )


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (dense([3, 4]), "Both derivatives are positive: a small decrease of any weight"),
        (dense([-3, -4]), "Both derivatives are negative: a small increase of any weight"),
        (dense([2, -1]), "Both derivatives are 0: to first order, no weight changes the loss."),
        (dense([3, 4]), "most is w₂: its derivative, 22, is the larger of the two"),
        (dense([3, 4], x=(0, 2)), "w₁ is 0, because x₁, all that this weight is multiplied by, is"),
        (activated(-3), "All three derivatives are 0"),
        (pooled([1, 2]), "w₂ is 0, because the error signals of all entries to which this weight"),
        (embedded([2, 0]), "E₂ and E₄ are 0, because no entry of x selects these weights."),
        (embedded([0]), "E₂, E₃ and E₄ are 0, because no entry of x selects these weights."),
        (leaky([3, -1]), "α₁ is 0, because a bracket is 0 in every term of its sum."),
        (dense([3, 4], rate=1), "raises the loss from 60.5 to 968"),
        (dense([3, 4], rate=0.1), "lowers the loss from 60.5 to 15.125"),
    ],
)
def test_it_is_said_where_it_is_true(problem, said):
    assert said in insights(problem)


@pytest.mark.parametrize(
    ("problem", "left_out"),
    [
        (dense([3, 4], x=(1, -2)), "Both derivatives"),
        (dense([3, 4], x=(2, 2)), "matters most"),
        (dense([3, 4], x=(2, -2)), "matters most"),
        (dense([3, 4]), "0, because"),
        (dense([3, 4], x=(0, 2)), "selects"),
        (dense([3, 4], x=(0, 2)), "bracket"),
        (leaky([-3, -1]), "bracket"),
        (dense([3, 4]), "One step"),
        (dense([3, 4]), "closest call"),
    ],
)
def test_it_is_not_said_elsewhere(problem, left_out):
    assert left_out not in insights(problem)
