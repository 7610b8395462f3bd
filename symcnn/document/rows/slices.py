r"""A tensor as matrices: two axes are rows and columns; each index of the others has a matrix.

Axes of length 1 are left out, as in the names of entries. The samples have a matrix each, and then
the values of the last axes: channels, filters. A matrix is named x_{2 \cdot \cdot}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from symcnn.equations import Tensor
from symcnn.writing.formula import Formula
from symcnn.writing.printing.names import indexed, named

Position = tuple[int, ...]

_DOT = r"\cdot"


class Slice(NamedTuple):
    """One matrix of a tensor.

    Attributes:
        fixed: The indices that all its entries share, by their axes.
        rows: The positions of its entries.
    """

    fixed: Mapping[int, int]
    rows: tuple[tuple[Position, ...], ...]


def slices(tensor: Tensor, most: int = 2) -> Iterator[Slice]:
    """Run over the matrices of a tensor, or over its rows if a slice has one axis at most."""
    inside, others = matrix_axes(tensor, most)
    height, width = [1, 1, *(tensor.shape[axis] for axis in inside)][-2:]
    for place in product(*(range(tensor.shape[axis]) for axis in others)):
        fixed = dict(zip(others, place, strict=True))

        def position(row: int, column: int, fixed: Mapping[int, int] = fixed) -> Position:
            own = dict(zip(inside, (row, column)[2 - len(inside) :], strict=True))
            at = {**fixed, **own}
            return tuple(at.get(axis, 0) for axis in range(len(tensor.shape)))

        rows = (tuple(position(i, j) for j in range(width)) for i in range(height))
        yield Slice(fixed, tuple(rows))


def matrix_axes(tensor: Tensor, most: int = 2) -> tuple[list[int], list[int]]:
    """Choose at most two axes for rows and columns, and return them and the others."""
    inside, others = [axis for axis, size in enumerate(tensor.shape) if size > 1], list[int]()
    while len(inside) > 2:
        others.append(inside.pop(0 if tensor.batched and inside[0] == 0 else -1))
    if len(inside) > most:
        others.append(inside.pop(0))
    return inside, sorted(others)


def slice_name(tensor: Tensor, fixed: Mapping[int, int], first: int) -> Formula:
    """Name a matrix: by the tensor's letter, with dots in the place of rows and columns.

    Args:
        tensor: The tensor.
        fixed: The indices that all entries of the matrix share, by their axes.
        first: What indices begin with.
    """
    long = [axis for axis, size in enumerate(tensor.shape) if size > 1]
    indices = [str(fixed[axis] + first) if axis in fixed else _DOT for axis in long]
    return indexed(tensor.label, indices) if fixed else named(tensor.label)
