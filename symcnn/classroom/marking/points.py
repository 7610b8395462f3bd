"""Points: those of figures are added up exactly, and their sum is rounded once.

    score = floor(2 x + 1/2) / 2

It is the nearest half point, the higher one of two. Nobody who has all points loses any: with all
of them, or where these are less, the score is what can be earned.
"""

from __future__ import annotations

from math import floor

_EXACT = 1e-9
"""Sums of shares such as thirds are exact to so much."""


def to_half_points(earned: float, of: float) -> float:
    """Return points, rounded to half points.

    Args:
        earned: The points that were earned.
        of: Those that can be earned.

    >>> to_half_points(2.75, 10), to_half_points(2.74, 10), to_half_points(1.3, 1.3)
    (3.0, 2.5, 1.3)
    """
    if of - earned <= _EXACT:
        return of
    return min(floor(2 * earned + 0.5 + _EXACT) / 2, of)
