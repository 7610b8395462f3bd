r"""Reading figures back: what a printed number says, and how exactly.

0.24, 0{,}24, -\frac{1}{3} and 1.20000 \times 10^{-7} stand for rational numbers; a
rounded one is right if the number it is for is at most half a unit of the last digit away.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

_DECIMAL = re.compile(r"(-?\d+)(?:(?:\.|\{,\})(\d+))?(?: \\times 10\^\{(-?\d+)\})?")
_FRACTION = re.compile(r"(-?)\\frac\{(\d+)\}\{(\d+)\}")
_NOTHING = Fraction(1, 10**40)
"""A rounded 0 has no digits: it stands for what is smaller than this."""


class Printed(NamedTuple):
    """A printed number, and half a unit of its last digit."""

    value: Fraction
    half_unit: Fraction


def read_figure(latex: str) -> Printed | None:
    """Return what a printed number says; None for anything else."""
    if found := _DECIMAL.fullmatch(latex):
        whole, places, exponent = found.groups(default="")
        unit = _power_of_ten(int(exponent or 0) - len(places))
        value = int(whole + places) * unit
        return Printed(value, unit / 2 if value else _NOTHING)
    if found := _FRACTION.fullmatch(latex):
        return Printed(Fraction(int(found[1] + found[2]), int(found[3])), Fraction(0))
    return None


@lru_cache(maxsize=64)
def _power_of_ten(exponent: int) -> Fraction:
    """Return 10^n, which is some work where a saturated layer leaves 10^(-500,000)."""
    return Fraction(10) ** exponent
