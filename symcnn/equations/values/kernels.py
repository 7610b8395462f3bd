"""The numbers of a kernel, filter by filter: (filters, channels, height, width).

A kernel's tensor has its filters last, w[u, v, c, k]; people write one filter after the other, and
so do PyTorch and ONNX. Where a kernel has a single channel, or a single filter, that axis may be
left out: what is written stays the same, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Literal, TypeVar, overload

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values.evaluation import Array

Layout = Literal["filters-last", "filters-first"]
"""Along which axis of what is written a kernel's filters lie."""

FILTERS_LAST: Layout = "filters-last"
FILTERS_FIRST: Layout = "filters-first"
LAYOUTS: tuple[Layout, ...] = (FILTERS_FIRST, FILTERS_LAST)

_Entry = TypeVar("_Entry")


def filters_first(shape: Shape) -> Shape:
    """Return the shape filter by filter of a kernel whose filters are last.

    >>> filters_first((5, 4, 3, 2))
    (2, 3, 5, 4)
    """
    *kernel, channels, filters = shape
    return (filters, channels, *kernel)


def shapes_filters_first(shape: Shape) -> list[Shape]:
    """Return the shapes that a kernel can be written in filter by filter, but for a flat list.

    >>> shapes_filters_first((3, 3, 1, 2)), shapes_filters_first((3, 3, 2, 1))
    ([(2, 1, 3, 3), (2, 3, 3)], [(1, 2, 3, 3), (2, 3, 3)])
    >>> shapes_filters_first((3, 3, 1, 1))
    [(1, 1, 3, 3), (1, 3, 3), (3, 3)]
    """
    filters, channels, *kernel = filters_first(shape)
    found: list[Shape] = [(filters, channels, *kernel)]
    if channels == 1:
        found.append((filters, *kernel))
    if filters == 1:
        found.append((channels, *kernel))
    if filters == channels == 1:
        found.append(tuple(kernel))
    return [*dict.fromkeys(found)]


@overload
def filters_last(entries: Array, shape: Shape) -> Array: ...
@overload
def filters_last(entries: Sequence[_Entry], shape: Shape) -> list[_Entry]: ...
def filters_last(entries: Array | Sequence[_Entry], shape: Shape) -> Array | list[_Entry]:
    """Return a kernel's entries in the order of its tensor, of entries filter by filter.

    Args:
        entries: The entries in row-major order, as an array or as a list.
        shape: The shape of the tensor, (height, width, channels, filters).

    >>> filters_last(["a1", "a2", "b1", "b2"], (2, 1, 1, 2))
    ['a1', 'b1', 'a2', 'b2']
    """
    if isinstance(entries, np.ndarray):
        return _turned(entries, shape)
    return [entries[at] for at in _turned(np.arange(prod(shape)), shape).tolist()]


def _turned(entries: Array, shape: Shape) -> Array:
    axes = len(shape)
    blocks = entries.reshape(filters_first(shape))
    return blocks.transpose(*range(2, axes), 1, 0).ravel()
