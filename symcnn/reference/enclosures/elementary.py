"""Exponentials, logarithms and roots of one decimal, enclosed."""

from __future__ import annotations

from decimal import Decimal

from symcnn import limits
from symcnn.reference.enclosures import series
from symcnn.reference.enclosures.precision import Precision

_ZERO, _ONE, _INFINITY = Decimal(0), Decimal(1), Decimal("Infinity")

_NEAR, _LOG_10 = Decimal("2.3"), Decimal("2.3026")
"""Numbers a little below and above the logarithm of 10."""

Ends = tuple[Decimal, Decimal]
"""The lower and the upper end."""


def exp(z: Decimal, precision: Precision) -> Ends:
    """Enclose e to the z; it is positive even if it underflows."""
    far, largest = z.copy_abs(), limits.EXACT_EXPONENT
    if far > precision.up.multiply(_LOG_10, largest + precision.digits):  # beyond all decimals
        low, high = _around(_ZERO if z < 0 else _INFINITY, precision)
    elif precision.digits > series.MANY and far < precision.down.multiply(_NEAR, largest):
        return series.exp(z, precision)
    else:
        low, high = _around(precision.down.exp(z), precision)
    return max(low, _ZERO), high


def log(z: Decimal, precision: Precision) -> Ends:
    """Enclose the logarithm of a positive number."""
    if precision.digits > series.MANY and z != 1:
        return series.log(z, precision)
    return _around(precision.down.ln(z), precision)


def sqrt(z: Decimal, precision: Precision) -> Ends:
    """Enclose the square root of a number that is not negative."""
    low, high = _around(precision.down.sqrt(z), precision)
    return max(low, _ZERO), high


def expm1(z: Decimal, precision: Precision) -> Ends:
    """Enclose exp(z) - 1: near 0 by z <= exp(z) - 1 <= z + z^2, else with more digits."""
    if z == 0:
        return _ZERO, _ZERO
    if z.adjusted() < -precision.digits:
        return z, precision.up.add(z, precision.up.multiply(z, z))
    digits = precision.digits + max(0, -z.adjusted()) + 2
    low, high = exp(z, Precision(digits))
    return precision.down.subtract(low, _ONE), precision.up.subtract(high, _ONE)


def log1p(z: Decimal, precision: Precision) -> Ends:
    """Enclose log(1 + z): near 0 by z - z^2 <= log(1 + z) <= z, else with more digits.

    Far from 0 it lies between log(z) and log(z) + 1/z.
    """
    if z == 0:
        return _ZERO, _ZERO
    if z.adjusted() < -precision.digits:
        return precision.down.subtract(z, precision.up.multiply(z, z)), z
    if z.adjusted() > precision.digits:
        low, high = log(z, precision)
        return low, precision.up.add(high, precision.up.divide(_ONE, z))
    finer = Precision(precision.digits + abs(z.adjusted()) + 2)
    # The sum is exact: z has no more digits than the precision.
    low, high = log(finer.down.add(_ONE, z), finer)
    return precision.down.plus(low), precision.up.plus(high)


def tanh(z: Decimal, precision: Precision) -> Ends:
    """Enclose the hyperbolic tangent, -e/(2 + e) with e = exp(-2 z) - 1; it is odd."""
    if z < 0:
        low, high = tanh(z.copy_negate(), precision)
        return high.copy_negate(), low.copy_negate()
    down, up = precision.down, precision.up
    # As e grows from -1 to 0, -e/(2 + e) falls from 1 to 0.
    smallest, _ = expm1(down.multiply(z, -2), precision)
    _, largest = expm1(up.multiply(z, -2), precision)
    low = down.divide(largest.copy_negate(), up.add(largest, 2))
    return low, up.divide(smallest.copy_negate(), down.add(smallest, 2))


def _around(rounded: Decimal, precision: Precision) -> Ends:
    """Enclose a number that was rounded to the nearest decimal."""
    return precision.down.next_minus(rounded), precision.down.next_plus(rounded)
