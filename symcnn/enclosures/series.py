"""Exponentials and logarithms to many digits, faster than the decimal module's own.

    e^z    =  (e^(z/2^k))^(2^k), and the series of a small exponent
    log x  =  y + log(x e^-y), of which the last part is nearly 0

Brent and Zimmermann, "Modern Computer Arithmetic" (2010), sections 4.3 and 4.4.2.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from math import isqrt

from symcnn.enclosures.precision import Precision, rounding_to

MANY = 250
"""Up to so many digits the decimal module is as fast."""

_ONE = Decimal(1)

_KEPT = 2**11
"""How many results are kept, of some kilobytes at most: a row reads what the forward pass read."""

Ends = tuple[Decimal, Decimal]


def exp(z: Decimal, precision: Precision) -> Ends:
    """Enclose e to the z."""
    value, unit = _exp(z, precision.digits), _power_of_ten(-precision.digits - 2)
    error = precision.up.multiply(value, unit)
    return precision.down.subtract(value, error), precision.up.add(value, error)


def log(x: Decimal, precision: Precision) -> Ends:
    """Enclose the logarithm of a positive number other than 1.

    With r = x e^-y - 1, which is small, r - r^2 <= log(1 + r) <= r.
    """
    return _log(x, precision.digits)


@lru_cache(maxsize=_KEPT)
def _log(x: Decimal, digits: int) -> Ends:
    precision = Precision(digits)
    y = rounding_to(MANY, ROUND_HALF_EVEN).ln(x)
    finer = Precision(precision.digits + max(0, -y.adjusted()) + 5)
    reached = MANY
    while reached < finer.digits:
        reached = min(3 * reached - 10, finer.digits)
        y = _improved(y, x, reached)
    low, high = exp(y.copy_negate(), finer)
    least = finer.down.subtract(finer.down.multiply(x, low), _ONE)
    most = finer.up.subtract(finer.up.multiply(x, high), _ONE)
    least = finer.down.subtract(least, finer.up.multiply(least, least))
    return precision.down.add(y, least), precision.up.add(y, most)


def _improved(y: Decimal, x: Decimal, digits: int) -> Decimal:
    """Return a number three times as near to log(x), by Halley's iteration."""
    finer = rounding_to(digits, ROUND_HALF_EVEN)
    rest = finer.multiply(x, _exp(y.copy_negate(), digits))
    quotient = finer.divide(finer.subtract(rest, _ONE), finer.add(rest, _ONE))
    return finer.add(y, finer.multiply(2, quotient))


@lru_cache(maxsize=_KEPT)
def _exp(z: Decimal, digits: int) -> Decimal:
    """Return e to the z, wrong by less than a unit in the fourth digit beyond those asked for.

    Each of some thousand operations errs by half a unit in the last digit, and a squaring
    doubles what has come together: the guard digits are those of 2^k, and ten.
    """
    halvings = isqrt(digits) + max(0, 4 * (z.adjusted() + 1))
    finer = rounding_to(digits + halvings // 3 + 10, ROUND_HALF_EVEN)
    small = finer.divide(z, Decimal(2**halvings))
    term, total, n = _ONE, _ONE, 0
    while finer.add(total, term) != total or not n:
        n += 1
        term = finer.divide(finer.multiply(term, small), Decimal(n))
        total = finer.add(total, term)
    for _ in range(halvings):
        total = finer.multiply(total, total)
    return total


def _power_of_ten(exponent: int) -> Decimal:
    return Decimal((0, (1,), exponent))
