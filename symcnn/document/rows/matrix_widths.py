"""The widths of matrices on paper, where one that is wider than a line has smaller letters."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from symcnn.document.blocks import Matrix
from symcnn.document.rows.decimals import Cell, cells
from symcnn.document.rows.layout import LINE, MARGIN, fitting
from symcnn.writing.formula.width import TEX, width

_FIGURES = replace(TEX, digit=5.0, point=2.8, sign=7.8)
"""Computer Modern's own widths: figures have no space around their signs and marks."""

_COLUMN, _RELATION = 6.0, 25.0
"""The widths of the space of a column, and of a relation with the brackets, in points."""

_SMALL = 0.84
"""The smallest letters for figures, beside those of the text."""

WIDEST = (LINE + MARGIN) / _SMALL
"""The widest matrix that a line of a page has room for, in points."""


@lru_cache(maxsize=2**10)
def wide(matrix: Matrix) -> float:
    """Return the estimated width of a matrix with its name, in points."""
    columns = list(zip(*cells(matrix), strict=True))
    widths = (max(map(_cell, column)) + _COLUMN for column in columns)
    return width(matrix.left) + _RELATION + sum(widths)


def size(matrix: Matrix, line: float) -> float:
    """Return how large the letters of a matrix may be on a line of text of some width."""
    return fitting(wide(matrix), line + MARGIN)


def _cell(cell: Cell) -> float:
    return _FIGURES.width(cell.figure) + _FIGURES.digit * len(cell.unseen)
