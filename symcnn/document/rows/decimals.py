"""The figures of a matrix, aligned at the decimal mark by what is not seen, and its width.

0.25        0.25
1           1.__        what is left out behind the mark keeps its width
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from symcnn.document.bindings import unbound
from symcnn.document.blocks import Matrix
from symcnn.document.rows.layout import fitting
from symcnn.writing.formula import Atom, Formula, Node
from symcnn.writing.formula.breaking import LINE, MARGIN
from symcnn.writing.formula.build import joined, row
from symcnn.writing.formula.unicode import text
from symcnn.writing.formula.width import TEX, width

_TIMES = Atom(r"\times")


class Cell(NamedTuple):
    """A figure, and the digits that are missing behind it.

    Attributes:
        figure: What is printed.
        unseen: Digits, with the mark if the figure has none, that only take up their width.
    """

    figure: Formula
    unseen: str


def cells(matrix: Matrix) -> list[list[Cell]]:
    """Return the figures of a matrix, each column aligned at the decimal mark."""
    figures = [[joined(f.sides[0].terms) for f in row] for row in matrix.figures]
    columns = (_aligned(column) for column in zip(*figures, strict=True))
    return [list(row) for row in zip(*columns, strict=True)]


def _aligned(column: Sequence[Formula]) -> Iterator[Cell]:
    behind = [_behind(figure) for figure in column]
    longest = max((part for part in behind if part is not None), key=len, default="")
    for figure, part in zip(column, behind, strict=True):
        yield Cell(figure, "" if part is None else longest[len(part) :])


def _behind(figure: Formula) -> str | None:
    """Return the decimal mark of a figure and the digits behind it; None for a fraction.

    Zeros stand for a power of ten, as many as the letters that it is written with.
    """
    *front, last = unbound(figure).parts
    if front[-1:] == [_TIMES]:
        power = "0" * (len(text(row("1", _TIMES, last))) - 1)
        return f"{_digits(front[-2])}{power}"
    return _digits(last)


def _digits(last: Node) -> str | None:
    if not isinstance(last, Atom) or not last.text[0].isdecimal():
        return None
    mark = next((n for n, letter in enumerate(last.text) if not letter.isdecimal()), None)
    return "" if mark is None else last.text[mark:]


_FIGURES = replace(TEX, digit=5.0, point=2.8, sign=7.8, characters={**TEX.characters, "-": 7.8})
"""Computer Modern's own widths: figures have no space around their signs and marks."""

_COLUMN, _RELATION = 8.0, 20.0
"""The widths of the space of a column, and of a relation with the brackets, in points."""

_SMALL, _SMALL_ROW = 0.84, 0.92
"""The smallest letters for figures, beside those of the text, and for figures in a single row."""


@lru_cache(maxsize=2**10)
def wide(matrix: Matrix, apart: float = _COLUMN) -> float:
    """Return the estimated width of a matrix with its name, and of the spaces of its columns."""
    columns = list(zip(*cells(matrix), strict=True))
    widths = (max(map(_cell, column)) + apart for column in columns)
    return width(matrix.left) + _RELATION + sum(widths)


def size(matrix: Matrix, line: float) -> float:
    """Return how large the letters of a matrix may be on a line of text of some width."""
    return fitting(wide(matrix), line + MARGIN)


def has_room(matrix: Matrix) -> bool:
    """Tell whether a line of a page has room for a matrix, in letters that are large enough."""
    least = _SMALL if len(matrix.figures) > 1 else _SMALL_ROW
    return wide(matrix) * least <= LINE + MARGIN


def _cell(cell: Cell) -> float:
    return _FIGURES.width(cell.figure) + _FIGURES.digit * len(cell.unseen)
