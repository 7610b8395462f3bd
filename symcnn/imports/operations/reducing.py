"""Sums and means along axes of the source."""

from __future__ import annotations

from collections.abc import Iterable

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.placed import Placed
from symcnn.layers import ReduceMean, ReduceSum


def reduced(
    b: Builder,
    x: Placed,
    layer: type[ReduceMean] | type[ReduceSum],
    axes: Iterable[int],
    keep: bool,
) -> Placed:
    """Return a sum or a mean along some axes, which may stay with length 1."""
    x = b.plain(x)
    gone = {axis % len(x.shape) for axis in axes}
    if x.samples in gone:
        raise SymcnnError("samples are added up: reduce the other axes alone")
    along = tuple(sorted(x.position(axis) for axis in gone))
    name = b.add(layer(along[0] if len(along) == 1 else along, keepdims=keep), [x])
    if keep:
        shape = tuple(1 if axis in gone else n for axis, n in enumerate(x.shape))
        return Placed(name, shape, x.order)
    left = [axis for axis in range(len(x.shape)) if axis not in gone]
    if len(left) == 1:
        raise SymcnnError("one number per sample is left: keep an axis, keepdim = True")
    order = tuple(left.index(axis) for axis in x.order if axis not in gone)
    return Placed(name, tuple(x.shape[axis] for axis in left), order)
