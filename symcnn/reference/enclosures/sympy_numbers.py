"""Conversion between SymPy's numbers and exact ones."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from mpmath import libmp  # type: ignore[import-untyped]  # it ships no types
from sympy import Expr, Float, Integer, Rational, S

from symcnn import limits
from symcnn.equations.values.multiprecision import MULTIPRECISION
from symcnn.reference.enclosures.binary import fraction
from symcnn.reference.enclosures.enclosure import (
    ONE,
    SHORT,
    Enclosure,
    Number,
    ends,
    size,
    whole_power,
)
from symcnn.reference.enclosures.functions import exp
from symcnn.reference.enclosures.precision import NoValueError, Precision, beyond
from symcnn.reference.enclosures.residues import is_zero

_SHORT = Context(prec=15)
"""How many digits a number has that is proved to be a decimal."""

_MODERATE = 100
"""A decimal of a larger or a smaller order is no short one, and a fraction of many digits."""


def from_sympy(number: Expr, precision: Precision) -> Number:
    """Return a number of SymPy's exactly: a float as the fraction that it represents.

    Raises:
        NoValueError: If it is not real, or infinite.
    """
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    if number.is_Float:
        return _binary(number, precision)
    if number is S.Exp1:
        return exp(ONE, precision)
    if not (number.is_real and number.is_finite):
        raise NoValueError("what is no real number")
    digits = precision.digits + 10
    with MULTIPRECISION:
        found = fraction(number.evalf(digits)._mpf_)
    error = abs(found) / 10**precision.digits
    around = ends(found - error, precision)[0], ends(found + error, precision)[1]
    return Enclosure(around, precision, ("number", number))


def _binary(number: Float, precision: Precision) -> Number:
    """Return n 2^k, as a fraction unless that would hold thousands of digits."""
    sign, n, k, _ = number._mpf_
    if abs(k) <= SHORT:
        return fraction(number._mpf_)
    two = Enclosure((Decimal(2), Decimal(2)), precision, ("number", Integer(2)))
    return whole_power(two, k) * Fraction(int(-n if sign else n))


def to_decimal(number: Expr) -> Decimal:
    """Return a decimal for a real number of SymPy's, correct to more digits than it has.

    That is also what ``str`` is for, which computes with the digits of log(2) and log(10) that
    mpmath shares between threads.
    """
    precision = Precision()
    lower, _ = ends(from_sympy(number, precision), precision)
    return lower


def to_sympy(number: Number, digits: int) -> Expr:
    """Return what a number exactly is, or the nearest float of so many digits: all are certain.

    Raises:
        NoValueError: If the number is too large.
        UndecidedError: If more digits are needed to tell which one is nearest.
    """
    if isinstance(number, Fraction):
        return Rational(number.numerator, number.denominator)
    if (decimal := _decimal(number)) is not None:
        return Rational(decimal.numerator, decimal.denominator)
    if not (number.lower.is_finite() and number.upper.is_finite()):
        if not _is_too_large(number):
            number.precision.undecided()
        raise NoValueError(beyond())
    if _is_too_small(number):
        number.precision.doubts += 1
        return Float(0, digits)
    lower, upper = (_nearest(end, digits) for end in (number.lower, number.upper))
    if lower != upper:
        number.precision.undecided()
        return Float(0, digits) if number.has_zero else lower
    return lower


def _decimal(number: Enclosure) -> Fraction | None:
    """Return the short decimal that a number certainly is: 1 for the sum of a softmax.

    A decimal inside of a narrow enclosure is asked for, and its difference from the number
    is proved to be 0.
    """
    if is_zero(number):
        return Fraction(0)
    if not (number.lower.is_finite() and number.upper.is_finite()):
        return None
    short = _SHORT.plus(number.upper)
    if abs(short.adjusted()) > _MODERATE or not number.lower <= short <= number.upper:
        return None
    found = Fraction(short)
    return found if is_zero(number - found) else None


def _is_too_large(number: Enclosure) -> bool:
    """Tell whether both ends are, so that more digits do not help."""
    least = min(number.lower.copy_abs(), number.upper.copy_abs())
    same = number.lower.is_signed() == number.upper.is_signed()
    return same and (not least.is_finite() or least.adjusted() > limits.EXACT_EXPONENT * 9 // 10)


def _is_too_small(number: Enclosure) -> bool:
    """Tell whether a number is too close to 0 for any precision to distinguish it from 0."""
    _, largest = ends(size(number), number.precision)
    return number.has_zero and largest.adjusted() < -limits.EXACT_EXPONENT * 9 // 10


_GUARD_BITS = 64
"""So many more are seldom not enough to round as all would."""


def _nearest(end: Decimal, digits: int) -> Float:
    """Return the float that is nearest to a decimal."""
    bits = libmp.dps_to_prec(digits)
    sign, written, exponent = end.as_tuple()
    assert isinstance(exponent, int), "the ends are finite"
    whole = libmp.from_int(int(Decimal((sign, written, 0))))
    # 10^n = 5^n 2^n, and the power of 2 is no work.
    found = _around(whole, exponent, bits)
    if found is None:
        above = libmp.mpf_mul(whole, libmp.from_int(5 ** max(exponent, 0)))
        below = libmp.from_int(5 ** max(-exponent, 0))
        found = libmp.mpf_div(above, below, bits, libmp.round_nearest)
    return Float(libmp.mpf_shift(found, exponent), precision=bits)


def _around(whole: Any, exponent: int, bits: int) -> Any:
    """Return the float that is nearest to m 5^n, if a bound below and one above tell it."""
    finer = bits + whole[-1] + _GUARD_BITS
    bounds = (
        libmp.mpf_mul(whole, libmp.mpf_pow_int(libmp.from_int(5), exponent, finer, rounding))
        for rounding in (libmp.round_down, libmp.round_up)
    )
    lower, upper = (libmp.mpf_pos(bound, bits, libmp.round_nearest) for bound in bounds)
    return lower if lower == upper else None
