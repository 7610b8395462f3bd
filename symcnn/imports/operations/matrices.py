"""Products of matrices, and attention."""

from __future__ import annotations

from typing import Any

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.products import dense
from symcnn.imports.placed import Placed
from symcnn.layers import Attention, MatMul


def product(b: Builder, x: Placed, y: Placed) -> Placed:
    """Return the product of two tensors, matrices along their last two axes."""
    rank = len(x.shape)
    if len(y.shape) != rank or rank < 3:
        raise SymcnnError("tensors of other ranks are multiplied: reshape them to the same rank")
    (x, turned_x), (y, turned_y) = _matrix(b, x), _matrix(b, y)
    name = b.add(MatMul(transpose_a=turned_x, transpose_b=turned_y), [x, y])
    before = (max(n, m) for n, m in zip(x.shape[:-2], y.shape[:-2], strict=True))
    return Placed(name, (*before, x.shape[-2], y.shape[-1]), tuple(range(rank)))


def product_with(b: Builder, x: Placed, weight: Constant) -> Placed:
    """Return a tensor times a constant matrix on its right."""
    if weight.array.ndim != 2:
        raise SymcnnError("a tensor is multiplied by several constant matrices: use a dense layer")
    return dense(b, x, weight.moved(lambda array: array.T), None)


def product_of(b: Builder, weight: Constant, x: Placed) -> Placed:
    """Return a constant matrix times a tensor on its right: its columns are multiplied."""
    if weight.array.ndim != 2 or len(x.shape) < 3:
        raise SymcnnError("a constant is multiplied by samples: put the samples in front")
    axes = (*range(len(x.shape) - 2), len(x.shape) - 1, len(x.shape) - 2)
    return b.plain(dense(b, b.plain(x).permuted(axes), weight, None)).permuted(axes)


def _matrix(b: Builder, x: Placed) -> tuple[Placed, bool]:
    """Return a tensor with the source's order of axes, or that with the last two exchanged."""
    x, rank = b.plain(x), len(x.shape)
    turned = (*range(rank - 2), rank - 1, rank - 2)
    if x.order == turned and x.samples == 0:
        return x, True
    return b.ordered(x, tuple(range(rank))), False


def attention(
    b: Builder, query: Placed, key: Placed, value: Placed, *, causal: bool, scale: Any
) -> Placed:
    """Return scaled dot-product attention; axes before the last two are separate attentions."""
    rank = len(query.shape)
    read = [b.ordered(x, tuple(range(rank))) for x in (query, key, value)]
    name = b.add(Attention(causal=causal, scale=scale), read)
    return Placed(name, (*query.shape[:-1], value.shape[-1]), tuple(range(rank)))
