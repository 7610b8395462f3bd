"""The number of digits of a computation, and what it could not decide.

All state of a computation is here, so that two computations, for instance in two threads,
do not interfere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, DivisionByZero, InvalidOperation
from typing import TypeVar

from symcnn import limits

GUARD = 20
"""The digits of the first attempt beyond those that are wanted, for what cancels."""

DIGITS = 50 + GUARD
"""The digits of the first attempt if fifty are returned."""

_TRAPS = [InvalidOperation, DivisionByZero]
"""A number that is too large is no error: its upper end is infinite."""

T = TypeVar("T")


class UndecidedError(Exception):
    """More digits are needed to continue."""


TRY_AGAIN = (UndecidedError, InvalidOperation)
"""What more digits may help: an undecided comparison, or bounds so wide that one is infinite."""


class NoValueError(ArithmeticError):
    """The requested real number does not exist, such as the logarithm of -1."""


def without_value(error: ArithmeticError) -> str:
    """Say what has no value; infinite ends of decimals that meet have no words for it."""
    return beyond() if isinstance(error, InvalidOperation) else str(error)


def beyond() -> str:
    """Say that a number is larger than every decimal."""
    return f"a number above 10^{limits.EXACT_EXPONENT:,}"


class Precision:
    """A number of digits, and the arithmetic that rounds to them: down, and up.

    Attributes:
        digits: The significant digits of every bound.
        last: Whether there will be no further attempt. What is undecided then counts as
            equal, and ``doubts`` says so.
        down: Decimal arithmetic that rounds to the next smaller number.
        up: Decimal arithmetic that rounds to the next larger one.
        doubts: How often numbers that could not be told apart counted as equal.
    """

    __slots__ = ("digits", "doubts", "down", "last", "up")

    def __init__(self, digits: int = DIGITS, *, last: bool = False) -> None:
        """Take the number of digits."""
        self.digits, self.last, self.doubts = digits, last, 0
        self.down, self.up = (rounding_to(digits, mode) for mode in (ROUND_FLOOR, ROUND_CEILING))

    def undecided(self) -> None:
        """Ask for more digits; where there are no more, count a doubt.

        Raises:
            UndecidedError: If there will be a further attempt.
        """
        if not self.last:
            raise UndecidedError
        self.doubts += 1


def rounding_to(digits: int, rounding: str) -> Context:
    """Return decimal arithmetic in which what has no value is an error."""
    largest = limits.EXACT_EXPONENT
    return Context(prec=digits, rounding=rounding, Emin=-largest, Emax=largest, traps=_TRAPS)


def attempts(digits: int = DIGITS) -> Iterator[Precision]:
    """Return precisions of doubling numbers of digits, up to the limit."""
    last = max(digits, limits.EXACT_PRECISION)
    while digits < last:
        yield Precision(digits)
        digits *= 2
    yield Precision(last, last=True)


def certainly(attempt: Callable[[Precision], T]) -> T:
    """Return the first result that is certain."""
    for precision in attempts():
        try:
            return attempt(precision)
        except TRY_AGAIN:
            if precision.last:
                raise
    raise AssertionError("the last attempt returns or raises")
