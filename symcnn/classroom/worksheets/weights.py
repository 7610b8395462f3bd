"""Weights: whole numbers in the proportions of points, which Moodle's boxes need.

points  2/3, 2/3, 2/3, 1    weights  2, 2, 2, 3
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

_LARGEST = 9_999
"""A larger weight is rounded to this, and the others with it."""

_EXACT = 10**6
"""Points such as 2/3 are floats, which are fractions with smaller denominators."""


def weights(points: Sequence[float]) -> list[int]:
    """Return weights; points that are whole numbers are their own, and 0 stays 0."""
    exact = [Fraction(number).limit_denominator(_EXACT) for number in points]
    scale = Fraction(lcm(*(number.denominator for number in exact)))
    if max(exact, default=Fraction(0)) * scale > _LARGEST:
        scale = _LARGEST / max(exact)
    return [max(round(number * scale), 1) if number else 0 for number in exact]
