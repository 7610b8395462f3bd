"""Where entries stand on a sheet: matrices one below the other, with the letter of each entry.

An array of more than two axes is a matrix for each index along the others, as an image is one for
each channel. Axes of length 1 take no room, as they have no index in formulas.

    conv1
    k = 1     z_111  [    ]   z_121  [    ]
              z_211  [    ]   z_221  [    ]
    k = 2     z_112  [    ]   ...
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from symcnn.document.rows.slices import Position, matrix_axes, slices
from symcnn.equations import Tensor

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
    """Run over the matrices of an array, in the order of the indices that they are numbered by.

    A vector is a column, but a row where its axis is none of heights and it is short.
    """
    inside, _ = matrix_axes(tensor)
    is_row = inside != [0] and max(tensor.shape, default=1) <= _SHORT
    for fixed, rows in slices(tensor):
        label = ", ".join(f"{tensor.axes[axis]} = {index + 1}" for axis, index in fixed.items())
        turned = len(inside) == 1 and not is_row
        yield Matrix(label, tuple(zip(*rows, strict=True)) if turned else rows)


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
