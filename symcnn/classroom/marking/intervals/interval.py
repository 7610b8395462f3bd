"""An interval of numbers, with decimals as ends that are rounded outwards.

    [a, b] + [c, d]  =  [a + c, b + d]        exp [a, b]  =  [exp a, exp b]

Sums and products of short decimals are exact: they need no rounding.

Source: Moore, Kearfott and Cloud, "Introduction to Interval Analysis" (2009).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, Overflow
from fractions import Fraction
from functools import lru_cache

from symcnn.reference.enclosures.enclosure import Precision, modulus, product, raised

DIGITS = 40
"""The digits of an end that is rounded."""

_OUTWARDS = Precision(DIGITS)
_DOWN, _UP = _OUTWARDS.down, _OUTWARDS.up
for _context in (_DOWN, _UP):
    _context.traps[Overflow] = True  # a figure is never so large
_ZERO, _INFINITY = Decimal(0), Decimal("Infinity")

_TINY = Decimal("1E-400")
"""No figure is nearer to 0: the number after 0 has a million places, each of which would count."""


class Interval:
    """All numbers from a to b.

    Attributes:
        a: The least one; minus infinity if there is none.
        b: The greatest one.
    """

    __slots__ = ("a", "b")

    def __init__(self, a: Decimal, b: Decimal) -> None:
        """Take both ends."""
        self.a, self.b = a, b

    def __add__(self, other: Interval) -> Interval:
        """Return all sums."""
        return Interval(_DOWN.add(self.a, other.a), _UP.add(self.b, other.b))

    def __neg__(self) -> Interval:
        """Return all opposite numbers."""
        return Interval(self.b.copy_negate(), self.a.copy_negate())

    def __sub__(self, other: Interval) -> Interval:
        """Return all differences."""
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        """Return all products."""
        if not (self.is_bounded and other.is_bounded):
            return WHOLE
        return Interval(*product((self.a, self.b), (other.a, other.b), _OUTWARDS))

    def __pow__(self, exponent: int) -> Interval:
        """Return all powers with an integer exponent."""
        if exponent < 0:
            return (self**-exponent).inverse
        if exponent % 2 == 0 and self.a < 0:
            return self.size**exponent
        ends = ((self.a, False), (self.b, True))
        return Interval(*(raised(end, exponent, _OUTWARDS, up=up) for end, up in ends))

    @property
    def inverse(self) -> Interval:
        """All quotients of 1 by its numbers; without a bound where 0 is among them."""
        if self.a <= 0 <= self.b:
            if self.a == self.b:
                raise ZeroDivisionError("a division by 0")
            return WHOLE
        return Interval(_DOWN.divide(1, self.b), _UP.divide(1, self.a))

    @property
    def size(self) -> Interval:
        """All absolute values."""
        return Interval(*modulus(self.a, self.b))

    @property
    def root(self) -> Interval:
        """The square roots of the numbers that have one."""
        if self.b < 0:
            raise ArithmeticError("the square root of a negative number")
        return _rising(Decimal.sqrt, Interval(max(self.a, _ZERO), self.b))

    @property
    def exp(self) -> Interval:
        """All exponentials."""
        return _rising(Decimal.exp, self)

    @property
    def log(self) -> Interval:
        """The logarithms of the numbers that have one."""
        if self.b <= 0:
            raise ArithmeticError("the logarithm of a number that is not positive")
        low = _below(_DOWN.ln(self.a)) if self.a > 0 else -_INFINITY
        return Interval(low, _above(_UP.ln(self.b)))

    @property
    def is_bounded(self) -> bool:
        """Whether it has a least and a greatest number."""
        return self.a.is_finite() and self.b.is_finite()

    def __repr__(self) -> str:
        """Show both ends."""
        return f"[{self.a}, {self.b}]"


WHOLE = Interval(-_INFINITY, _INFINITY)
"""All numbers."""


@lru_cache(maxsize=2**14)
def between(least: Fraction, greatest: Fraction) -> Interval:
    """Return the interval between two fractions."""
    low = _DOWN.divide(Decimal(least.numerator), Decimal(least.denominator))
    return Interval(low, _UP.divide(Decimal(greatest.numerator), Decimal(greatest.denominator)))


def widened(low: str, high: str) -> Interval:
    """Return the interval between two numbers that were rounded to its digits."""
    least, greatest = _DOWN.create_decimal(low), _UP.create_decimal(high)
    return Interval(_below(least), _above(greatest))


def meets(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals have a number in common."""
    return one.a <= other.b and other.a <= one.b


def hull(one: Interval, other: Interval) -> Interval:
    """Return the least interval around two."""
    return Interval(min(one.a, other.a), max(one.b, other.b))


def middle(interval: Interval) -> Decimal:
    """Return the number in the middle of an interval."""
    return _UP.divide(_UP.add(interval.a, interval.b), 2)


def _rising(function: Callable[[Decimal, Context], Decimal], at: Interval) -> Interval:
    """Return the values of a function that rises and is not negative, as e^z and the root."""
    low, high = function(at.a, _DOWN), function(at.b, _UP)
    return Interval(max(_ZERO, _below(low)), _above(high))


def _below(end: Decimal) -> Decimal:
    """Return a number that is less than an end by a unit of its last digit."""
    if end.copy_abs() >= _TINY:
        return _DOWN.next_minus(end)
    return _ZERO if end > 0 else -_TINY


def _above(end: Decimal) -> Decimal:
    return _below(end.copy_negate()).copy_negate()  # a minus sign would round
