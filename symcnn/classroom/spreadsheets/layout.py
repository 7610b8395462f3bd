"""Where entries stand on a sheet: matrices one below the other, with the letter of each entry.

An array of more than two axes is a matrix for each index along the others, as an image is one for
each channel. Axes of length 1 take no room, as they have no index in formulas.

    conv1
    k = 1     z_111  [    ]   z_121  [    ]
              z_211  [    ]   z_221  [    ]
    k = 2     z_112  [    ]   ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from symcnn.equations import Tensor

Position = tuple[int, ...]

_SHORT = 12
"""The entries of a vector that is written in one row."""


class Place(NamedTuple):
    """A row and a column, from 0."""

    row: int
    column: int


@dataclass(frozen=True)
class Matrix:
    """One matrix of an array.

    Attributes:
        label: The indices that all its entries share, "n = 1, k = 2"; nothing if there are none.
        rows: The positions of its entries.
    """

    label: str
    rows: tuple[tuple[Position, ...], ...]


def matrices(tensor: Tensor) -> Iterator[Matrix]:
    """Run over the matrices of an array, in the order of the indices that they are numbered by."""
    long = [axis for axis, size in enumerate(tensor.shape) if size > 1]
    down, across = _matrix_axes(tensor, long)
    others = [axis for axis in long if axis not in (down, across)]
    for indices in product(*(range(tensor.shape[axis]) for axis in others)):
        shared = dict(zip(others, indices, strict=True))
        label = ", ".join(f"{tensor.axes[axis]} = {index + 1}" for axis, index in shared.items())
        yield Matrix(label, positions_in(tensor, shared, down, across))


def _matrix_axes(tensor: Tensor, long: Sequence[int]) -> tuple[int | None, int | None]:
    """Return the axes of rows and of columns: the first two, of many those behind the samples.

    A vector is a column, but a row where its axis is none of heights and it is short.
    """
    if len(long) == 1:
        (axis,) = long
        is_row = axis > 0 and tensor.shape[axis] <= _SHORT
        return (None, axis) if is_row else (axis, None)
    usual = [axis for axis in long if not (tensor.batched and axis == 0)]
    down, across, *_ = [*(usual if len(long) > 2 else long), None, None]
    return down, across


def positions_in(
    tensor: Tensor, shared: dict[int, int], down: int | None, across: int | None
) -> tuple[tuple[Position, ...], ...]:
    """Return the positions in one matrix, row by row.

    Args:
        tensor: What it is a part of.
        shared: The indices that all its entries have, by their axes.
        down: The axis of its rows; None if it has one row.
        across: The axis of its columns; None if it has one column.
    """
    height, width = (1 if axis is None else tensor.shape[axis] for axis in (down, across))

    def position(row: int, column: int) -> Position:
        at = {**shared, **({} if down is None else {down: row})}
        at |= {} if across is None else {across: column}
        return tuple(at.get(axis, 0) for axis in range(len(tensor.shape)))

    return tuple(tuple(position(i, j) for j in range(width)) for i in range(height))


def address(place: Place) -> str:
    """Return the address of a cell.

    >>> address(Place(0, 0)), address(Place(9, 27))
    ('$A$1', '$AB$10')
    """
    letters, column = "", place.column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"${letters}${place.row + 1}"
