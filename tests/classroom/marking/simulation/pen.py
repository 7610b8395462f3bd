"""A pen: how a student writes numbers down, and what he goes on with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext

from tests.classroom.marking.simulation.arrays import Array


@dataclass(frozen=True)
class Pen:
    """Writes numbers with some digits.

    Attributes:
        digits: How many.
        fixed: Whether they are counted behind the point; otherwise the significant ones are.
        carries: Whether the student goes on with the number as it was written.
        up: Whether a half is always rounded up.
    """

    digits: int
    fixed: bool
    carries: bool
    up: bool

    def written(self, number: Decimal) -> Decimal:
        """Return the number as it is written."""
        if not number:
            return Decimal(0)
        rounding = ROUND_HALF_UP if self.up else ROUND_HALF_EVEN
        if self.fixed:
            with localcontext() as context:
                context.prec = 60
                return number.quantize(Decimal(1).scaleb(-self.digits), rounding)
        return Context(prec=self.digits, rounding=rounding).create_decimal(number)

    def unit(self, number: Decimal) -> Decimal:
        """Return the unit of the last digit that is written."""
        if self.fixed:
            return Decimal(1).scaleb(-self.digits)
        return Decimal(1).scaleb(number.adjusted() - self.digits + 1) if number else Decimal(0)

    def kept(self, array: Array) -> Array:
        """Return the numbers that the student goes on with."""
        return {at: self.written(n) for at, n in array.items()} if self.carries else array
