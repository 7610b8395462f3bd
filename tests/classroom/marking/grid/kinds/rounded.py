"""Worked rightly, and rounded or cut off at some digits."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP
from random import Random

from tests.classroom.marking.grid.hand import AS_WRITTEN, EVERYTHING, Hand
from tests.classroom.marking.grid.handin import HandIn, worked
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.settings import Settings


def _right(way):
    def handin(given: Given, settings: Settings, random: Random) -> HandIn:
        inside = random.choice((AS_WRITTEN, EVERYTHING))
        return worked(given, Hand(random.randint(2, 8), inside=inside, way=way))

    return handin


def _asked(given: Given, settings: Settings, random: Random) -> HandIn:
    """Write exactly the digits that are asked for, and go on with them."""
    return worked(given, Hand(settings.digits, inside=AS_WRITTEN))


def _places(given: Given, settings: Settings, random: Random) -> HandIn:
    """Count digits behind the point."""
    inside = random.choice((AS_WRITTEN, EVERYTHING))
    return worked(given, Hand(random.randint(2, 7), fixed=True, inside=inside))


def _truncated(given: Given, settings: Settings, random: Random) -> HandIn:
    digits = settings.digits + random.choice((-1, 0, 0, 1))
    inside = random.choice((AS_WRITTEN, EVERYTHING, EVERYTHING))
    return worked(given, Hand(digits, inside=inside, way=ROUND_DOWN))


def _short(given: Given, settings: Settings, random: Random) -> HandIn:
    """Leave zeros at the end out: 0.24 for 0.240."""
    inside = random.choice((AS_WRITTEN, EVERYTHING))
    return worked(given, Hand(random.randint(2, 8), inside=inside, pads=False))


def _one_digit(given: Given, settings: Settings, random: Random) -> HandIn:
    return worked(given, Hand(1, inside=random.choice((AS_WRITTEN, EVERYTHING))))


KINDS = {
    "half-even": _right(ROUND_HALF_EVEN),
    "half-up": _right(ROUND_HALF_UP),
    "as many digits as are asked for": _asked,
    "places": _places,
    "truncated": _truncated,
    "without zeros": _short,
    "one digit": _one_digit,
}
