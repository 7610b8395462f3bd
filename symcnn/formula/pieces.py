"""Splitting a formula into pieces that fit on a line, because browsers do not break formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from symcnn.formula import operators
from symcnn.formula.tree import Fenced, Node, Operator, Row
from symcnn.formula.width import BROWSER

_Breakpoints = Sequence[tuple[Set[str], Set[str]]]
"""Where a formula is cut, the best points first: before some operators and after others."""

_SUMMANDS = operators.PLUS_MINUS | operators.RELATIONS
_TERMS: _Breakpoints = ((frozenset(), frozenset(",")), (_SUMMANDS, frozenset()))
_FACTORS: _Breakpoints = ((operators.PRODUCTS, frozenset(operators.TIMES)),)


def pieces(row: Row, limit: float) -> list[list[Row]]:
    """Cut an explicit row into terms, these into factors, and these inside of parentheses.

    Each is cut only where it is wider than ``limit``, in em.
    """
    if BROWSER.width(row) <= limit:
        return [[row]]
    return [
        [part for factor in _cut(term, limit, _FACTORS) for part in _cut_inside(factor, limit)]
        for term in _cut(row, limit, _TERMS)
    ]


def _cut_inside(row: Row, limit: float) -> list[Row]:
    return [row] if BROWSER.width(row) <= limit else _cut(Row(tuple(_opened(row))), limit, _TERMS)


def _opened(row: Row) -> Iterator[Node]:
    """Run over a row with what stands in parentheses, unless these grow with it."""
    opening, is_tall = operators.OPENING, operators.is_tall
    for part in row.parts:
        if isinstance(part, Fenced) and part.left in opening and not is_tall(part.body):
            yield from (Operator(part.left), *part.body.parts, Operator(part.right))
        else:
            yield part


def _cut(row: Row, limit: float, points: _Breakpoints) -> list[Row]:
    rows = [row]
    for before, after in points:
        finer = ([r] if BROWSER.width(r) <= limit else _at(r, before, after) for r in rows)
        rows = [row for cut in finer for row in cut]
    return rows


def _at(row: Row, before: Set[str], after: Set[str]) -> list[Row]:
    """Cut a row before and after some operators; a space ends the piece that it follows."""
    rows: list[list[Node]] = [[]]
    ended = False
    for part in row.parts:
        operator = part.text if isinstance(part, Operator) and part.form != "prefix" else ""
        if rows[-1] and not operators.is_space(part) and (ended or operator in before):
            rows.append([_first(part)])
        else:
            rows[-1].append(part)
        ended = operator in after or (ended and operators.is_space(part))
    return [Row(tuple(parts)) for parts in rows]


def _first(part: Node) -> Node:
    """Let a sign at the start of a piece be what it was: an operator between terms."""
    if isinstance(part, Operator) and part.text in operators.PLUS_MINUS and not part.form:
        return part._replace(form="infix")
    return part
