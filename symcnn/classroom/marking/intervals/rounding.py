"""How somebody rounds, as the figures show, and so may have rounded what was not written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

from symcnn.classroom.marking.intervals.interval import Interval, between, hull
from symcnn.classroom.marking.intervals.written import Written

_EXACT = 1_000
"""Digits enough to add 1/2 exactly."""


@dataclass(frozen=True)
class Rounding:
    """The most digits that somebody writes.

    Attributes:
        digits: The most significant digits of a figure; None where there is none.
        unit: The smallest unit of a last digit, as a power of ten. Whole numbers alone do not show
            that somebody rounds to whole numbers: of them the digits count.
    """

    digits: int | None
    unit: int

    @staticmethod
    def of(figures: Iterable[Written]) -> Rounding:
        """Read it off some figures; exact ones tell nothing."""
        found = [
            (_exponent(w.greatest - w.least), _exponent(w.value))
            for w in figures
            if w.value and w.greatest > w.least
        ]
        if not found:
            return Rounding(None, 0)
        return Rounding(max(top - unit + 1 for unit, top in found), min(unit for unit, _ in found))

    def precise(self, written: Written) -> Interval | None:
        """Return what a figure stands for if it has fewer digits since others would be 0.

        Who writes 0.30481926 elsewhere, and 0.5 here, may have 0.50000000.
        """
        if self.digits is None or not written.value or written.least == written.greatest:
            return None
        units = [_exponent(written.value) - self.digits + 1]
        unit = max([*units, self.unit] if self.unit < 0 else units)
        half = Fraction(10) ** unit / 2
        if 2 * half >= written.greatest - written.least:
            return None
        return between(written.value - half, written.value + half)

    def around(self, interval: Interval) -> Interval:
        """Return some numbers, and what is left of them when they are rounded like this."""
        largest = max(abs(interval.a), abs(interval.b))
        if self.digits is None or not largest or not interval.is_bounded:
            return interval
        units = [largest.adjusted() - self.digits + 1, *([self.unit] if self.unit < 0 else [])]
        low = min(_rounded(interval.a, unit, up=False) for unit in units)
        high = max(_rounded(interval.b, unit, up=True) for unit in units)
        return hull(interval, Interval(low, high))


def _rounded(end: Decimal, unit: int, *, up: bool) -> Decimal:
    """Return the nearest multiple of a power of ten, of two the upper or the lower one."""
    with localcontext() as context:
        context.prec = _EXACT
        scaled, half = end.scaleb(-unit), Decimal("0.5")
        found = floor(scaled + half) if up else ceil(scaled - half)
        return Decimal(found).scaleb(unit)


def _exponent(number: Fraction) -> int:
    """Return the power of ten of the first digit."""
    return (Decimal(number.numerator) / Decimal(number.denominator)).adjusted()
