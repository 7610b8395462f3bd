"""Checking rows: a row that was not seen to hold is not printed.

Each row claims that an entry equals one or more expressions. Both sides are evaluated
from an independent source of values, at the problem's numbers and at random rational
ones, where the maxima fall elsewhere; a figure is compared at the problem's numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod

from sympy import Expr, Float, Symbol
from sympy.core.relational import Relational

from symcnn.document.blocks import Block, Row, all_rows
from symcnn.errors import SymcnnError
from symcnn.functions import Iverson


@dataclass(frozen=True)
class Witness:
    """The values of all entries at one choice of numbers.

    Attributes:
        measured: The value of an entry, found without the derivation.
        shaken: The same at numbers that differ by little more than rounding: how far the
            two are apart says how many digits of a value rounding has left.
        known: The value, for the many entries that a formula is made of; in a large
            network their values may be computed, each of them being measured in turn
            where it stands on the left of a row.
        slack: Numbers that are no further apart than this, relative to their size, count
            as equal in a bracket: their floats differ where exact numbers tie.
    """

    measured: Callable[[Symbol], float]
    shaken: Callable[[Symbol], float]
    known: Callable[[Symbol], float]
    slack: float = 0.0


_RELATIVE, _ABSOLUTE, _ROUNDINGS = 1e-9, 1e-13, 16


class UnverifiedError(SymcnnError):
    """A row of a document does not hold: a fault of symcnn, not of its user."""


def verify(blocks: Iterable[Block], witnesses: Sequence[Witness]) -> None:
    """Check every row of a document.

    Args:
        blocks: The document.
        witnesses: The first at the problem's numbers, the others anywhere else.

    Raises:
        UnverifiedError: If a row does not hold; the message names it.
    """
    for row in all_rows(blocks):
        _verify(row, witnesses)


def _verify(row: Row, witnesses: Sequence[Witness]) -> None:
    for symbol in row.claim.left:
        for right in row.claim.right(symbol):
            for witness in witnesses:
                _compare(row, symbol, _number(right, witness), witness)
    if row.claim.value is not None:
        _compare(row, row.claim.left[0], float(row.claim.value), witnesses[0])


def _number(expression: Expr, witness: Witness) -> float:
    """Evaluate in floating point, by arithmetic alone where an expression has no more."""
    if expression.is_Symbol:
        return witness.known(expression)
    if expression.is_Number:
        return float(expression)
    if isinstance(expression, Iverson):
        return float(all(_holds(condition, witness) for condition in expression.args))
    arguments = [_number(argument, witness) for argument in expression.args]
    if expression.is_Add:
        return sum(arguments)
    if expression.is_Mul:
        return prod(arguments)
    if expression.is_Pow:
        return float(arguments[0] ** arguments[1])
    return float(expression.func(*map(Float, arguments)))


def _holds(condition: Relational, witness: Witness) -> bool:
    left, right = (_number(side, witness) for side in condition.args)
    if abs(left - right) <= witness.slack * max(abs(left), abs(right)):
        right = left
    return bool(condition.func(left, right))


def _compare(row: Row, symbol: Symbol, found: float, witness: Witness) -> None:
    expected = witness.measured(symbol)
    difference = abs(expected - found)
    if difference <= _ABSOLUTE + _RELATIVE * max(abs(expected), abs(found)):
        return
    if difference <= _ROUNDINGS * abs(expected - witness.shaken(symbol)):
        return  # near-cancellation: no more digits of the value are known
    raise UnverifiedError(
        f"the row {row.left} = {' '.join(row.sides[0].terms)} does not hold: "
        f"{expected!r} on the left, {found!r} on the right; please report this"
    )
