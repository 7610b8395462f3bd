"""What a lecturer asks for: digits, a tolerance, and what figures earn that lack them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.classroom.marking.grid.numbers import unit
from tests.classroom.marking.grid.reading import Figure

SHARES = {"none": 0.0, "half": 0.5, "full": 1.0}


@dataclass(frozen=True)
class Settings:
    """What is asked for.

    Attributes:
        digits: The significant digits.
        tolerance: How far an answer may be from what is true, as a lecturer writes it; "" for half
            a unit of the last digit that is asked for.
        truncation: Whether figures may be cut off instead of rounded.
        imprecise: What figures earn that have too few digits.
        carried: The share that a figure gets that follows from a wrong one.
    """

    digits: int
    tolerance: str = ""
    truncation: bool = False
    imprecise: str = "half"
    carried: float = 1.0

    def reach(self, number: Decimal) -> Decimal:
        """Return how far an answer may be from a number: what was rounded is never too far."""
        return max(unit(number, self.digits) / 2, self._tolerated(number))

    def is_short(self, figure: Figure) -> bool:
        """Tell whether a figure has fewer digits than are asked for."""
        return figure.half > self.reach(figure.value)

    def _tolerated(self, number: Decimal) -> Decimal:
        size, _, kind = self.tolerance.partition(" ")
        if not size:
            return Decimal(0)
        if kind.startswith("unit"):
            return unit(number, self.digits) * Decimal(size)
        return abs(number) * Decimal(size) / 100 if kind == "%" else Decimal(size)


def drawn(random: Random) -> Settings:
    """Draw settings; half of the lecturers set no tolerance."""
    digits = random.choice((2, 3, 3, 4, 5, 6))
    tolerances = ("1 unit", "2 units", "0.1 %", "0.001", "5 %")
    return Settings(
        digits,
        random.choice((*[""] * len(tolerances), *tolerances)),
        random.random() < 0.25,
        random.choice(("none", "half", "half", "full")),
        random.choice((1.0, 1.0, 0.5)),
    )
