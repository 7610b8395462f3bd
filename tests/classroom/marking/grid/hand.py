"""A hand: with how many digits somebody writes, goes on, and rounds or cuts off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

from tests.classroom.marking.grid.numbers import DIGITS
from tests.classroom.marking.simulation.arrays import Array

AS_WRITTEN, EVERYTHING = 0, None


@dataclass(frozen=True)
class Hand:
    """How somebody writes; the simulated students take it for a pen.

    Attributes:
        digits: The digits that are written.
        fixed: Whether they are counted behind the point; otherwise the significant ones are.
        inside: The significant digits of the numbers that are gone on with; AS_WRITTEN or
            EVERYTHING.
        way: How the last digit is found, as the module decimal names it.
        pads: Whether zeros at the end are written.
    """

    digits: int
    fixed: bool = False
    inside: int | None = EVERYTHING
    way: str = ROUND_HALF_EVEN
    pads: bool = True

    @property
    def rounds(self) -> bool:
        """Whether it rounds to the nearest number."""
        return self.way != ROUND_DOWN

    @property
    def is_plain(self) -> bool:
        """Whether every figure is rounded once, to the same significant digits."""
        return self.rounds and self.pads and not self.fixed and not self.inside

    def unit(self, number: Decimal) -> Decimal:
        """Return the unit of the last digit that is written."""
        if self.fixed:
            return Decimal(1).scaleb(-self.digits)
        return Decimal(1).scaleb(number.adjusted() - self.digits + 1) if number else Decimal(0)

    def written(self, number: Decimal) -> Decimal:
        """Return a number as it is written."""
        if self.fixed:
            made = number.quantize(Decimal(1).scaleb(-self.digits), self.way, Context(prec=DIGITS))
        else:
            made = _rounded(number, self.digits, self.way)
        return made if self.pads else _short(made)

    def kept(self, array: Array) -> Array:
        """Return the numbers that are gone on with."""
        if self.inside is EVERYTHING:
            return array
        if self.inside == AS_WRITTEN:
            return {at: self.written(n) for at, n in array.items()}
        return {at: _rounded(n, self.inside, self.way) for at, n in array.items()}


def _rounded(number: Decimal, digits: int, way: str) -> Decimal:
    """Round a number to significant digits, with zeros at its end; nothing is left of 0."""
    if not number:
        return Decimal(0)
    made = Context(prec=digits, rounding=way).plus(number)
    unit = Decimal(1).scaleb(made.adjusted() - digits + 1)
    return made.quantize(unit, way, Context(prec=DIGITS))


def _short(number: Decimal) -> Decimal:
    """Return a number without zeros at the end of its places."""
    short = number.normalize(Context(prec=DIGITS))
    return short if int(short.as_tuple().exponent) <= 0 else number


def text(number: Decimal) -> str:
    """Write a number as people do, without an exponent if that is short."""
    exponent = int(number.as_tuple().exponent)
    return f"{number:f}" if -12 <= exponent <= 0 else str(number)
