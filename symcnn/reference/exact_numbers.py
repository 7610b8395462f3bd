"""Exact numbers: fractions, and 70 digits of what is not rational.

A number is a fraction as long as only rational operations made it, and a decimal from a
square root, an exponential or a logarithm on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any

import mpmath  # type: ignore[import-untyped]  # it ships no types
from sympy import Expr

DIGITS = 70
"""The digits of a number that is not rational."""

CONTEXT = Context(
    prec=DIGITS,
    Emax=MAX_EMAX,
    Emin=MIN_EMIN,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""What has no value here, as the logarithm of a negative number, is an error."""

_SAME = Fraction(1, 10**50)
"""Two rounded numbers that are closer than this, relative to their size, are equal."""

Number = Fraction | Decimal
ZERO, ONE = Fraction(0), Fraction(1)


@contextmanager
def twice_the_digits() -> Iterator[None]:
    """Compute with twice the digits: what is rounding changes, what is not stays."""
    CONTEXT.prec = 2 * DIGITS
    try:
        yield
    finally:
        CONTEXT.prec = DIGITS


def decimal(number: Number) -> Decimal:
    """Return a number rounded to the digits that are computed with."""
    if isinstance(number, Decimal):
        return number
    return CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def plus(a: Number, b: Number) -> Number:
    """Return a + b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    return CONTEXT.add(decimal(a), decimal(b))


def minus(a: Number, b: Number) -> Number:
    """Return a - b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a - b
    return CONTEXT.subtract(decimal(a), decimal(b))


def size(a: Number) -> Number:
    """Return |a|; Python's ``abs`` would round a decimal to 28 digits."""
    return a.copy_abs() if isinstance(a, Decimal) else abs(a)


def times(a: Number, b: Number) -> Number:
    """Return a b; an exact 0 times a rounded number is exactly 0."""
    if isinstance(a, Fraction):
        if isinstance(b, Fraction):
            return a * b
        if not a:
            return ZERO
    elif isinstance(b, Fraction) and not b:
        return ZERO
    return CONTEXT.multiply(decimal(a), decimal(b))


def sign(a: Number, b: Number) -> int:
    """Return the sign of a - b; 0 where rounded numbers differ by rounding alone."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    difference = minus(a, b)
    if size(difference) <= times(_SAME, max(size(a), size(b))):
        return 0
    return 1 if difference > 0 else -1


def power(value: Number, exponent: Fraction) -> Number:
    """Return a rational power."""
    if exponent.denominator == 1 and isinstance(value, Fraction):
        return Fraction(value**exponent.numerator)
    if exponent == Fraction(1, 2):
        return CONTEXT.sqrt(decimal(value))
    return CONTEXT.power(decimal(value), decimal(exponent))


def exp(z: Number) -> Number:
    """Return e to the z; e to the 0 is exactly 1."""
    return ONE if z == 0 else CONTEXT.exp(decimal(z))


def log(z: Number) -> Number:
    """Return the natural logarithm; that of 1 is exactly 0."""
    return ZERO if z == 1 else CONTEXT.ln(decimal(z))


def exact_number(number: Expr) -> Number:
    """Return a SymPy number: a fraction if it is rational, else a decimal."""
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    if number.is_Float:  # far faster than by way of its text
        sign_bit, mantissa, exponent, _ = number._mpf_
        value = CONTEXT.multiply(
            Decimal(int(mantissa)), CONTEXT.power(Decimal(2), Decimal(exponent))
        )
        return value.copy_negate() if sign_bit else value
    return Decimal(str(number.evalf(CONTEXT.prec)))


def with_slope(name: str, z: Number) -> tuple[Number, Number]:
    """Return any other analytic function, by mpmath's name for it, and its slope.

    A complex step gives the slope with the value: one as small as the last digit, on three
    times the digits, for the imaginary part has its own.
    """
    with mpmath.workdps(3 * CONTEXT.prec):
        step = mpmath.mpf(10) ** -CONTEXT.prec
        made = getattr(mpmath, name)(mpmath.mpc(_multiprecision(z), step))
        return _decimal(made.real), _decimal(made.imag / step)


def _decimal(number: Any) -> Decimal:
    return Decimal(mpmath.nstr(number, CONTEXT.prec))


def _multiprecision(number: Number) -> Any:
    if isinstance(number, Fraction):
        return mpmath.mpf(number.numerator) / number.denominator
    return mpmath.mpf(str(number))
