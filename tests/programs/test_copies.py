"""Quotients and products of tensors with the same entries as others, in other places."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import symcnn as sc
from tests.draws import some

MOVES = {
    "transposed": (sc.Transpose((1, 0)), (2, 3)),
    "reshaped": (sc.Reshape((3, 2)), (3, 1, 2)),
    "padded": (sc.Pad(((0, 0), (0, 0))), (3, 2)),
    "cropped": (sc.Slice(0, 0, 3), (3, 2)),
}
"""Ways to an array of 3x2, each with the shape of the six entries that it begins with."""


@pytest.mark.parametrize(
    ("join", "first", "second"), some(product(["divide", "multiply"], MOVES, MOVES), every=7)
)
def test_two_tensors_whose_entries_are_moved(join, first, second):
    (one, shape), (other, shape_of_other) = MOVES[first], MOVES[second]
    layers = [
        sc.Sigmoid(name="u"),
        sc.Reshape(shape, name="m"),
        replace(one, name="a"),
        sc.Sigmoid(name="v", inputs=("x",)),
        sc.Reshape(shape_of_other, name="n"),
        replace(other, name="b"),
        {"divide": sc.Divide, "multiply": sc.Multiply}[join](inputs=("a", "b")),
    ]
    x = np.random.default_rng(0).normal(size=6)
    made = sc.lambdify(sc.derive(sc.Network((6,), layers, sc.SumOfOutputs())))({"x": x})
    at = [np.arange(6).reshape(2, 3).T.ravel() if "tr" in n else np.arange(6) for n in MOVES]
    p, q = (dict(zip(MOVES, at, strict=True))[name] for name in (first, second))
    s = 1 / (1 + np.exp(-x))
    slope, expected = s * (1 - s), np.zeros(6)
    power = -1 if join == "divide" else 1
    assert made.loss == pytest.approx(np.sum(s[p] * s[q] ** power), rel=1e-12)
    np.add.at(expected, p, slope[p] * s[q] ** power)
    np.add.at(expected, q, s[p] * power * s[q] ** (power - 1) * slope[q])
    assert made.gradients["x"] == pytest.approx(expected, rel=1e-12)
