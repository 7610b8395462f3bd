"""Checking rows: a row that was not seen to hold is not printed.

Each row claims that an entry equals one or more expressions. Both sides are evaluated
from an independent source of values, at the problem's numbers and at random rational
ones, where the maxima fall elsewhere. The figure that a row ends with is read back as it
is printed, and compared at the problem's numbers; and so is all else that a row says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import chain
from typing import Any, Protocol

from sympy import Expr, Symbol

from symcnn.document.blocks import EQUAL, Block, Heading, Matrices, Paragraph, Row, Rows, Table
from symcnn.document.claims import Claim
from symcnn.document.rows.figures import read_figure
from symcnn.document.traversal import flat
from symcnn.document.words.sentences import written
from symcnn.errors import SymcnnError, UnverifiedError, fitted
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.unicode import text as line


class Oracle(Protocol):
    """Knows the values of all entries at one choice of numbers, without the derivation."""

    def holds(self, symbol: Symbol, right: Expr) -> bool:
        """Tell whether an entry equals an expression of entries here."""

    def shows(self, entry: Expr, figure: Expr | Fraction, margin: Fraction) -> bool:
        """Tell whether the value of an expression is at most ``margin`` away from a figure."""

    def number(self, expression: Expr) -> float:
        """Return the value of an entry, or of an expression of entries, for messages."""


_BESIDE_A_TIE = 1 + Fraction(1, 10**40)
"""A value that fifty digits do not tell from half a unit, as a saturated layer has, is rounded to
either side."""

_LONGEST_PLACE = 60
"""How many letters of an error say where it is."""


class Reader(Protocol):
    """Reads rows back from what is printed."""

    def fault(self, of: Row) -> str | None:
        """Say what a row says on paper instead of what it claims, if it does."""


Progress = Callable[[int, int], Any]
"""Is told how many rows are checked, and how many there are."""


def verify(
    blocks: Iterable[Block],
    oracles: Sequence[Oracle],
    reader: Reader | None = None,
    progress: Progress = lambda done, of: None,
) -> None:
    """Check every row of a document.

    Args:
        blocks: The document.
        oracles: The first at the problem's numbers, the others anywhere else.
        reader: Reads its rows back, if they are to be printed.
        progress: Is told how many rows are checked.

    Raises:
        UnverifiedError: If a row does not hold; the message names it and its section.
    """
    rows = list(_placed(blocks))
    for number, (section, row) in enumerate(rows):
        progress(number, len(rows))
        if fault := _fault(row, oracles, reader):
            after = f" does not hold: {fault}; please report this"
            raise UnverifiedError(fitted(f"{section}: the row ", _written(row), after))


def _placed(blocks: Iterable[Block]) -> Iterator[tuple[str, Row]]:
    headings: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            headings = [*headings[: block.level - 1], _plain(block)]
        for row in claiming([block]):
            yield _place(headings), row


def _place(headings: Sequence[str]) -> str:
    """Return the headings above a row, or where they are long the last of them."""
    whole = ", ".join(headings)
    return whole if len(whole) <= _LONGEST_PLACE else headings[-1]


def _plain(block: Heading) -> str:
    return "".join(written(block.title, line, str))


def _written(row: Row) -> str:
    return line(joined([row.left, *(side.formula for side in row.sides)]))


def _fault(row: Row, oracles: Sequence[Oracle], reader: Reader | None) -> str | None:
    if not row.claim.left:
        return "it was compared at no entry"
    row = replace(row, claim=replace(row.claim, right=cache(row.claim.right)))  # asked for often
    try:
        return (
            _identity_fault(row.claim, oracles)
            or _figure_fault(row, oracles[0])
            or (reader.fault(row) if reader else None)
        )
    except (SymcnnError, ArithmeticError) as error:  # an entry that is none, a division by 0
        return str(error)


def _identity_fault(claim: Claim, oracles: Sequence[Oracle]) -> str | None:
    """Compare both sides at all numbers at which the row claims something."""
    if not _applies(claim, oracles[0]):
        return f"{claim.where} is not so at the problem's numbers"
    among = [oracle for oracle in oracles if _applies(claim, oracle)]
    for symbol in claim.left:
        for right in claim.right(symbol):
            for oracle in among:
                if not _holds(claim, oracle, symbol, right, own=oracle is oracles[0]):
                    where = "" if oracle is oracles[0] else " at other numbers"
                    return _differing(symbol, right, oracle, where)
    return None


def _holds(claim: Claim, oracle: Oracle, symbol: Symbol, right: Expr, *, own: bool) -> bool:
    """Tell whether both sides are equal; at other numbers there may be no second derivative."""
    try:
        return oracle.holds(symbol, right)
    except ArithmeticError:
        if own or not claim.twice:
            raise
        return True


def _applies(claim: Claim, oracle: Oracle) -> bool:
    return claim.where is None or oracle.number(claim.where) == 1


def _figure_fault(row: Row, oracle: Oracle) -> str | None:
    """Compare the value that a row ends with, and then its text, with the true one."""
    (symbol, *_), side, value = row.claim.left, row.sides[-1], row.claim.value
    if value is None:
        return None
    text = latex(joined(side.terms))
    if not oracle.shows(symbol, value, Fraction(0)):
        return _differing(symbol, value, oracle)
    figure = read_figure(text)
    if figure is None:
        return f"it should end with a number, not with {text}"
    margin = Fraction(0) if side.relation == EQUAL else figure.half_unit * _BESIDE_A_TIE
    if not oracle.shows(symbol, figure.value, margin):
        return f"{symbol} is {oracle.number(symbol)!r}, which {side.relation} {text} is not"
    return None


def _differing(symbol: Symbol, right: Expr, oracle: Oracle, where: str = "") -> str:
    left, found = oracle.number(symbol), oracle.number(right)
    return f"{symbol} is {left:.10g} on the left, {found:.10g} on the right{where}"


def claiming(blocks: Iterable[Block]) -> Iterator[Row]:
    """Run over all rows, and over what the figures of tables and matrices claim.

    Of what a student gets instead, rows claim something; tables and matrices show no figures.
    """
    for block in flat(blocks):
        if isinstance(block, Matrices | Table):
            yield from claiming(block.on_paper or ())
        if isinstance(block, Table | Paragraph):
            yield from block.figures
        elif isinstance(block, Rows):
            yield from chain.from_iterable(map(_versions, block.rows))
            yield from claiming(block.asked or ())
        elif isinstance(block, Matrices):
            yield from (f for matrix in block.matrices for row in matrix.figures for f in row)


def _versions(row: Row) -> tuple[Row, ...]:
    return (row,) if row.asked is None else (row, *_versions(row.asked))
