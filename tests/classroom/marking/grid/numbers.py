"""Exact numbers: decimals of so many digits that sums and products of short ones are exact."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

DIGITS = 60
SLACK = Decimal("1E-40")
"""Far more than roundings to so many digits move a number, and far less than any figure shows."""


def exactly() -> AbstractContextManager[Context]:
    """Return a context in which decimals are that long."""
    return localcontext(Context(prec=DIGITS, rounding=ROUND_HALF_EVEN))


def unit(number: Decimal, digits: int) -> Decimal:
    """Return the unit of the last of some significant digits; 0 has none, and so no unit."""
    return Decimal(1).scaleb(number.adjusted() - digits + 1) if number else Decimal(0)


def tidy(number: Decimal) -> Decimal:
    """Return a number whose last digits may be rounding errors without them."""
    if abs(number) < SLACK:
        return Decimal(0)
    return Context(prec=DIGITS - 12, rounding=ROUND_HALF_EVEN).plus(number)
