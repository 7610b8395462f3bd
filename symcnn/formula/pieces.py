"""Splitting a formula into pieces that fit on a line, because browsers do not break formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from symcnn.formula import operators
from symcnn.formula.tree import Atom, Fenced, Node, Operator, Row
from symcnn.formula.width import BROWSER

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


class Parts(NamedTuple):
    """A formula in pieces.

    Attributes:
        parts: Its terms, or the factors of its only one.
        are_terms: Which of these.
    """

    parts: tuple[Cut, ...]
    are_terms: bool


Cut = Row | Parts


def pieces(row: Row, limit: float) -> Cut:
    """Cut an explicit row into terms, these into factors, behind sums and inside of parentheses.

    Each is cut only where it is wider than ``limit``, in em.
    """
    if BROWSER.width(row) <= limit:
        return row
    for points in (*_TERMS, _FACTORS):
        if len(parts := _cut(row, *points)) > 1:
            return Parts(tuple(pieces(part, limit) for part in parts), points is not _FACTORS)
    if len(parts := _after_sums(row)) > 1:
        return Parts(tuple(pieces(part, limit) for part in parts), are_terms=False)
    opened = Row(tuple(_opened(row)))
    return row if opened == row else pieces(opened, limit)


def _after_sums(row: Row) -> list[Row]:
    """Cut a row behind signs of sums, which stay together."""
    rows: list[list[Node]] = [[]]
    for before, part in zip((None, *row.parts), row.parts, strict=False):
        ended = before is not None and operators.has_limits(before)
        if ended and not operators.has_limits(part):
            rows.append([])
        rows[-1].append(part)
    return [Row(tuple(parts)) for parts in rows]


def _opened(row: Row) -> Iterator[Node]:
    """Run over a row with what stands in parentheses; those of a tall sum grow in each piece."""
    for part in row.parts:
        if isinstance(part, Fenced) and part.left in operators.OPENING:
            grows = operators.is_tall(part.body)
            yield Operator(part.left, grows=grows)
            yield from part.body.parts
            yield Operator(part.right, grows=grows)
        else:
            yield part


def _cut(row: Row, before: Set[str], after: Set[str]) -> list[Row]:
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
    return [Row(tuple(parts)) for parts in rows]


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
