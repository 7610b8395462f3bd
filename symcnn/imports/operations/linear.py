"""Cumulative sums, and the triangles of matrices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import applied
from symcnn.imports.placed import Placed
from symcnn.network.layers import CumSum, Einsum


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
