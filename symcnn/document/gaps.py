"""The boxes of a student's version: as large as what is to be written into them by hand.

A box says nothing of its own answer: all numbers have boxes of one size, that of the
longest, and all formulas of a block have boxes of one size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

from symcnn.document import blocks
from symcnn.formula import Atom, Gap
from symcnn.formula import Row as Formula
from symcnn.formula.build import joined, row
from symcnn.formula.width import width

_BY_HAND = 1.6
"""How much wider figures and letters are that are written by hand."""

_HIGH = 24.0
"""The height of a written line, in points: that of ruled paper."""

_NARROWEST, _WIDEST_NUMBER, _WIDEST = 36.0, 90.0, 250.0
_MOST_LINES = 4
_PAGE, _AROUND, _BETWEEN = 400.0, 30.0, 8.0
"""What a matrix may take of a page, what its signs take, and what separates its columns."""

_RELATIONS = (Atom(blocks.EQUAL), Atom(blocks.ROUNDED))

SIGN = row(Gap(20.0, _HIGH))
"""Where the sign of a comparison is to be written."""

NAME, DATE, POINTS = (row(Gap(wide, _HIGH)) for wide in (170.0, 70.0, 40.0))


def number_gap(document: Iterable[blocks.Block]) -> Formula:
    """Return a box that is large enough for every number of a document that is asked for."""
    longest = max(map(width, _answers(document)), default=0.0)
    return row(Gap(_clipped(_BY_HAND * longest, _NARROWEST, _WIDEST_NUMBER), _HIGH))


def formula_gap(block: blocks.Rows) -> Formula:
    """Return a box that is large enough for every formula of a block that is asked for."""
    asked = (row.sides[0].terms for row in block.rows if row.task == "formula")
    needed = _BY_HAND * max((width(joined(terms)) for terms in asked), default=0.0)
    high = min(max(1, ceil(needed / _WIDEST)), _MOST_LINES)
    return row(Gap(_clipped(needed, 2 * _NARROWEST, _WIDEST), _HIGH * high))


def entry_gap(matrix: blocks.Matrix, number: Formula) -> Formula:
    """Return the box of a matrix' entry: narrower than other numbers' if there are many columns."""
    (gap,) = number.parts
    assert isinstance(gap, Gap)
    room = (_PAGE - width(matrix.left) - _AROUND) / len(matrix.figures[0]) - _BETWEEN
    return row(Gap(min(gap.wide, max(room, _NARROWEST / 1.5)), _HIGH))


def relation_in(formula: Formula) -> int | None:
    """Return the place of the sign in "x_1 = 1" behind which a value stands."""
    return next((n for n, sign in enumerate(formula.parts) if sign in _RELATIONS and n), None)


def count(formula: Formula) -> int:
    """Count the boxes of a formula."""
    return sum(isinstance(part, Gap) for part in formula.parts)


def _clipped(wide: float, least: float, most: float) -> float:
    return float(round(min(max(wide, least), most)))


def _answers(document: Iterable[blocks.Block]) -> Iterator[Formula]:
    """Run over the numbers that are asked for."""
    for block in blocks.flat(document):
        if isinstance(block, blocks.Rows):
            asked = (r for r in block.rows if r.task != "nothing" and r.claim.value is not None)
            yield from (joined(r.sides[-1].terms) for r in asked)
        elif isinstance(block, blocks.Matrices) and block.task:
            figures = (f for m in block.matrices for line in m.figures for f in line)
            yield from (joined(f.sides[0].terms) for f in figures)
        elif isinstance(block, blocks.Table):
            cells = (cells[n] for cells in block.rows for n in block.tasks)
            parts = (part for cell in cells for part in cell)
            yield from (_value(p.formula) for p in parts if isinstance(p, blocks.Inline))


def _value(formula: Formula) -> Formula:
    relation = relation_in(formula)
    return formula if relation is None else Formula(formula.parts[relation + 1 :])
