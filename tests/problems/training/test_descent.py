"""Gradient descent: published losses, steps worked by hand, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn import limits

MAZUR = Path(__file__).parents[3] / "derivations" / "mazur-2015" / "problem.toml"


def line(weight=1.0, **options):
    """One weight w, one input 2, the target 8: L = (8 - 2 w)^2 / 2, dL/dw = -2 (8 - 2 w)."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    return sc.Problem(network, {"x": [2], "dense1.weight": [weight], "target": [8]}, **options)


def square():
    """Two inputs, two outputs, y = x; classes are told by the larger one."""
    network = sc.Network((2,), [sc.Dense(2, bias=False)], sc.HalfSquaredError())
    return sc.Problem(network, {"x": [0, 0], "dense1.weight": [1, 0, 0, 1], "target": [0, 0]})


def test_the_losses_of_the_seed():
    losses = sc.train(sc.examples.cnn_by_hand(), steps=1).losses
    assert losses == pytest.approx([0.03043124508096392, 0.0291863365526728], abs=1e-15)


def test_the_published_losses_of_mazur_come_out():
    """The article moves the weights alone; its loss "after 10,000 steps" is that after 9,999."""
    problem = sc.load(MAZUR)
    program = sc.lambdify(problem.derivation)
    values = {n: np.array(row, dtype=float) for n, row in problem.values.items()}
    losses = []
    for _ in range(10_001):
        made = program(values)
        losses.append(float(made.loss))
        for name in ("dense1.weight", "dense2.weight"):
            values[name] = values[name] - 0.5 * made.gradients[name].ravel()
    assert losses[0] == pytest.approx(0.298371109, abs=6e-9)
    assert losses[1] == pytest.approx(0.291027924, abs=2e-7)
    assert losses[9_999] == pytest.approx(3.51085e-05, abs=6e-11)
    assert losses[10_000] == pytest.approx(3.510187782978859e-05, abs=1e-15)


def test_a_network_without_parameters_cannot_be_trained():
    network = sc.Network((1,), [sc.ReLU()], sc.HalfSquaredError())
    with pytest.raises(sc.SymcnnError, match="there is nothing to train"):
        sc.train(sc.Problem(network, {"x": [2], "target": [8]}), 1, 0.1)


def test_two_steps_by_hand():
    """w: 1, 1 + 0.125 * 12 = 2.5, 2.5 + 0.125 * 6 = 3.25."""
    made = sc.train(line(), steps=2, rate=0.125)
    assert made.losses == (18.0, 4.5, 1.125)
    assert made.weights["dense1.weight"].tolist() == [[3.25]]
    assert made.steps == 2
    assert repr(made) == "<Training: loss 18 -> 1.125, 2 steps>"


def test_what_begins_stays_as_it_was():
    problem = line(learning_rate=0.5)
    made = sc.train(problem, steps=1, rate=0.125)
    assert problem.values["dense1.weight"] == (1,)
    assert problem.learning_rate == Rational(1, 2)
    assert made.problem.values == {"x": (2,), "dense1.weight": (Rational(5, 2),), "target": (8,)}
    assert made.problem.learning_rate == Rational(1, 8)


def test_what_a_source_printed_is_of_the_weights_to_begin_with():
    problem = sc.load(MAZUR)
    assert problem.reconciliation is not None
    assert sc.train(problem, steps=1).problem.reconciliation is None


def test_single_precision():
    made = sc.train(line(), steps=2, rate=0.125, dtype="float32")
    assert made.weights["dense1.weight"].dtype == np.float32
    assert made.losses == (18.0, 4.5, 1.125)


def test_every_loss_is_told():
    heard = []
    sc.train(line(), steps=2, rate=0.125, callback=lambda step, loss: heard.append((step, loss)))
    assert heard == [(0, 18.0), (1, 4.5), (2, 1.125)]


def test_a_batch_of_samples_has_the_mean_of_their_losses():
    """Samples (1, 0) -> (0, 0) and (0, 2) -> (0, 0): (1/2 + 4/2) / 2; w_11 moves by -1/2."""
    data = {"x": [[1, 0], [0, 2]], "target": [[0, 0], [0, 0]]}
    made = sc.train(square(), steps=1, rate=0.5, data=data, batch=2)
    assert made.losses == (1.25, pytest.approx((0.75**2 / 2 + 0) / 2))
    assert made.weights["dense1.weight"] == pytest.approx(np.array([[0.75, 0], [0, 0]]))


REFUSED = {
    "no rate": ({}, "no learning rate"),
    "a rate below 0": ({"rate": -1}, "the learning rate is -1"),
    "no number": ({"rate": float("nan")}, "a finite number is needed"),
    "no steps": ({"rate": 1, "steps": 0}, "steps = 0"),
    "a batch of nothing": ({"rate": 1, "batch": 2}, "batch = 2 applies only to data"),
    "another type": ({"rate": 1, "dtype": "float16"}, "'float16' is unknown"),
    "too long a step": (
        {"rate": 1e200, "steps": 9},
        "after 1 step: loss is 2.88e[+]402, beyond",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(case):
    options, message = REFUSED[case]
    with pytest.raises(sc.SymcnnError, match=message):
        sc.train(line(), **options)


@pytest.mark.parametrize(
    ("dtype", "x", "reach"), [("float64", 1e104, "1e308"), ("float32", 1e13, "float32")]
)
def test_a_variance_that_a_step_cannot_go_through_is_told(dtype, x, reach, monkeypatch):
    """In arrays 1/V^(3/2) is 0, and the derivatives by the first weights are wrong and finite."""
    monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)
    layers = [sc.Dense(1, bias=False), sc.BatchNorm(affine=False)]
    network = sc.Network((1,), layers, sc.HalfSquaredError(), batch=3)
    values = {"x": [x, -2 * x, 3 * x], "dense1.weight": [1], "target": [1, 2, 3]}
    with pytest.raises(
        sc.SymcnnError, match=rf"^batch_norm1.variance\[0\] is 4\.2\S*, whose power .*{reach}"
    ):
        sc.train(sc.Problem(network, values), 1, 0.1, dtype=dtype)
