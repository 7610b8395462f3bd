"""Ranges: all values that an operation can have at numbers that are known to some digits.

The ends are rounded to so many digits that this does not matter, and nothing raises an error: where
a number may have no value, every number is possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.classroom.marking.simulation.arrays import ONE, ZERO

HUGE = Decimal("1E+1000")
_STEEP, _TINY = Decimal(5000), Decimal("1E-30")


class Range:
    """All numbers from one to another."""

    __slots__ = ("high", "low")

    def __init__(self, low: Decimal, high: Decimal) -> None:
        self.low, self.high = low, high

    def __add__(self, other: Any) -> Range:
        other = of(other)
        return Range(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def __sub__(self, other: Any) -> Range:
        return self + -of(other)

    def __rsub__(self, other: Any) -> Range:
        return of(other) + -self

    def __mul__(self, other: Any) -> Range:
        if not isinstance(other, Range):
            ends = (self.low * other, self.high * other)
            return Range(*ends) if other >= 0 else Range(*ends[::-1])
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(ends), max(ends))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Range:
        return self * (of(other).inverse if isinstance(other, Range) else ONE / other)

    def __rtruediv__(self, other: Any) -> Range:
        return self.inverse * other

    def __pow__(self, exponent: int) -> Range:
        assert exponent == 2, "networks square, and raise to no other power"
        ends = sorted((self.low**2, self.high**2))
        return Range(ZERO if self.low <= 0 <= self.high else ends[0], ends[1])

    @property
    def inverse(self) -> Range:
        if self.low <= 0 <= self.high:
            return WHOLE
        return Range(ONE / self.high, ONE / self.low)

    def exp(self) -> Range:
        low = ZERO if self.low < -_STEEP else min(self.low, _STEEP).exp()
        return Range(low, HUGE if self.high > _STEEP else max(self.high, -_STEEP).exp())

    def ln(self) -> Range:
        high = self.high.ln() if self.high > 0 else HUGE
        return Range(self.low.ln() if self.low > 0 else -HUGE, high)

    def sqrt(self) -> Range:
        return Range(max(self.low, ZERO).sqrt(), max(self.high, ZERO).sqrt())

    def slope_at(self, left: Decimal) -> Range | Decimal:
        """Return 1 right of 0, and another slope left of it; both where the range has both."""
        if self.low > 0:
            return ONE
        return left if self.high <= 0 else Range(left, ONE)

    @staticmethod
    def greatest(numbers: Sequence[Any]) -> Range:
        ranges = [*map(of, numbers)]
        return Range(max(r.low for r in ranges), max(r.high for r in ranges))

    @staticmethod
    def winners(numbers: Sequence[Any]) -> list[Range]:
        """Return for each number whether it can be, and must be, the greatest."""
        ranges = [*map(of, numbers)]
        found = []
        for place, one in enumerate(ranges):
            others = ranges[:place] + ranges[place + 1 :]
            before = ranges[:place]
            can = all(one.high >= other.low for other in others)
            must = all(one.low >= other.high for other in others) and all(
                one.low > other.high for other in before
            )
            found.append(Range(ONE if must else ZERO, ONE if can else ZERO))
        return found

    def is_near(self, number: Decimal, far: Decimal) -> bool:
        """Tell whether some of these numbers are no farther from one."""
        slack = abs(self.high - self.low) * _TINY
        return self.low - far - slack <= number <= self.high + far + slack

    def __repr__(self) -> str:
        return f"[{self.low:.12g}, {self.high:.12g}]"


WHOLE = Range(-HUGE, HUGE)
"""Every number."""


def hull(ranges: Sequence[Range]) -> Range:
    """Return the least range around some."""
    return Range(min(r.low for r in ranges), max(r.high for r in ranges))


def of(number: Any) -> Range:
    """Return a number as a range."""
    return number if isinstance(number, Range) else Range(Decimal(number), Decimal(number))
