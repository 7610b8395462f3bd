"""Axes with one entry: a table of one row, and windows whose terms are all the same entry."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import symcnn as sc
from symcnn import define, index

U = index("u")


@pytest.mark.parametrize("backend", ["scalar", "array", "jax"])
def test_a_table_of_one_row(backend):
    if backend == "jax":
        pytest.importorskip("jax")
    network = sc.Network((3,), [sc.Embedding(1, 2)], sc.HalfSquaredError())
    values = {"x": [0, 0, 0], "embedding1.weight": [[2, 3]], "target": [1, 0, 0, 0, 0, 1]}
    made = sc.lambdify(sc.derive(network), backend)(values)
    assert float(made.loss) == 1 / 2 + 4 / 2 + 4 / 2 + 9 / 2 + 9 / 2 + 4 / 2
    # the sum over the rows of y - t: (1 + 2 + 2, 3 + 3 + 2)
    assert made.gradients["embedding1.weight"].tolist() == [[5, 8]]


@dataclass(frozen=True)
class SameEntry(sc.Layer):
    """y[i] = max over u of a x[0]: three terms that are one."""

    ties: str = "first"

    def output_shape(self, shape):
        return (4,)

    def parameters(self, shape):
        return {"gain": sc.Parameter((1,), "a", "o")}

    def forward(self, y, x, gain):
        (i,) = y.indices
        return define(y[i], x[0] * gain[0], over={U: 3}, reduction=sc.Max(self.ties))


@dataclass(frozen=True)
class Odd(sc.Layer):
    """y[i] = x[2 i + 1], so that the loss does not depend on the others."""

    def output_shape(self, shape):
        return (shape[0] // 2,)

    def forward(self, y, x):
        (i,) = y.indices
        return define(y[i], x[2 * i + 1])


@pytest.mark.parametrize("ties", ["first", "split"])
@pytest.mark.parametrize("backend", ["scalar", "array"])
def test_a_maximum_of_one_entry_several_times(backend, ties):
    network = sc.Network((1,), [SameEntry(ties), Odd()], sc.HalfSquaredError())
    values = {"x": [2], "layer1.gain": [3], "target": [1, 2]}
    gradients = sc.lambdify(sc.derive(network), backend)(values).gradients
    # y = 6 twice, so dL/dy = (5, 4); dL/dx = 3 (5 + 4), dL/da = 2 (5 + 4)
    assert gradients["x"].tolist() == [27]
    assert gradients["layer1.gain"].tolist() == [18]
    assert gradients["layer1"].tolist() == [0, 5, 0, 4]
