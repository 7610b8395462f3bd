"""Sums and means along axes of the source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import prod

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.placed import Placed
from symcnn.network.layers import LPPool2D, ReduceMean, ReduceSum, Reshape


def reduced(
    b: Builder,
    x: Placed,
    layer: type[ReduceMean] | type[ReduceSum],
    axes: Iterable[int],
    keep: bool,
) -> Placed:
    """Return a sum or a mean along some axes, which may stay with length 1."""
    x = b.plain(x)
    gone = _gone(x, axes)
    along = tuple(sorted(x.position(axis) for axis in gone))
    name = b.add(layer(along[0] if len(along) == 1 else along, keepdims=keep), [x])
    return replace(_left(x, gone, keep), layer=name)


def norm(b: Builder, x: Placed, power: float, axes: Iterable[int], keep: bool) -> Placed:
    """Return the p-norm of the entries along some axes, as a pool with a window of all of them."""
    if power not in (1, 2, 3, 4):
        raise SymcnnError(f"a norm of order {power} is not supported: use 1 or 2")
    x = b.plain(x)
    gone = _gone(x, axes)
    left = [axis for axis in x.order[1:] if axis not in gone]
    x = b.ordered(x, (x.samples, *left, *(axis for axis in x.order if axis in gone)))
    counts = [prod(x.shape[axis] for axis in along) for along in (left, gone)]
    pooled = replace(x, layer=b.add(Reshape((*counts, 1)), [x], part="rows"))
    name = b.add(LPPool2D((1, counts[1]), norm=int(power)), [pooled])
    made = replace(_left(x, gone, keep), layer=name)
    return replace(made, layer=b.add(Reshape(made.own_shape), [made], part="norms"))


def _gone(x: Placed, axes: Iterable[int]) -> set[int]:
    gone = {x.axis(axis) for axis in axes}
    if x.samples in gone:
        raise SymcnnError("samples are added up: reduce the other axes alone")
    return gone


def _left(x: Placed, gone: set[int], keep: bool) -> Placed:
    """Return a tensor with the axes that a reduction leaves."""
    if keep:
        return replace(x, shape=tuple(1 if a in gone else n for a, n in enumerate(x.shape)))
    left = [axis for axis in range(len(x.shape)) if axis not in gone]
    if len(left) == 1:
        raise SymcnnError("one number per sample is left: keep an axis, keepdim = True")
    order = tuple(left.index(axis) for axis in x.order if axis not in gone)
    return replace(x, shape=tuple(x.shape[axis] for axis in left), order=order)
