"""Dual numbers over exact ones: a value, and its slopes by what it was made of.

    (a + a' e) (b + b' e)  =  a b + (a b' + a' b) e,     e^2 = 0

so arithmetic on values carries derivatives along, with no formula for any of them. A
number is a fraction as long as only rational operations made it, and has 70 digits
from a square root, an exponential or a logarithm on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any

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
Slopes = Mapping[Any, Number]

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
    """Return a b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    return CONTEXT.multiply(decimal(a), decimal(b))


def sign(a: Number, b: Number) -> int:
    """Return the sign of a - b; 0 where rounded numbers differ by rounding alone."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    difference = minus(a, b)
    if size(difference) <= times(_SAME, max(size(a), size(b))):
        return 0
    return 1 if difference > 0 else -1


class Dual:
    """A value with its slopes: by each key, how fast it changes with what the key names."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Number, slopes: Slopes | None = None) -> None:
        """Take a value; without slopes it is a constant."""
        self.value: Number = value
        self.slopes: Slopes = slopes or {}

    def __add__(self, other: Dual) -> Dual:
        """Return the sum."""
        return Dual(plus(self.value, other.value), _sum(self.slopes, other.slopes))

    def __mul__(self, other: Dual) -> Dual:
        """Return the product, by the product rule."""
        mine, others = _scaled(self.slopes, other.value), _scaled(other.slopes, self.value)
        return Dual(times(self.value, other.value), _sum(mine, others))

    def __neg__(self) -> Dual:
        """Return the negative."""
        return self.scaled(-ONE)

    def scaled(self, factor: Number) -> Dual:
        """Return the product with a constant."""
        return Dual(times(self.value, factor), _scaled(self.slopes, factor))

    def through(self, value: Number, slope: Number) -> Dual:
        """Return f of this number, given f and f' at its value."""
        return Dual(value, _scaled(self.slopes, slope))

    def power(self, exponent: Fraction) -> Dual:
        """Return this number to a rational power."""
        if not self.slopes:
            return Dual(_power(self.value, exponent))
        below = _power(self.value, exponent - 1)
        return self.through(times(below, self.value), times(exponent, below))


def exp(z: Dual) -> Dual:
    """Return e to the z; e to the 0 is exactly 1."""
    value = ONE if z.value == 0 else CONTEXT.exp(decimal(z.value))
    return z.through(value, value)


def log(z: Dual) -> Dual:
    """Return the natural logarithm; that of 1 is exactly 0."""
    value = ZERO if z.value == 1 else CONTEXT.ln(decimal(z.value))
    return z.through(value, _power(z.value, -ONE))


def total(terms: Iterable[Dual]) -> Dual:
    """Return the sum."""
    made = Dual(ZERO)
    for term in terms:
        made = made + term
    return made


def _power(value: Number, exponent: Fraction) -> Number:
    if exponent.denominator == 1 and isinstance(value, Fraction):
        return Fraction(value**exponent.numerator)
    if exponent == Fraction(1, 2):
        return CONTEXT.sqrt(decimal(value))
    return CONTEXT.power(decimal(value), decimal(exponent))


def _scaled(slopes: Slopes, factor: Number) -> Slopes:
    return {key: times(slope, factor) for key, slope in slopes.items()}


def _sum(mine: Slopes, others: Slopes) -> Slopes:
    if not others:
        return mine
    if not mine:
        return others
    made = dict(mine)
    for key, slope in others.items():
        made[key] = plus(made[key], slope) if key in made else slope
    return made
