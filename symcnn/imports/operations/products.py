"""Dense layers: weighted sums of the entries along the last axis of the source."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.norms import with_last_axes
from symcnn.imports.placed import Placed, with_length
from symcnn.network.layers import Conv1D, Conv2D, Conv3D, Dense, Reshape

_CONVOLUTIONS = (Conv1D, Conv2D, Conv3D)


def dense(b: Builder, x: Placed, weight: Constant, bias: Constant | None) -> Placed:
    """Return weighted sums along the last axis: W x + b, with W of the shape (units, inputs).

    Behind an image that was flattened in another order, the columns of W move with the entries.
    With more axes, each of their positions is a window of a convolution.
    """
    units, *_ = weight.array.shape
    if len(x.shape) != 2:
        return _at_each_position(b, with_last_axes(b, x, [-1]), weight, bias)
    if x.folded is not None:
        columns = x.folded.columns()
        weight = weight.moved(lambda array: array[:, columns])
    layer = Dense(units, bias=bias is not None)
    name = b.add(layer, [x], {"weight": weight, "bias": bias})
    return replace(x, layer=name, shape=with_length(x.shape, x.axis(-1), units), folded=None)


def _at_each_position(b: Builder, x: Placed, weight: Constant, bias: Constant | None) -> Placed:
    """Return a convolution whose windows are single positions; of many axes they are one."""
    *positions, inputs = x.own_shape
    units, many = weight.array.shape[0], len(positions) > len(_CONVOLUTIONS)
    if many:
        x = replace(x, layer=b.add(Reshape((prod(positions), inputs)), [x], part="rows"))
    axes = 1 if many else len(positions)
    kernel = weight.moved(lambda array: array.T.reshape(*(1,) * axes, *array.T.shape))
    layer: Any = _CONVOLUTIONS[axes - 1](units, 1, bias=bias is not None)
    name = b.add(layer, [x], {"weight": kernel, "bias": bias})
    made = replace(x, layer=name, shape=with_length(x.shape, x.axis(-1), units))
    if not many:
        return made
    return replace(made, layer=b.add(Reshape((*positions, units)), [made], part="positions"))
