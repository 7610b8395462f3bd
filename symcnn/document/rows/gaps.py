"""The boxes of a student's version: as large as what is to be written into them by hand.

A box says nothing of an answer: all numbers have boxes of one size, and all formulas of a block
have boxes of one size, which does not depend on values.
"""

from __future__ import annotations

from math import ceil

from symcnn.document import blocks
from symcnn.writing.formula import Atom, Formula, Gap
from symcnn.writing.formula.build import joined, row
from symcnn.writing.formula.width import width

_BY_HAND = 1.6
"""How much wider figures and letters are that are written by hand."""

_HIGH = 24.0
"""The height of a written line, in points: that of ruled paper."""

_NUMBER, _NARROWEST, _WIDEST = 90.0, 36.0, 250.0
_MOST_LINES = 4
_PAGE, _AROUND, _BETWEEN = 345.0, 30.0, 10.0
"""What a matrix may take of a page, what its signs take, and what separates its columns."""

_RELATIONS = (Atom(blocks.EQUAL), Atom(blocks.ROUNDED))

SIGN = row(Gap(20.0, _HIGH))
"""Where the sign of a comparison is to be written."""

NUMBER = row(Gap(_NUMBER, _HIGH))
"""Where a number is to be written."""

SYMBOLS = row(Gap(70.0, _HIGH))
"""Where symbols are to be written, one or several."""

NAME, DATE, POINTS = (row(Gap(wide, _HIGH)) for wide in (130.0, 60.0, 36.0))


def formula_gap(block: blocks.Rows) -> Formula:
    """Return a box that is large enough for every formula of a block that is asked for."""
    asked = (row.open.sides[0].terms for row in block.rows if row.task == "formula")
    needed = _BY_HAND * max((width(joined(terms)) for terms in asked), default=0.0)
    high = min(max(1, ceil(needed / _WIDEST)), _MOST_LINES)
    return row(Gap(float(round(min(max(needed, 2 * _NARROWEST), _WIDEST))), _HIGH * high))


def entry_gap(left: Formula, columns: int) -> Formula:
    """Return the box of a matrix' entry: narrower than other numbers' if there are many columns."""
    return row(Gap(min(_NUMBER, max(_room(left, columns), _NARROWEST)), _HIGH))


def has_room(left: Formula, columns: int) -> bool:
    """Tell whether a page is wide enough for the boxes of a matrix."""
    return _room(left, columns) >= _NARROWEST


def _room(left: Formula, columns: int) -> float:
    return (_PAGE - width(left) - _AROUND) / columns - _BETWEEN


def relation_in(formula: Formula) -> int | None:
    """Return the place of the sign in "x_1 = 1" behind which a value stands."""
    return next((n for n, sign in enumerate(formula.parts) if sign in _RELATIONS and n), None)


def count(formula: Formula) -> int:
    """Count the boxes of a formula."""
    return sum(isinstance(part, Gap) for part in formula.parts)


def gaps_of(row: blocks.Row) -> int:
    """Count the boxes of a row."""
    return sum(count(term) for side in row.sides for term in side.terms)


def gaps(block: blocks.Block) -> int:
    """Count the boxes of a block, without those of the blocks in it: each is worth a point."""
    match block:
        case blocks.Rows():
            return sum(map(gaps_of, block.rows))
        case blocks.Table():
            parts = (part for row in block.rows for cell in row for part in cell)
            return sum(count(part.formula) for part in parts if isinstance(part, blocks.Inline))
        case blocks.Matrices():
            return sum(gaps_of(f) for m in block.matrices for row in m.figures for f in row)
    return 0
