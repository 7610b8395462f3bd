"""Figures below each other, aligned at the decimal mark by what is not seen.

0.25        0.25
1           1.__        what is left out behind the mark keeps its width
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symcnn.document.bindings import unbound
from symcnn.document.blocks import Matrix
from symcnn.writing.formula import Atom, Formula, Node
from symcnn.writing.formula.build import joined, row
from symcnn.writing.formula.unicode import text

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
