"""Linear maps along axes: by stated weights, cumulative sums, and the triangles of matrices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import applied
from symcnn.imports.operations.moving import gathered
from symcnn.imports.placed import Placed, with_length
from symcnn.network.layers import CumSum, Einsum

Weights = Callable[[int], Array]
"""Returns for an axis of the source the weights (entries of the result, entries of the tensor)."""


def mixed(b: Builder, x: Placed, weights: Weights, first: int = 2) -> Placed:
    """Return a tensor whose axes from the first one on are mapped, one after the other."""
    for axis in range(first, len(x.shape)):
        x = _mixed(b, x, axis, weights(axis))
    return x


def _mixed(b: Builder, x: Placed, axis: int, weights: Array) -> Placed:
    chosen = weights.argmax(axis=1)
    if np.array_equal(weights, np.eye(weights.shape[1])[chosen]):
        return gathered(b, x, axis, chosen)
    if not np.isfinite(weights).all():
        raise SymcnnError("weights are not finite: choose another size")
    x = b.plain(x)
    letters = "".join("abcdefg"[a] for a in x.order[1:])
    own = "abcdefg"[axis]
    equation = f"{letters},z{own}->{letters.replace(own, 'z')}"
    layer = Einsum(equation, factor_shape=weights.shape)
    name = b.add(layer, [x], {"factor": Constant(weights)})
    return replace(x, layer=name, shape=with_length(x.shape, axis, len(weights)))


def cumulated(
    b: Builder, x: Placed, axis: int, *, exclusive: bool = False, reverse: bool = False
) -> Placed:
    """Return sums up to each place along an axis of the source."""
    x = b.plain(x)
    own = x.axis(axis)
    if own == x.samples:
        raise SymcnnError("samples are added up: sum along the other axes alone")
    return replace(x, layer=b.add(CumSum(x.position(own), exclusive, reverse), [x]))


def triangle(b: Builder, x: Placed, kept: Callable[..., Array], diagonal: int) -> Placed:
    """Return matrices with zeros outside of a triangle: they are multiplied by ones and zeros."""
    x = b.plain(x)
    rows, columns = x.axis(-2), x.axis(-1)
    if x.samples in (rows, columns):
        raise SymcnnError("samples are rows or columns of a matrix: put them in front")
    mask = kept(np.ones((x.shape[rows], x.shape[columns])), diagonal)
    own = "".join("abcdefgh"[axis] for axis in x.order[1:])
    named = "abcdefgh"[rows] + "abcdefgh"[columns]
    layer = Einsum(f"{own},{named}->{own}", factor_shape=mask.shape)
    return applied(b, x, layer, {"factor": Constant(mask)})
