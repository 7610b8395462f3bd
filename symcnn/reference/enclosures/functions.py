"""Functions of enclosures: each is monotone, and is evaluated at both ends.

Python's decimal exponentials, logarithms and square roots are rounded correctly, to the
nearest number of so many digits; its two neighbours enclose the exact value. The slopes of
sines, cosines and arctangents lie between -1 and 1, so that over an interval each is at most
half the width away from its value in the middle, which is mpmath's.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import isqrt
from typing import Any, TypeGuard

from mpmath import libmp  # type: ignore[import-untyped]  # it ships no types

from symcnn.equations.values.multiprecision import MULTIPRECISION
from symcnn.reference.enclosures import elementary
from symcnn.reference.enclosures.binary import fraction
from symcnn.reference.enclosures.enclosure import (
    NOTHING,
    ONE,
    ZERO,
    Enclosure,
    Ends,
    Number,
    added_to_one,
    ends,
    inverse,
    size,
    whole_power,
)
from symcnn.reference.enclosures.precision import NoValueError, Precision
from symcnn.reference.enclosures.residues import is_zero

Point = Callable[[Decimal, Precision], Ends]
"""Encloses the value of a function at a decimal."""


def exp(z: Number, precision: Precision) -> Number:
    """Return e to the z; e to the 0 is exactly 1."""
    return ONE if z == ZERO else _increasing("exp", elementary.exp, z, precision)


def expm1(z: Number, precision: Precision) -> Number:
    """Return exp(z) - 1, without cancellation near 0."""
    return ZERO if z == ZERO else _increasing("expm1", elementary.expm1, z, precision)


def log(z: Number, precision: Precision) -> Number:
    """Return the natural logarithm: that of 1 is exactly 0, that of 1/(1 + e) is -log1p(e)."""
    if z == ONE or is_zero(z - ONE):  # a softmax sums to 1
        return ZERO
    if (e := added_to_one(z)) is not None:
        return -log1p(e, precision)
    if _is_beyond(z) and z.made[0] == "+" and z.made[2] == ONE:
        return log1p(z.made[1], precision)
    _positive(z, precision)
    return _increasing("log", elementary.log, z, precision)


def log1p(z: Number, precision: Precision) -> Number:
    """Return log(1 + z), without cancellation near 0; that of e^x is also x + log(1 + e^-x)."""
    if z == ZERO:
        return ZERO
    if _is_beyond(z) and z.made[0] == "exp":
        exponent: Number = z.made[1]
        return exponent + log1p(exp(-exponent, precision), precision)
    _positive(z + ONE, precision)
    return _increasing("log1p", elementary.log1p, z, precision)


def tanh(z: Number, precision: Precision) -> Number:
    """Return the hyperbolic tangent."""
    if z == ZERO:
        return ZERO
    made = _increasing("tanh", elementary.tanh, z, precision)
    made.made = ("tanh", z, partial(_slope_of_tanh, z, precision))
    return made


def _slope_of_tanh(z: Number, precision: Precision) -> Number:
    """Return 1 - tanh(z)^2 = 4 e/(1 + e)^2 with e = exp(-2 |z|), which does not cancel."""
    e = exp(size(z) * Fraction(-2), precision)
    share = inverse(e + ONE)
    return e * share * share * Fraction(4)


def erf(z: Number, precision: Precision) -> Number:
    """Return the error function."""
    return ZERO if z == ZERO else _increasing("erf", elementary.erf, z, precision)


def erfc(z: Number, precision: Precision) -> Number:
    """Return 1 - erf(z), without cancellation far on the right."""
    if z == ZERO:
        return ONE
    lower, upper = ends(z, precision)
    found = elementary.erfc(upper, precision)[0], elementary.erfc(lower, precision)[1]
    return Enclosure(found, precision, ("erfc", z))


def sqrt(z: Number, precision: Precision) -> Number:
    """Return the square root; that of a square of a fraction is a fraction."""
    if isinstance(z, Fraction):
        if z < 0:
            raise NoValueError(f"the square root of {shown(z)}")
        p, q = isqrt(z.numerator), isqrt(z.denominator)
        if p * p == z.numerator and q * q == z.denominator:
            return Fraction(p, q)
    elif z.lower < 0:
        if z.upper < 0:
            raise NoValueError(f"the square root of {shown(z)}")
        if is_zero(z):
            return ZERO
        precision.undecided()
        z = Enclosure((NOTHING, z.upper), precision, z.made)
    return _increasing("sqrt", elementary.sqrt, z, precision)


def power(z: Number, exponent: Fraction, precision: Precision) -> Number:
    """Return a rational power."""
    if exponent.denominator == 1:
        return whole_power(z, exponent.numerator)
    if exponent.denominator == 2:
        return whole_power(sqrt(z, precision), exponent.numerator)
    if z == ZERO and exponent > 0:
        return ZERO
    _positive(z, precision)
    return exp(log(z, precision) * exponent, precision)


def sign(a: Number, b: Number) -> int:
    """Return the sign of a - b.

    Raises:
        UndecidedError: If more digits are needed to tell.
    """
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    difference = a - b
    if isinstance(difference, Fraction):
        return (difference > 0) - (difference < 0)
    if difference.lower > 0:
        return 1
    if difference.upper < 0:
        return -1
    if not is_zero(difference):
        difference.precision.undecided()
    return 0


def shown(number: Number) -> str:
    """Return a number to a few digits, for messages."""
    if isinstance(number, Fraction) and len(str(number)) <= 12:
        return str(number)
    if isinstance(number, Enclosure) and number.has_zero:
        return "0, or nearly so,"
    middle = number.lower if isinstance(number, Enclosure) else ends(number, Precision())[0]
    return f"{middle:.6g}"


def _is_beyond(z: Number) -> TypeGuard[Enclosure]:
    """Tell whether a number may be larger than every decimal."""
    return isinstance(z, Enclosure) and z.upper.is_infinite()


def _positive(z: Number, precision: Precision) -> None:
    """Require a positive number.

    Raises:
        NoValueError: If a number is 0 or negative.
        UndecidedError: If it may be.
    """
    low, high = (z, z) if isinstance(z, Fraction) else (z.lower, z.upper)
    if low > 0:
        return
    is_nothing = isinstance(z, Fraction) or z.is_too_small
    if high > 0 and not is_nothing and not is_zero(z):
        precision.undecided()
    raise NoValueError(f"the logarithm of {shown(ZERO if is_zero(z) else z)}")


def _increasing(name: str, at: Point, z: Number, precision: Precision) -> Enclosure:
    """Evaluate an increasing function at both ends."""
    lower, upper = ends(z, precision)
    found = at(lower, precision)[0], at(upper, precision)[1]
    return Enclosure(found, precision, (name, z))


_GUARD = 64
"""The bits beyond the digits: mpmath errs in the last few of its own."""


def floor(z: Number, precision: Precision) -> Number:
    """Return the largest integer that is not above it.

    Raises:
        UndecidedError: If more digits are needed to tell.
    """
    if isinstance(z, Fraction):
        return Fraction(z.numerator // z.denominator)
    low, high = (Fraction(end) for end in (z.lower, z.upper))
    above = Fraction(high.numerator // high.denominator)
    if low < above and not is_zero(z - above):
        z.precision.undecided()
    return above


def sin(z: Number, precision: Precision) -> Number:
    """Return the sine; that of 0 is exactly 0."""
    return ZERO if z == ZERO else _enclosed("sin", libmp.mpf_sin, z, precision)


def cos(z: Number, precision: Precision) -> Number:
    """Return the cosine; that of 0 is exactly 1."""
    return ONE if z == ZERO else _enclosed("cos", libmp.mpf_cos, z, precision)


def atan(z: Number, precision: Precision) -> Number:
    """Return the arctangent; that of 0 is exactly 0."""
    return ZERO if z == ZERO else _enclosed("atan", libmp.mpf_atan, z, precision)


def _enclosed(
    name: str, function: Callable[..., Any], z: Number, precision: Precision
) -> Enclosure:
    lower, upper = (z, z) if isinstance(z, Fraction) else (Fraction(z.lower), Fraction(z.upper))
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    bits = 4 * precision.digits + _GUARD
    # Rounding the argument moves the value by as much at most, and small values are as small.
    size = abs(abs(middle.numerator).bit_length() - middle.denominator.bit_length()) + 1
    with MULTIPRECISION:
        argument = libmp.from_rational(
            middle.numerator, middle.denominator, bits + size, libmp.round_nearest
        )
        value = fraction(function(argument, bits + size, libmp.round_nearest))
    radius = half + Fraction(1, 2 ** (bits + size - _GUARD // 2))
    found = ends(value - radius, precision)[0], ends(value + radius, precision)[1]
    return Enclosure(found, precision, (name, z))
