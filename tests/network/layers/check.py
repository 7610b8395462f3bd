"""One layer with a half squared error behind it, against its reference."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import numpy as np

from symcnn import HalfSquaredError, Network, derive
from tests.supplied import supplied

DIGITS = 50


def network(example, batch=None):
    return Network(example.input_shape, example.layers, HalfSquaredError(), batch)


def random_values(net, seed):
    """Return a random fraction for every given entry; they are all different."""
    drawn = random.Random(seed)
    given = [t for t in net.tensors.values() if t.role in ("input", "parameter", "target")]
    pool = iter(drawn.sample(range(-999, 1000), sum(t.size for t in given)))
    values = {t.name: array(t.shape, lambda: Fraction(next(pool), 499)) for t in given}
    others = supplied(net, np.random.default_rng(seed))
    return values | {name: as_fractions(numbers) for name, numbers in others.items()}


def as_fractions(numbers):
    return np.vectorize(lambda v: Fraction(float(v)), otypes=[object])(numbers)


def array(shape, make):
    return np.array([make() for _ in np.ndindex(shape)], dtype=object).reshape(shape)


def forward(example, values):
    learned = {name.split(".")[1]: v for name, v in values.items() if "." in name}
    return example.reference(example.layer, values["x"], **learned)


def loss(example, values):
    return sum(((values["target"] - forward(example, values)) ** 2).ravel()) / 2


def slope(loss, values, name, position):
    """Return dL/d name[position] by a central difference in 80 digits: good to 30."""
    h = mpmath.mpf(10) ** -25
    moved = []
    for step in (h, -h):
        there = {key: to_mpmath(v) for key, v in values.items()}
        there[name][position] += step
        moved.append(loss(there))
    return (moved[0] - moved[1]) / (2 * h)


def to_mpmath(values):
    return np.vectorize(lambda v: mpmath.mpf(v.numerator) / v.denominator, otypes=[object])(values)


def assert_forward(example, seed=0):
    """The layer's output is the reference's: exactly, where it is rational."""
    net = network(example)
    values = random_values(net, seed)
    point = derive(net).at(as_given(values), DIGITS)
    with mpmath.workdps(80):
        want = forward(example, values)
    assert want.shape == net.output.shape
    for position in net.output.positions():
        assert_equal(point.value(net.output.symbol(position)), want[position])


def assert_derivatives(example, seed=1):
    """dL/d(input and every parameter) is what differences of the reference say."""
    net = network(example)
    assert_gradients(net, random_values(net, seed), lambda values: loss(example, values))


def assert_gradients(net, values, loss):
    """All gradients of a network are differences of ``loss``, and its value is the network's.

    ``loss`` is an independent function of the numbers, mpmath arrays by name.
    """
    derivation = derive(net)
    point = derivation.at(as_given(values), DIGITS)
    with mpmath.workdps(80):
        value = point.value(net.loss_tensor.symbol((0,)))
        there = {name: to_mpmath(v) for name, v in values.items()}
        assert abs(number(value) - loss(there)) < mpmath.mpf(10) ** -45
        moving = [t for t in (net.input, *net.parameters) if t.name in derivation.adjoints]
        for tensor in moving:
            for position in tensor.positions():
                got = point.value(derivation.adjoints[tensor.name].symbol(position))
                want = slope(loss, values, tensor.name, position)
                assert abs(number(got) - want) < mpmath.mpf(10) ** -30, (tensor.name, position)


def as_given(values):
    return {name: v.tolist() for name, v in values.items()}


def assert_equal(got, want):
    if isinstance(want, Fraction):
        assert Fraction(got.p, got.q) == want
    else:
        with mpmath.workdps(80):
            assert abs(number(got) - want) < mpmath.mpf(10) ** -48


def number(value):
    if value.is_Rational:
        return mpmath.mpf(value.p) / value.q
    return mpmath.mpf(str(value))
