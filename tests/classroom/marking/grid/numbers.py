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
    """Return the unit of the last of some significant digits of a number that is rounded to them.

    0.9996 is 1.00 to three digits, whose unit is 0.01; 0 has no first digit, and so no unit.
    """
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number)
    return Decimal(1).scaleb(rounded.adjusted() - digits + 1) if rounded else Decimal(0)


def tidy(number: Decimal) -> Decimal:
    """Return a number whose last digits may be rounding errors without them."""
    return Context(prec=DIGITS - 12, rounding=ROUND_HALF_EVEN).plus(number)
