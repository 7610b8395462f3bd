"""Splitting a formula into pieces that fit on a line, because browsers do not break formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from symcnn.writing.formula import operators
from symcnn.writing.formula.tree import Atom, Fenced, Formula, Fraction, Node, Operator
from symcnn.writing.formula.width import BROWSER, HIGHEST, height

_Breakpoints = tuple[Set[str], Set[str]]
"""Where a formula is cut: before some operators and after others."""

_NOWHERE = frozenset[str]()
_TERMS: Sequence[_Breakpoints] = (
    (_NOWHERE, frozenset((r"\;", r"\quad"))),
    (_NOWHERE, frozenset(",")),
    (operators.PLUS_MINUS | operators.RELATIONS, _NOWHERE),
)
"""Where terms begin and end, the best points first."""

_FACTORS: _Breakpoints = (_NOWHERE, operators.PRODUCTS | {operators.TIMES})

_ONE, _DOT = Atom("1"), "·"


class Piece(NamedTuple):
    """A piece of a formula that is not broken.

    Attributes:
        markup: How a page has it.
        width: Its estimated width in em.
        is_factor: Whether what follows it is multiplied by it, without a sign that shows it.
    """

    markup: str
    width: float
    is_factor: bool = False


@dataclass(frozen=True)
class Parts:
    """A formula in pieces, between which lines may be broken."""

    parts: tuple[Cut, ...]
    are_terms: bool

    @property
    def width(self) -> float:
        """The estimated width in one line, in em."""
        return sum(part.width for part in self.parts)

    @property
    def is_factor(self) -> bool:
        """Whether its last piece is a factor of what follows."""
        return self.parts[-1].is_factor


Cut = Piece | Parts


def pieces(row: Formula, limit: float, written: Callable[[Formula], str]) -> Cut:
    """Cut an explicit row into terms, these into factors, behind sums and inside of parentheses.

    Args:
        row: The row.
        limit: Each piece is cut only where it is wider than this, in em.
        written: Returns the markup of a piece; it is called once for each, from left to right.
    """
    if (wide := BROWSER.width(row)) > limit:
        for points in (*_TERMS, _FACTORS):
            if len(parts := _cut(row, *points)) > 1:
                return _each(parts, limit, written, are_terms=points is not _FACTORS)
        for cut in (_before_sums, _after_sums):
            if len(parts := cut(row)) > 1:
                return _each(parts, limit, written, are_terms=False)
        for simpler in (Formula(tuple(_opened(row))), _without_a_bar(row)):
            if simpler != row:
                return pieces(simpler, limit, written)
    shown = [part for part in row.parts if not operators.is_space(part)]
    return Piece(written(row), wide, shown[-1:] == [Operator(operators.TIMES)])


def _each(
    parts: Sequence[Formula], limit: float, written: Callable[[Formula], str], are_terms: bool
) -> Parts:
    return Parts(tuple(pieces(part, limit, written) for part in parts), are_terms)


def _before_sums(row: Formula) -> list[Formula]:
    """Cut a row before sums that are factors."""
    starts = [n for n, part in enumerate(row.parts) if n and operators.has_limits(part)]
    inner = [n for n in starts if not _begins(row.parts[n - 1])]
    bounds = [0, *inner, len(row.parts)]
    cut = [row.parts[start:end] for start, end in pairwise(bounds)]
    times = Operator(operators.TIMES)
    return [Formula((*parts, times)) for parts in cut[:-1]] + [Formula(cut[-1])]


def _begins(before: Node) -> bool:
    """Tell whether a sum is not a factor behind a part: behind another sum, a sign or a space."""
    is_open = isinstance(before, Operator) or operators.is_space(before)
    return is_open or operators.has_limits(before)


def _after_sums(row: Formula) -> list[Formula]:
    """Cut a row behind signs of sums, which stay together, or else behind each of them."""
    ends = [n for n, part in enumerate(row.parts[:-1], start=1) if operators.has_limits(part)]
    last = [n for n in ends if not operators.has_limits(row.parts[n])]
    bounds = [0, *(last or ends), len(row.parts)]
    return [Formula(row.parts[start:end]) for start, end in pairwise(bounds)]


def _without_a_bar(row: Formula) -> Formula:
    """Write a fraction as 1/b times its numerator, which can be cut, at the end of a product."""
    *before, last = row.parts
    if not isinstance(last, Fraction) or last.above == _ONE:
        return row
    above = last.above.parts if isinstance(last.above, Formula) else (last.above,)
    if sum(not isinstance(part, Operator) for part in above) < 2:
        return row  # a single number or entry is not cut
    is_sum = any(isinstance(p, Operator) and p.text in operators.PLUS_MINUS for p in above)
    has_numbers = any(isinstance(p, Atom) and p.text[:1].isdigit() for p in above)
    factor = (Fenced("(", Formula(tuple(_begun(above))), ")"),) if is_sum or has_numbers else above
    times = Operator(_DOT if has_numbers else operators.TIMES)
    return Formula((*before, Fraction(_ONE, last.below), times, *factor))


def _opened(row: Formula) -> Iterator[Node]:
    """Run over a row with what stands in parentheses, both of one height."""
    for part in row.parts:
        if isinstance(part, Fenced) and part.left in operators.OPENING:
            high = min(height(part.body), HIGHEST) if operators.is_tall(part.body) else 0.0
            yield Operator(part.left, high=high)
            yield from _begun(part.body.parts)
            yield Operator(part.right, high=high)
        else:
            yield part


def _begun(parts: Sequence[Node]) -> Iterator[Node]:
    """Let a sign behind a parenthesis be one, although something stands before it now."""
    first, *others = parts
    if isinstance(first, Operator) and first.text in operators.PLUS_MINUS:
        first = first._replace(form="prefix")
    yield first
    yield from others


def _cut(row: Formula, before: Set[str], after: Set[str]) -> list[Formula]:
    """Cut a row before and after some operators; a space ends the piece that it follows."""
    rows: list[list[Node]] = [[]]
    ended = False
    for part in row.parts:
        operator = _text(part)
        if rows[-1] and not operators.is_space(part) and (ended or operator in before):
            rows.append([_first(part)])
        else:
            rows[-1].append(part)
        ended = operator in after or (ended and operators.is_space(part))
    return [Formula(tuple(parts)) for parts in rows]


def _text(part: Node) -> str:
    """Return an operator that stands between two parts, or a space."""
    if isinstance(part, Operator):
        return "" if part.form == "prefix" else part.text
    return part.text if isinstance(part, Atom) and operators.is_space(part) else ""


def _first(part: Node) -> Node:
    """Let a sign at the start of a piece be what it was: an operator between terms."""
    if isinstance(part, Operator) and part.text in operators.PLUS_MINUS and not part.form:
        return part._replace(form="infix")
    return part
