"""Exponentials, logarithms, roots and the error function of one decimal, enclosed.

For x > 0 all terms of the series are positive, so that nothing cancels:

    erf(x)   =  2/sqrt(pi) e^(-x^2) (x + 2 x^3/3 + 4 x^5/(3*5) + ...)
    erfc(x)  =  e^(-x^2)/(x sqrt(pi)) (1 - 1/(2 x^2) + 1*3/(2 x^2)^2 - ...)

The second series encloses what it stands for: a partial sum is off by less than the next
term, in the direction of that term (Olver, "Asymptotics and Special Functions", 1974). Its
terms become small enough where x is large.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache

from symcnn import limits
from symcnn.reference.enclosures import series
from symcnn.reference.enclosures.enclosure import (
    ONE,
    Enclosure,
    Ends,
    Number,
    Precision,
    ends,
    inverse,
    size,
)
from symcnn.reference.enclosures.series import sum_of_quotients

_ZERO, _ONE, _INFINITY = Decimal(0), Decimal(1), Decimal("Infinity")

_NEAR, _LOG_10 = Decimal("2.3"), Decimal("2.3026")
"""Numbers a little below and above the logarithm of 10."""


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


_NONE = ("number",)

_APART = 8
"""In how many sums the terms of the series are summed up."""


def erf(x: Decimal, precision: Precision) -> Ends:
    """Enclose the error function, which is odd."""
    if x < 0:
        lower, upper = erf(x.copy_negate(), precision)
        return upper.copy_negate(), lower.copy_negate()
    if _is_far(x, precision):
        return ends(ONE - _by_tail(x, precision), precision)
    return ends(_by_series(x, precision), precision)


def erfc(x: Decimal, precision: Precision) -> Ends:
    """Enclose 1 - erf(x)."""
    if x < 0:
        return ends(ONE + _enclosed(erf(x.copy_negate(), precision), precision), precision)
    if _is_far(x, precision):
        return ends(_by_tail(x, precision), precision)
    # e^(-x^2) says how many digits the difference from 1 loses.
    finer = Precision(precision.digits + int(x * x / 2) + 5)
    lower, upper = ends(ONE - _by_series(x, finer), finer)
    return precision.down.plus(lower), precision.up.plus(upper)


def _is_far(x: Decimal, precision: Precision) -> bool:
    """Tell whether some term of the asymptotic series is below the last digit."""
    return x > 4 and x * x > Decimal("2.31") * (precision.digits + 4)


def _by_series(x: Decimal, precision: Precision) -> Number:
    """Return erf(x) by the series of positive terms."""
    z = _enclosed((x, x), precision)
    total, unit = _sum_of_series(x, precision.digits)
    error = total // 10 ** (precision.digits + 2) + 1
    low = precision.down.divide(total - error, unit)
    high = precision.up.divide(total + error, unit)
    return _enclosed((low, high), precision) * z * Fraction(2) * _gauss(z * z, precision)


def _sum_of_series(x: Decimal, digits: int) -> tuple[int, int]:
    """Return the sum of (2 x^2)^n/(1 * 3 * ... * (2 n + 1)) as an integer and its unit.

    An operation errs by a unit. A term waits for up to m factors, each below 2^30, which its
    digits must outlast, and there are less than 2^30 terms: the guard bits.
    """
    guard = 64 + 30 * _APART
    bits = digits * 10 // 3 + guard
    above, below = x.as_integer_ratio()
    factor = (2 * above * above << bits) // (below * below)
    return sum_of_quotients(factor, bits, 3, 2, _APART), 1 << bits


def _by_tail(x: Decimal, precision: Precision) -> Number:
    """Return erfc(x) by the series that encloses it."""
    z = _enclosed((x, x), precision)
    square = z * z
    ratio = inverse(square * Fraction(2))
    total: Number = ONE
    term: Number = ratio * Fraction(-1)
    smallest, n = Fraction(1, 10 ** (precision.digits + 2)), 1
    while (rest := ends(size(term), precision)[1]) > smallest:
        n += 1
        total, term = total + term, term * ratio * Fraction(1 - 2 * n)
    total = total + _enclosed((rest.copy_negate(), rest), precision)
    return total * inverse(z) * _gauss(square, precision)


def _gauss(square: Number, precision: Precision) -> Number:
    """Return e^(-x^2) / sqrt(pi)."""
    lower, upper = ends(-square, precision)
    powers = exp(lower, precision)[0], exp(upper, precision)[1]
    low, high = pi(precision)
    roots = sqrt(low, precision)[0], sqrt(high, precision)[1]
    return _enclosed(powers, precision) * inverse(_enclosed(roots, precision))


def pi(precision: Precision) -> Ends:
    """Enclose pi."""
    places = 1 << precision.digits.bit_length()
    whole, unit = _pi(places), Decimal(10**places)
    return precision.down.divide(whole - 1, unit), precision.up.divide(whole + 1, unit)


@cache
def _pi(places: int) -> int:
    """Return pi in units of the last place: 16 arctan(1/5) - 4 arctan(1/239) (Machin, 1706)."""
    one = 10 ** (places + 10)
    return (16 * _arctan(5, one) - 4 * _arctan(239, one)) // 10**10


def _arctan(n: int, one: int) -> int:
    """Return arctan(1/n) in units of 1/one, by its series."""
    power, total, odd = one // n, 0, 1
    while power:
        total += power // odd if odd % 4 == 1 else -(power // odd)
        power, odd = power // (n * n), odd + 2
    return total


def _enclosed(ends: Ends, precision: Precision) -> Enclosure:
    return Enclosure(ends, precision, _NONE)
