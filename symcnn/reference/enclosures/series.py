"""Exponentials and logarithms to many digits, faster than the decimal module's own.

    e^z    =  10^k (e^(r/2^n))^(2^n) with z = k log(10) + r, and the series of a small exponent
    log x  =  y + log(x e^-y), of which the last part is nearly 0

Brent and Zimmermann, "Modern Computer Arithmetic" (2010), sections 4.3 and 4.4. Python's
integers are multiplied in half the time of decimals of as many digits.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from math import isqrt

from symcnn.reference.enclosures.enclosure import Precision, rounding_to

MANY = 250
"""Up to so many digits the decimal module is as fast."""

_ONE = Decimal(1)

_APART = 6
"""In how many sums the terms of a small exponent's series are summed up."""

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

    Numbers below are integers n that stand for n/2^bits. Each of less than 2^16 operations
    errs by a unit, and each squaring doubles what has come together: the guard bits.
    """
    squarings = isqrt(digits) // 2
    places = digits + 6
    bits = squarings + 16 + places * 10 // 3
    tens, rest = _without_tens(z, places, bits)
    total = sum_of_quotients(rest >> squarings, bits, 1, 1, _APART)
    for _ in range(squarings):
        total = total * total >> bits
    decimal = Decimal(total * 10**places >> bits)
    return rounding_to(places + 2, ROUND_HALF_EVEN).scaleb(decimal, tens - places)


def _without_tens(z: Decimal, places: int, bits: int) -> tuple[int, int]:
    """Return k and r 2^bits with z = k log(10) + r, where r is at least 0 and below log(10)."""
    before = max(0, z.adjusted()) + 1
    places += before
    scaled = rounding_to(places + before, ROUND_HALF_EVEN).scaleb(z, places)
    tens, rest = divmod(int(scaled), _log_of_ten(places))
    return tens, (rest << bits) // 10**places


@lru_cache(maxsize=64)
def _log_of_ten(places: int) -> int:
    """Return log(10) = 46 artanh(1/31) + 34 artanh(1/49) + 20 artanh(1/161), times 10^places."""
    one = 10 ** (places + 8)
    parts = ((46, 31), (34, 49), (20, 161))
    return sum(factor * _artanh_of_inverse(x, one) for factor, x in parts) // 10**8


def _artanh_of_inverse(x: int, one: int) -> int:
    """Return the sum of x^-n/n over odd n."""
    power, total, n = one // x, 0, 1
    while power:
        total += power // n
        power, n = power // x**2, n + 2
    return total


def sum_of_quotients(factor: int, bits: int, first: int, step: int, apart: int) -> int:
    """Return the sum of x^n/(d_1 ... d_n) times 2^bits.

    Terms with the same n modulo m are summed apart, so that only every m-th one takes a long
    multiplication (Smith 1989; Brent and Zimmermann, section 4.4.3).

    Args:
        factor: x, times 2^bits; not negative.
        bits: The binary places.
        first: The first divisor d_1.
        step: How much a divisor is larger than the one before it.
        apart: m.
    """
    power = 1 << bits
    for _ in range(apart):
        power = power * factor >> bits
    sums, term, divisor = [0] * apart, 1 << bits, first
    while term:
        for n in range(apart):
            sums[n] += term
            term //= divisor
            divisor += step
        term = term * power >> bits
    total = 0
    for part in reversed(sums):
        total = part + (total * factor >> bits)
    return total


def _power_of_ten(exponent: int) -> Decimal:
    return Decimal((0, (1,), exponent))
