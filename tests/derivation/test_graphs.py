"""Networks that are graphs, against plain functions of their numbers and differences."""

import sys
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from symcnn import (
    Add,
    Concatenate,
    Conv1D,
    Dense,
    Flatten,
    HalfSquaredError,
    Network,
    Sigmoid,
    SquaredError,
    SumOfOutputs,
    Tanh,
    derive,
)
from tests.network.layers.check import assert_gradients, random_values

tanh = np.vectorize(mpmath.tanh, otypes=[object])
sigmoid = np.vectorize(lambda z: 1 / (1 + mpmath.exp(-z)), otypes=[object])


def half_squared_error(y, values):
    return sum((values["target"] - y) ** 2) / 2


def check(layers, output, shape=(3,)):
    """Compare a network with an independent function from its numbers to its output."""
    net = Network(shape, layers, HalfSquaredError())
    values = random_values(net, seed=3)
    assert_gradients(net, values, lambda v: half_squared_error(output(v), v))


def test_a_residual_connection():
    layers = [Dense(3), Tanh(), Dense(3, bias=False), Add(inputs=("dense2", "x")), Dense(2)]

    def output(v):
        hidden = tanh(v["dense1.weight"] @ v["x"] + v["dense1.bias"])
        around = v["dense2.weight"] @ hidden + v["x"]
        return v["dense3.weight"] @ around + v["dense3.bias"]

    check(layers, output)


def test_two_heads_on_one_body():
    layers = [
        Dense(2, bias=False, name="body"),
        Sigmoid(name="left", inputs=("body",)),
        Dense(2, name="right", inputs=("body",)),
        Concatenate(inputs=("left", "right", "body")),
    ]

    def output(v):
        body = v["body.weight"] @ v["x"]
        right = v["right.weight"] @ body + v["right.bias"]
        return np.concatenate([sigmoid(body), right, body])

    check(layers, output)


def test_a_value_used_twice():
    layers = [Dense(2, bias=False), Tanh(), Add(inputs=("tanh1", "dense1", "tanh1"))]

    def output(v):
        z = v["dense1.weight"] @ v["x"]
        return 2 * tanh(z) + z

    check(layers, output)


def test_shared_weights():
    layers = [
        Dense(3),
        Tanh(),
        Dense(3, weight_from="dense1"),
        Dense(3, weight_from="dense1", name="last"),
    ]

    def output(v):
        w, b = v["dense1.weight"], v["dense1.bias"]
        return w @ (w @ tanh(w @ v["x"] + b) + b) + b

    check(layers, output)


def test_a_kernel_shared_by_both_branches():
    layers = [
        Conv1D(1, 2, padding="same", name="once"),
        Conv1D(1, 2, padding="same", name="twice", weight_from="once"),
        Add(inputs=("once", "twice")),
        Flatten(),
    ]

    def convolve(v, x):
        w = v["once.weight"][:, 0, 0]
        return [w[0] * a + w[1] * b for a, b in pairwise([*x, 0])]

    def output(v):
        once = [z + v["once.bias"][0] for z in convolve(v, v["x"][:, 0])]
        twice = [z + v["once.bias"][0] for z in convolve(v, once)]
        return np.array(once, dtype=object) + np.array(twice, dtype=object)

    check(layers, output, shape=(4, 1))


def test_shared_weights_in_a_batch():
    layers = [Dense(2), Tanh(), Dense(2, weight_from="dense1")]
    net = Network((2,), layers, SquaredError(), batch=3)

    def loss(v):
        w, b = v["dense1.weight"], v["dense1.bias"]
        outputs = [w @ tanh(w @ x + b) + b for x in v["x"]]
        errors = [sum((t - y) ** 2) for t, y in zip(v["target"], outputs, strict=True)]
        return sum(errors) / 3

    assert_gradients(net, random_values(net, seed=4), loss)


def test_shared_weights_sum_over_both_uses():
    d = derive(Network((2,), [Dense(2), Dense(2, weight_from="dense1")], HalfSquaredError()))
    assert str(d.partial("dense1.weight")) == "delta^z(2)[m]*z[q] + delta^z[m]*x[q]"
    assert [t.name for t in d.network.parameters] == ["dense1.weight", "dense1.bias"]


def test_a_value_used_twice_collects_both_adjoints():
    net = Network((2,), [Tanh(), Add(inputs=("tanh1", "x"))], HalfSquaredError())
    d = derive(net)
    (q,) = d.indices("x")
    a, delta, through = (
        t[q] for t in (net.tensors["tanh1"], *map(d.adjoints.get, ("add1", "tanh1")))
    )
    assert d.partial("x") == delta + (1 - a**2) * through


@pytest.mark.parametrize("batch", [None, 2])
def test_what_the_loss_does_not_read_has_no_gradient(batch):
    layers = [Dense(1), Dense(1, inputs=("x",))]
    d = derive(Network((2,), layers, HalfSquaredError(), batch))
    assert d.partial("dense1.weight") == d.partial("dense1.bias") == 0
    assert d.partial("dense2.weight") != 0


def test_a_network_is_deeper_than_the_stack_of_python():
    """The chain x -> 2x -> ... of 200 layers: the loss is 2^200 x, its derivative 2^200."""
    derivation = derive(Network((1,), [Dense(1, bias=False)] * 200, SumOfOutputs()))
    values = {f"dense{n}.weight": [2] for n in range(1, 201)} | {"x": [3]}
    point, usual = derivation.at(values), sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    try:
        loss = point.value(derivation.symbol("loss", (0,)))
        slope = point.value(derivation.adjoints["x"].symbol((0,)))
    finally:
        sys.setrecursionlimit(usual)
    assert (loss, slope) == (3 * 2**200, 2**200)
