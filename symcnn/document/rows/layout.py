"""Breaking rows into lines that fit: between sides, then summands, then before inner sums.

The last side, which is a value, stays on the line of what it is the value of if that has room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal, NamedTuple

from symcnn import limits
from symcnn.document.blocks import Row, Rows, Side
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import INDENT, grown, joined, row
from symcnn.writing.formula.tree import Atom, Node, Scripts
from symcnn.writing.formula.width import paired, width
from symcnn.writing.wrapping import packed

LINE = 325.0
"""The width that a row may take, in points, in letters of 10 points.

A page has as much text as an article of an author's, 345 points, if both have letters of one size.
"""

MARGIN = 15.0
"""How much wider than a row the text is, in points, in the same letters."""

TEXT = 384.0
"""The width of the text of a page, 13.5 cm, in points: 78 letters, which are of 11 points."""

NUMBER = 30.0
"""What the number of an equation takes of a line."""

_SMALL = 0.76
"""The smallest letters of what need not be printed; a theorem of all sizes has to be."""

_SIZES = (1.0, 0.92, 0.84, _SMALL, 0.58)

_APART = 30.0
"""What separates rows that stand beside each other, in points."""


class Metrics(NamedTuple):
    """By what lines are measured: by the points of LaTeX's letters, or the columns of a terminal.

    Attributes:
        width: Returns the width of a formula.
        relation: What a sign of equality takes at the beginning of a side.
        indent: How much further the others of its lines begin.
        space: What a summand takes besides its width.
    """

    width: Callable[[Formula], float]
    relation: float
    indent: float
    space: float


POINTS = Metrics(width, 14.0, 10.0, 2.0)

_SUM = Atom(r"\sum")


@dataclass(frozen=True)
class Line:
    """One line of a row.

    Attributes:
        left: What stands before the alignment point.
        right: What stands after it.
        begins: What begins here; a line that begins nothing goes on with summands.
        number: The number of the row, at one of its lines.
    """

    left: Formula
    right: Formula
    begins: Literal["row", "side", ""]
    number: str = ""


def lines(row: Row, limit: float = LINE, by: Metrics = POINTS) -> list[Line]:
    """Break a row into lines no wider than ``limit``, with its number where its first side ends.

    It is the number of a formula and not of the figures that follow, and in textbooks it stands at
    the right of the last line of a formula.
    """
    made = _in_pairs(_lines(row, limit, by))
    end = next((n for n, line in enumerate(made[1:]) if line.begins), len(made) - 1)
    return [*made[:end], replace(made[end], number=row.number), *made[end + 1 :]]


def number_of_lines(row: Row, limit: float = LINE) -> int:
    """Return how many lines a row is broken into."""
    return len(_lines(row, limit, POINTS))


def _in_pairs(made: Sequence[Line]) -> list[Line]:
    """Give two parentheses on different lines one height."""
    rights = paired([line.right for line in made])
    return [replace(line, right=right) for line, right in zip(made, rights, strict=True)]


def beside(rows: Sequence[Row], limit: float = LINE) -> int:
    """Return how many rows that are alike stand beside each other: as few as save the lines."""
    made = [line for row in rows for line in lines(row, limit)]
    if len(made) > len(rows) or any(line.number for line in made):
        return 1
    needed = max(width(line.left) for line in made) + max(width(line.right) for line in made)
    most = max(1, int((limit + MARGIN + _APART) // (needed + _APART)))
    return ceil(len(rows) / ceil(len(rows) / most))


def display(block: Rows, limit: float = LINE) -> list[list[Line]]:
    """Return the lines of a display, each with what stands beside it.

    Their right sides begin below each other, behind the widest of the left ones, and a row that has
    a number leaves room for that.
    """
    widest = max((width(row.left) for row in block.rows), default=0.0)
    room = (limit - widest + width(row.left) - bool(row.number) * NUMBER for row in block.rows)
    made = [part for row, own in zip(block.rows, room, strict=True) for part in lines(row, own)]
    number = beside(block.rows, limit) if block.alike else 1
    return [made[n : n + number] for n in range(0, len(made), number)]


def _lines(row: Row, limit: float, by: Metrics) -> list[Line]:
    available = limit - by.width(row.left)
    sides = [side.formula for side in row.sides]
    if by.width(whole := joined(sides)) <= available:
        return [Line(row.left, grown(whole), "row")]
    *before, last = (list(_side(side, available - by.relation, by)) for side in row.sides)
    made = [line for side in before for line in side]
    if made and len(last) == 1:  # it stands behind the line before it if both fit
        together = joined([made[-1].right, last[0].right])
        if by.width(together) <= available:
            made[-1:], last = [replace(made[-1], right=together)], []
    first, *others = [*made, *last]
    return [replace(first, left=row.left, begins="row"), *others]


def fits(row: Row, limit: float = LINE) -> bool:
    """Tell whether a row can be broken into lines that fit."""
    return _widest(row) <= limit


def shrunk(rows: Iterable[Row], limit: float = LINE) -> float:
    """Return how large the letters of rows may be for every summand to fit, or parts of it.

    The text of a page is a little wider than a row is meant to be.
    """
    return fitting(max((_widest(_parted(row, limit)) for row in rows), default=0.0), limit + MARGIN)


def fitting(needed: float, most: float) -> float:
    """Return how large letters may be for what needs some width not to take more than another."""
    return next((size for size in _SIZES if needed * size <= most), _SIZES[-1])


def has_room(left: Formula, side: Side) -> bool:
    """Tell whether small letters are small enough for each summand of a side."""
    return _needed(left, side.terms) * _SMALL <= LINE + MARGIN - NUMBER


def _widest(row: Row) -> float:
    return max(_needed(row.left, side.terms) for side in row.sides)


def _needed(left: Formula, terms: Iterable[Formula]) -> float:
    return width(left) + POINTS.relation + POINTS.indent + max(map(width, terms), default=0.0)


def _parted(row: Row, limit: float) -> Row:
    """Divide the summands that would be wider than a line, even in letters a little smaller."""
    available = limit - width(row.left) - POINTS.relation
    return replace(row, sides=tuple(_with_parts(side, available) for side in row.sides))


def _with_parts(side: Side, available: float) -> Side:
    most = available + MARGIN - POINTS.indent
    divided = (_before_sums(t, most) if width(t) * _SIZES[1] > most else [t] for t in side.terms)
    return replace(side, terms=tuple(part for parts in divided for part in parts))


def _before_sums(term: Formula, most: float) -> Iterator[Formula]:
    """Divide a sum before sums inside of it, into parts that fit if they can."""
    return (row(*parts) for parts in packed(_from_sum_to_sum(term), width, most))


def _from_sum_to_sum(term: Formula) -> Iterator[Formula]:
    own: list[Node] = []
    for part in term.parts:
        if _is_sum(part) and any(map(_is_sum, own)):
            yield Formula(tuple(own))
            own = []
        own.append(part)
    yield Formula(tuple(own))


def _is_sum(part: Node) -> bool:
    return isinstance(part, Scripts) and part.base == _SUM


def is_readable(row: Row) -> bool:
    """Tell whether a row fits into so few lines that somebody would read it."""
    return fits(row) and number_of_lines(row) <= limits.PRINTED_LINES


def _side(side: Side, available: float, by: Metrics) -> Iterator[Line]:
    """Fill lines with summands; every line but the first is indented."""
    made = _with_parts(side, available) if by == POINTS else side
    filled = packed(made.terms, lambda t: by.width(t) + by.space, available, indent=by.indent)
    for n, terms in enumerate(filled):
        begun = row(INDENT if n else side.relation, *terms)
        yield Line(row(), grown(begun), "" if n else "side")
