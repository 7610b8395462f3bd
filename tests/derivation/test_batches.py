from fractions import Fraction

import pytest
from sympy import Rational

from symcnn import Conv2D, Dense, Flatten, HalfSquaredError, MaxPool2D, Network, Sigmoid, derive
from tests.derivation.seed import VALUES

SAMPLES = [[1, 0.4, 0.7], [0.3, -0.5, 0.2], [-1, 2, 0.25]]
FLAT = [number for sample in SAMPLES for number in sample]
TARGETS = [0.8, 0.1, -0.6]


def network(reduction, batch):
    layers = [
        Conv2D(3, (2, 1), bias=False),
        MaxPool2D((2, 1), stride=1),
        Flatten(),
        Dense(1, bias=False),
        Sigmoid(),
    ]
    return Network((3, 1, 1), layers, HalfSquaredError(reduction), batch)


def at(net, samples, targets):
    derivation = derive(net)
    return derivation, derivation.at({**VALUES, "x": samples, "target": targets})


@pytest.mark.parametrize(("reduction", "share"), [("mean", Rational(1, 3)), ("sum", 1)])
def test_a_parameters_gradient_is_the_mean_or_the_sum_over_the_samples(reduction, share):
    batch, of_batch = at(network(reduction, 3), FLAT, TARGETS)
    singles = [at(network("mean", None), x, [t]) for x, t in zip(SAMPLES, TARGETS, strict=True)]
    for name in ("conv1.weight", "dense1.weight"):
        adjoint = batch.adjoints[name]
        for position in adjoint.positions():
            each = [p.value(d.adjoints[name].symbol(position)) for d, p in singles]
            assert abs(of_batch.value(adjoint.symbol(position)) - share * sum(each)) < 1e-48


@pytest.mark.parametrize(("reduction", "share"), [("mean", Rational(1, 3)), ("sum", 1)])
def test_the_loss_and_the_inputs_gradient(reduction, share):
    batch, of_batch = at(network(reduction, 3), FLAT, TARGETS)
    losses = []
    for n, (x, t) in enumerate(zip(SAMPLES, TARGETS, strict=True)):
        single, of_one = at(network("mean", None), x, [t])
        losses.append(of_one.value(single.network.loss_tensor.symbol((0,))))
        for r in range(3):
            one = of_one.value(single.adjoints["x"].symbol((r, 0, 0)))
            there = of_batch.value(batch.adjoints["x"].symbol((n, r, 0, 0)))
            assert abs(there - share * one) < 1e-48
    total = of_batch.value(batch.network.loss_tensor.symbol((0,)))
    assert abs(total - share * sum(losses)) < 1e-48


def test_a_batch_of_one_is_the_sample():
    _, of_batch = at(network("mean", 1), SAMPLES[0], TARGETS[:1])
    batch = derive(network("mean", 1))
    value = of_batch.value(batch.adjoints["conv1.weight"].symbol((0, 0, 0, 0)))
    assert float(value) == pytest.approx(-0.00609750393, abs=1e-11)


def test_general_forms_sum_over_the_samples():
    derivation = derive(Network((2,), [Dense(1)], HalfSquaredError(), batch=4))
    assert str(derivation.partial("dense1.weight")) == "Sum(delta^z[n, 0]*x[n, q], (n, 0, 3))"
    assert str(derivation.partial("dense1.bias")) == "Sum(delta^z[n, 0], (n, 0, 3))"


def test_a_linear_batch_is_exact():
    """dL/dw of y = w x over samples: mean of (w x - t) x, in fractions."""
    net = Network((1,), [Dense(1, bias=False)], HalfSquaredError(), batch=3)
    xs, ts, w = [2, 3, -1], [Fraction(1, 3), 1, Fraction(-5, 7)], Fraction(3, 4)
    point = derive(net).at({"x": xs, "target": ts, "dense1.weight": [w]})
    want = sum((w * x - t) * x for x, t in zip(xs, ts, strict=True)) / 3
    got = point.value(derive(net).adjoints["dense1.weight"].symbol((0, 0)))
    assert got == Rational(want.numerator, want.denominator)
