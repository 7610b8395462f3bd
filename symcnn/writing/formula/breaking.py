"""Breaking an equation into lines that fit: between sides, then summands, then before inner sums.

The last side, which is a value, stays on the line of what it is the value of if that has room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

from symcnn.writing.formula.build import INDENT, grown, joined, row
from symcnn.writing.formula.tree import Atom, Fenced, Formula, Fraction, Node, Scripts
from symcnn.writing.formula.width import paired, width
from symcnn.writing.wrapping import packed

LINE = 325.0
"""The width that a row may take, in points, in letters of 10 points.

A page has as much text as an article of an author's, 345 points, if both have letters of one size.
"""

MARGIN = 15.0
"""How much wider than a row the text is, in points, in the same letters."""

SMALL = 0.76
"""The smallest letters of what need not be printed; a theorem of all sizes has to be."""

SIZES = (1.0, 0.92, 0.84, SMALL, 0.58)
"""The sizes of letters, beside those of the text."""


class Summands(Protocol):
    """A side of an equation."""

    @property
    def relation(self) -> str:
        """What stands between it and the side before."""

    @property
    def terms(self) -> tuple[Formula, ...]:
        """Its summands."""


class Sides(Protocol):
    """An equation, left = side = side ..."""

    @property
    def left(self) -> Formula:
        """What stands on the left."""

    @property
    def sides(self) -> Sequence[Summands]:
        """The other sides."""

    @property
    def number(self) -> str:
        """Its number, if it has one."""


class Metrics(NamedTuple):
    """By what lines are measured: by the points of LaTeX's letters, or the columns of a terminal.

    Attributes:
        width: Returns the width of a formula.
        relation: What a sign of equality takes at the beginning of a side.
        indent: How much further the others of its lines begin.
        space: What a summand takes besides its width.
        over: How much wider than a line a part of a summand may be.
        smallest: The size of letters in which a summand is wider than a line that is divided
            before its inner sums; 0 if none is.
        factors: Whether a product that is wider even so is divided before its factors.
    """

    width: Callable[[Formula], float]
    relation: float
    indent: float
    space: float
    over: float = 0.0
    smallest: float = 0.0
    factors: bool = False


POINTS = Metrics(width, 14.0, 10.0, 2.0, MARGIN, SIZES[1])

COLUMN = POINTS._replace(over=0.0, smallest=1.0, factors=True)
"""The same, where nothing is wider than a line and all letters are of one size."""

_SUM = Atom(r"\sum")
_TIMES = Formula((Atom(r"\cdot"),))
_OPENING, _CLOSING = (Atom("("), Atom("[")), (Atom(")"), Atom("]"))


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


def lines(row: Sides, limit: float = LINE, by: Metrics = POINTS) -> list[Line]:
    """Break a row into lines no wider than ``limit``, with its number where its first side ends.

    It is the number of a formula and not of the figures that follow, and in textbooks it stands at
    the right of the last line of a formula.
    """
    made = _in_pairs(broken(row, limit, by))
    end = next((n for n, line in enumerate(made[1:]) if line.begins), len(made) - 1)
    return [*made[:end], replace(made[end], number=row.number), *made[end + 1 :]]


def number_of_lines(row: Sides) -> int:
    """Return how many lines of a page a row is broken into."""
    return len(broken(row, LINE, POINTS))


def _in_pairs(made: Sequence[Line]) -> list[Line]:
    """Give two parentheses on different lines one height."""
    rights = paired([line.right for line in made])
    return [replace(line, right=right) for line, right in zip(made, rights, strict=True)]


def broken(row: Sides, limit: float, by: Metrics) -> list[Line]:
    """Break a row into lines, whose parentheses may differ in height, without its number."""
    available = limit - by.width(row.left)
    sides = [_whole(side) for side in row.sides]
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


def _whole(side: Summands) -> Formula:
    return row(side.relation, *side.terms)


def needed(left: Formula, terms: Iterable[Formula]) -> float:
    """Return how wide a line is at least that holds the widest of some summands."""
    return width(left) + POINTS.relation + POINTS.indent + max(map(width, terms), default=0.0)


def with_parts(side: Summands, available: float, by: Metrics = POINTS) -> tuple[Formula, ...]:
    """Divide the summands that would be wider than a line."""
    if not by.smallest:
        return side.terms
    most = available + by.over - by.indent
    return tuple(part for term in side.terms for part in _parts(term, most, by))


def _parts(term: Formula, most: float, by: Metrics) -> Iterator[Formula]:
    """Divide a sum before sums inside of it, into parts that fit if they can."""
    if by.width(term) * by.smallest <= most:
        yield term
        return
    for made in _together(_from_sum_to_sum(term), most):
        yield from _factors(made, most) if by.factors and width(made) > most else (made,)


def _factors(term: Formula, most: float) -> Iterator[Formula]:
    """Divide a product before entries and quotients, with a dot where it goes on."""
    first, *others = _together(_from_factor_to_factor(term), most - width(_TIMES))
    yield first
    yield from (row(_TIMES, part) for part in others)


def _together(pieces: Iterable[Formula], most: float) -> Iterator[Formula]:
    """Put the pieces of a term together, as many at a time as there is room for."""
    return (row(*line) for line in packed(pieces, width, most))


def _from_factor_to_factor(term: Formula) -> Iterator[Formula]:
    own, depth = list[Node](), 0
    for part in term.parts:
        if depth == 0 and own and _is_factor(part) and _ends_a_factor(own[-1]):
            yield Formula(tuple(own))
            own = []
        depth += (part in _OPENING) - (part in _CLOSING)
        own.append(part)
    yield Formula(tuple(own))


def _is_factor(part: Node) -> bool:
    is_entry = isinstance(part, Scripts) and isinstance(part.base, Atom) and not _is_sum(part)
    return is_entry or isinstance(part, Fraction)


def _ends_a_factor(part: Node) -> bool:
    return part in _CLOSING or isinstance(part, Fenced) or _is_factor(part)


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


def _side(side: Summands, available: float, by: Metrics) -> Iterator[Line]:
    """Fill lines with summands; every line but the first is indented."""

    def needed_by(term: Formula) -> float:
        return by.width(term) + by.space

    filled = packed(with_parts(side, available, by), needed_by, available, indent=by.indent)
    for n, terms in enumerate(filled):
        begun = row(INDENT if n else side.relation, *terms)
        yield Line(row(), grown(begun), "" if n else "side")
