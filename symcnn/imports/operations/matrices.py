"""Dense layers: weighted sums along the last axis; products of matrices, and attention."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import Operand, applied, softmax, summed
from symcnn.imports.operations.norms import with_last_axes
from symcnn.imports.operations.reshaping import together
from symcnn.imports.placed import Order, Placed, with_length
from symcnn.network import layers


def product(b: Builder, x: Placed, y: Placed) -> Placed:
    """Return the product of two tensors, matrices along their last two axes."""
    if len(x.stated) != len(y.stated) or len(x.stated) < 3:
        raise SymcnnError("tensors of other ranks are multiplied: reshape them to the same rank")
    x, y = together(b, [x, y])
    (x, turned_x), (y, turned_y) = _matrix(b, x), _matrix(b, y)
    name = b.add(layers.MatMul(transpose_a=turned_x, transpose_b=turned_y), [x, y])
    before = (max(n, m) for n, m in zip(x.shape[:-2], y.shape[:-2], strict=True))
    shape = (*before, x.shape[-2], y.shape[-1])
    return replace(x, layer=name, shape=shape, order=_rows_and_columns(x))


def product_with(b: Builder, x: Placed, weight: Constant) -> Placed:
    """Return a tensor times a constant matrix on its right."""
    if weight.array.ndim != 2:
        raise SymcnnError("a tensor is multiplied by several constant matrices: use a dense layer")
    return dense(b, x, weight.moved(lambda array: array.T), None)


def product_of(b: Builder, weight: Constant, x: Placed) -> Placed:
    """Return a constant matrix times a tensor on its right: its columns are multiplied."""
    x, rank = b.plain(x), len(x.stated)
    axes = (*range(rank - 2), rank - 1, rank - 2)
    if weight.array.ndim != 2 or rank < 3:
        raise SymcnnError("a constant is multiplied by samples: put the samples in front")
    return b.plain(dense(b, x.permuted(axes), weight, None)).permuted(axes)


def _matrix(b: Builder, x: Placed) -> tuple[Placed, bool]:
    """Return a tensor with the source's order of axes, or that with the last two exchanged."""
    usual = _rows_and_columns(x)
    if x.order == (*usual[:-2], usual[-1], usual[-2]):
        return x, True
    return b.ordered(x, usual), False


def _rows_and_columns(x: Placed) -> Order:
    """Return the order of axes with the samples first, and the rows and columns last.

    Raises:
        SymcnnError: If the samples are one of these.
    """
    rows, columns = x.axis(-2), x.axis(-1)
    if x.samples in (rows, columns):
        raise SymcnnError("samples are rows or columns of a matrix: put them in front")
    return (x.samples, *(axis for axis in range(len(x.shape)) if axis != x.samples))


def attention(
    b: Builder, query: Placed, key: Placed, value: Placed, *, causal: bool, scale: Any
) -> Placed:
    """Return scaled dot-product attention; axes before the last two are separate attentions."""
    query, key, value = together(b, [query, key, value])
    order = _rows_and_columns(query)
    read = [b.ordered(x, order) for x in (query, key, value)]
    name = b.add(layers.Attention(causal=causal, scale=scale), read)
    return replace(query, layer=name, shape=(*query.shape[:-1], value.shape[-1]), order=order)


def biased_attention(
    b: Builder, query: Placed, key: Placed, value: Placed, *, bias: Operand, scale: Any
) -> Placed:
    """Return attention whose scores have something added, such as relative positions, in parts."""
    rank = len(key.stated)
    turned = b.plain(key).permuted((*range(rank - 2), rank - 1, rank - 2))
    factor = query.stated[-1] ** -0.5 if scale is None else scale
    scores = applied(b, product(b, query, turned), layers.Scale(factor))
    return product(b, softmax(b, summed(b, scores, bias), layers.Softmax(), -1), value)


_CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)


def dense(b: Builder, x: Placed, weight: Constant, bias: Constant | None) -> Placed:
    """Return weighted sums along the last axis: W x + b, with W of shape (units, inputs).

    Behind an image that was flattened in another order, the columns of W move with the entries, or
    the entries to their places where W is also read elsewhere.
    With more axes, each of their positions is a window of a convolution.
    """
    units, *_ = weight.array.shape
    if len(x.shape) != 2:
        return _at_each_position(b, with_last_axes(b, x, [-1]), weight, bias)
    if weight.parameter in b.used_again:
        x = b.plain(x)
    if x.folded is not None:
        columns = x.folded.columns()
        weight = weight.moved(lambda array: np.take(array, columns, axis=1))
    layer = layers.Dense(units, bias=bias is not None)
    name = b.add(layer, [x], {"weight": weight, "bias": bias})
    return replace(x, layer=name, shape=with_length(x.shape, x.axis(-1), units), folded=None)


def _at_each_position(b: Builder, x: Placed, weight: Constant, bias: Constant | None) -> Placed:
    """Return a convolution whose windows are single positions; of many axes they are one."""
    *positions, inputs = x.own_shape
    units, many = weight.array.shape[0], len(positions) > len(_CONVOLUTIONS)
    if many:
        x = replace(x, layer=b.add(layers.Reshape((prod(positions), inputs)), [x], part="rows"))
    axes = 1 if many else len(positions)
    kernel = weight.moved(lambda array: array.T.reshape(*(1,) * axes, *array.T.shape))
    layer: Any = _CONVOLUTIONS[axes - 1](units, 1, bias=bias is not None)
    name = b.add(layer, [x], {"weight": kernel, "bias": bias})
    made = replace(x, layer=name, shape=with_length(x.shape, x.axis(-1), units))
    if not many:
        return made
    return replace(made, layer=b.add(layers.Reshape((*positions, units)), [made], part="positions"))
