"""How much room rows have, beside each other and in letters of which size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil

from symcnn import limits
from symcnn.document.blocks import Row, Rows, Side
from symcnn.writing.formula import Formula
from symcnn.writing.formula.breaking import (
    LINE,
    MARGIN,
    POINTS,
    SIZES,
    SMALL,
    Line,
    Metrics,
    lines,
    needed,
    number_of_lines,
    with_parts,
)
from symcnn.writing.formula.width import width

TEXT = 384.0
"""The width of the text of a page, 13.5 cm, in points: 78 letters, which are of 11 points."""

NUMBER = 30.0
"""What the number of an equation takes of a line."""

_APART = 30.0
"""What separates rows that stand beside each other, in points."""


def beside(rows: Sequence[Row], limit: float = LINE) -> int:
    """Return how many rows that are alike stand beside each other: as few as save the lines."""
    made = [line for row in rows for line in lines(row, limit)]
    if len(made) > len(rows) or any(line.number for line in made):
        return 1
    widest = max(width(line.left) for line in made) + max(width(line.right) for line in made)
    most = max(1, int((limit + MARGIN + _APART) // (widest + _APART)))
    return ceil(len(rows) / ceil(len(rows) / most))


def display(block: Rows, limit: float = LINE, by: Metrics = POINTS) -> list[list[Line]]:
    """Return the lines of a display, each with what stands beside it.

    Their right sides begin below each other, behind the widest of the left ones, and a row that has
    a number leaves room for that.
    """
    widest = max((width(row.left) for row in block.rows), default=0.0)
    room = (limit - widest + width(row.left) - bool(row.number) * NUMBER for row in block.rows)
    made = [part for row, own in zip(block.rows, room, strict=True) for part in lines(row, own, by)]
    number = beside(block.rows, limit) if block.alike else 1
    return [made[n : n + number] for n in range(0, len(made), number)]


def fits(row: Row, limit: float = LINE) -> bool:
    """Tell whether a row can be broken into lines that fit."""
    return _widest(row) <= limit


def shrunk(rows: Iterable[Row], limit: float = LINE, by: Metrics = POINTS) -> float:
    """Return how large the letters of rows may be for every summand to fit, or parts of it.

    The text of a page is a little wider than a row is meant to be.
    """
    widest = max((_widest(_parted(row, limit, by)) for row in rows), default=0.0)
    return fitting(widest, limit + by.over)


def fitting(wanted: float, most: float) -> float:
    """Return how large letters may be for what needs some width not to take more than another."""
    return next((size for size in SIZES if wanted * size <= most), SIZES[-1])


def has_room(left: Formula, side: Side) -> bool:
    """Tell whether small letters are small enough for each summand of a side."""
    return needed(left, side.terms) * SMALL <= LINE + MARGIN - NUMBER


def _widest(row: Row) -> float:
    return max(needed(row.left, side.terms) for side in row.sides)


def _parted(row: Row, limit: float, by: Metrics) -> Row:
    """Divide the summands that would be wider than a line, even in letters a little smaller."""
    available = limit - width(row.left) - POINTS.relation
    return replace(row, sides=tuple(_with_parts(side, available, by) for side in row.sides))


def _with_parts(side: Side, available: float, by: Metrics) -> Side:
    return replace(side, terms=with_parts(side, available, by))


def is_readable(row: Row) -> bool:
    """Tell whether a row fits into so few lines that somebody would read it."""
    return fits(row) and number_of_lines(row) <= limits.PRINTED_LINES
