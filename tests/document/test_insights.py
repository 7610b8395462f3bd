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


def stopped(weights=(1, 1, -1, -1), x=(1, 2)):
    """Return the problem of two neurons, ReLU, and their sum; no neuron has a bias."""
    layers = [sc.Dense(2, bias=False), sc.ReLU(), sc.Dense(1, bias=False)]
    net = sc.Network((len(x),), layers, sc.HalfSquaredError())
    values = {"x": list(x), "target": [7], "dense1.weight": list(weights)}
    return sc.Problem(net, {**values, "dense2.weight": [1, 1]})


def close(x):
    """Return the problem of two maxima of three numbers, and their weighted sum."""
    layers = [sc.MaxPool1D(3), sc.Flatten(), sc.Dense(1, bias=False)]
    net = sc.Network((6, 1), layers, sc.HalfSquaredError())
    return sc.Problem(net, {"x": list(x), "dense1.weight": [1, 2], "target": [0]})


def lost():
    """Return the problem of the largest of two numbers, to each of which a weight is added."""
    net = sc.Network((2, 1), [sc.AddParameter((2, 1)), sc.MaxPool1D(2)], sc.HalfSquaredError())
    return sc.Problem(net, {"x": [3, 1], "target": [0], "add_parameter1.bias": [0, 0]})


def apart(second=(0, 2)):
    """Return the problem of a neuron whose second input is 0 where its output is not right."""
    net = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError(), batch=2)
    values = {"x": [[1, 0], list(second)], "dense1.weight": [1, 1], "target": [[0], [2]]}
    return sc.Problem(net, values)


def unheard():
    """Return the problem of a table whose second row is read by a weight that is 0."""
    layers = [sc.Embedding(2, 1), sc.Flatten(), sc.Dense(1, bias=False)]
    net = sc.Network((2,), layers, sc.HalfSquaredError())
    values = {"x": [0, 1], "embedding1.weight": [1, 2], "dense1.weight": [1, 0], "target": [9]}
    return sc.Problem(net, values)


def penalised(weight):
    """Return the problem of a neuron with a weight that meets 0, and a penalty on weights."""
    net = sc.Network((2,), [sc.Dense(1)], sc.HalfSquaredError(l2=0.1))
    values = {"x": [1, 0], "dense1.weight": [1, weight], "dense1.bias": [0], "target": [3]}
    return sc.Problem(net, values)


def of_one_class(output=(), target=1):
    """Return the problem of a softmax over one class, whose target may be rounded."""
    loss = sc.SoftmaxCrossEntropy() if not output else sc.HalfSquaredError()
    net = sc.Network((2,), [sc.Dense(1), *output], loss)
    values = {"x": [1, 2], "dense1.weight": [1, 2], "dense1.bias": [1], "target": [target]}
    return sc.Problem(net, values)


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
        "in absolute value. The closest call is that of p₁: z₁₁ beats z₂₁ by 0.09."
    )


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (dense([3, 4]), "Both derivatives are positive: a small decrease of any weight"),
        (dense([-3, -4]), "Both derivatives are negative: a small increase of any weight"),
        (dense([2, -1]), "Both derivatives are 0: to first order, no weight changes the loss."),
        (dense([3, 4]), "most is w₂: its derivative, 22, is the larger of the two"),
        (
            dense([3, 4], x=(0, 2)),
            "w₁ is 0, because x₁, the only number that this weight multiplies, is",
        ),
        (close((0, 5, 4, 3, 1, 1)), "The closest call is that of p₁: x₂ beats x₃ by 1."),
        (close((0, 1, 0, 3, 1, 1)), "The closest call is that of p₁: x₂ beats x₁ and x₃ by 1."),
        (activated(-3), "All three derivatives are 0"),
        (dense([3, 4, 5], x=(0, 0, 1)), "w₁ and w₂ are 0, because every number that these weights"),
        (pooled([1, 2]), "w₂ is 0, because this weight acts only through entries whose error"),
        (stopped([1, 1, -1, -1]), "w₂₁ and w₂₂ are 0, because these weights act only through z₂,"),
        (stopped([1, 1, -1, -1]), "only through z₂, where relu1 has slope 0."),
        (lost(), "β₂ is 0, because this parameter acts only through y₂, which no maximum of pool1"),
        (apart(), "w₂ is 0, because this weight meets a zero of x at each of its uses where δᶻ is"),
        (unheard(), "E₂ is 0, because this weight acts only through v₂, whose error signal is 0."),
        (penalised(0), "because x₂, the only number that this parameter multiplies, is 0, and the"),
        (penalised(0), "the penalty on a parameter that is itself 0 adds nothing."),
        (
            dense(range(9), x=(0, 0, 0, 0, 0, 0, 1, 1, 1)),
            "Six of the nine derivatives are 0, because every number that these weights",
        ),
        (embedded([2, 0]), "E₂ and E₄ are 0, because no entry of x selects these weights."),
        (embedded([0]), "E₂, E₃ and E₄ are 0, because no entry of x selects these weights."),
        (
            leaky([3, -1]),
            "α₁ is 0, because no entry of x meets the condition under which this weight",
        ),
        (stopped(x=(0,) * 5 + (1,), weights=[1] * 6 + [-1] * 6), "Six of the fourteen"),
        (stopped(x=(0,) * 5 + (1,), weights=[1] * 6 + [-1] * 6), "Six more derivatives are 0, be"),
        (of_one_class(), "so no parameter changes the loss: all three derivatives are 0."),
        (of_one_class([sc.Softmax()]), "The softmax of a single number is always 1, so no param"),
        (of_one_class(target=0.9999999999999999), "all three derivatives are 0 up to rounding."),
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
        (dense([3, 4], rate=0.1), "One step"),
        (apart([0, 3]), "is 0"),
        (penalised(1), "is 0"),
        (of_one_class([sc.Sigmoid()]), "softmax"),
        (of_one_class([sc.Softmax()]), "to first order"),
        (lost(), "error signal"),
        (stopped([1, 1, -1, -1]), "more"),
        (dense([3, 4]), "closest call"),
        (close((1, 1, 0, 3, 1, 1)), "closest call"),
    ],
)
def test_it_is_not_said_elsewhere(problem, left_out):
    assert left_out not in insights(problem)
