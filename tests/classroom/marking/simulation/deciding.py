"""Where numbers decide: signs and maxima.

Decimals decide; other kinds of numbers, which bring these functions as their own methods, may not
know, or may only note that something is to be decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tests.classroom.marking.simulation.arrays import ONE, ZERO


def slope_at(z: Decimal, left: Decimal) -> Decimal:
    """Return 1 where z is positive, and another slope left of that."""
    if not isinstance(z, Decimal):
        return z.slope_at(left)
    return ONE if z > 0 else left


def greatest(numbers: Sequence[Decimal]) -> Decimal:
    """Return the greatest of some numbers."""
    other = next((n for n in numbers if not isinstance(n, Decimal)), None)
    return max(numbers) if other is None else other.greatest(numbers)


def winners(numbers: Sequence[Decimal]) -> list[Decimal]:
    """Return 1 for the greatest number, of equal ones for the first, and 0 for the others."""
    if numbers and not isinstance(numbers[0], Decimal):
        return numbers[0].winners(numbers)
    winner = numbers.index(max(numbers))
    return [ONE if place == winner else ZERO for place in range(len(numbers))]
