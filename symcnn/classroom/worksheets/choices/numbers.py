"""Numbers of options, all in one form: none has more places than another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from symcnn.classroom.worksheets.choices.candidates import Candidate

_PLACES = 6
"""Exact decimals with more places are rounded, with all others."""


def texts(options: Sequence[Candidate], digits: int) -> list[str]:
    """Return numbers with as many places as each other.

    Args:
        options: The options, the right one first.
        digits: The significant digits that the right one has, unless all are short decimals.
    """
    exact = [_places(option) for option in options]
    known = [places for places in exact if places is not None]
    whole = len(known) == len(options)
    places = max(known) if whole else rounded_places(options[0].value, digits)
    return [text(option.value, places) for option in options]


def _places(option: Candidate) -> int | None:
    """Return the decimal places of an exact number that has few."""
    fitting = (n for n in range(_PLACES + 1) if (option.value * 10**n).denominator == 1)
    return next(fitting, None) if option.is_exact else None


def rounded_places(value: Fraction, digits: int) -> int:
    """Return the decimal places with which a number has so many significant digits."""
    adjusted = (Decimal(value.numerator) / value.denominator).adjusted() if value else 0
    return max(digits - 1 - adjusted, 0)


def text(value: Fraction, places: int) -> str:
    """Return a number with some decimal places; a half is rounded to an even digit."""
    return f"{Decimal(round(value * 10**places)).scaleb(-places):.{places}f}"
