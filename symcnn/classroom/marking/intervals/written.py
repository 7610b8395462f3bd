"""A figure as somebody wrote it, and the numbers that it can stand for.

0.42 stands for every number from 0.415 to 0.425, 0.420 for those from 0.4195 to 0.4205, and 2/3
for two thirds alone. Nobody rounds to a bare 0, which stands for itself; 0.00 is a rounded number,
and so is 0E-2, as computers write it.
A figure of fifteen digits or more, such as 0.26599999999999996, is a computer's, whose last digits
depend on the order of operations: it stands for all numbers that differ by 10^-14 of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from symcnn import limits
from symcnn.errors import SymcnnError, shown

_FIGURE = re.compile(r"(?P<mantissa>[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))(?:[eE](?P<power>[+-]?\d+))?")
_QUOTIENT = re.compile(r"([+-]?\d+)\s*/\s*(\d+)")
_MINUS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})

_FLOAT_DIGITS = 15
_FLOAT_ERROR = Fraction(1, 10**14)

LEFT_OUT = ("", "?")
"""What is written where there is no answer."""


@dataclass(frozen=True)
class Written:
    """One figure.

    Attributes:
        text: What was written.
        least: The least number that rounds to it.
        greatest: The greatest.
    """

    text: str
    least: Fraction
    greatest: Fraction

    @property
    def value(self) -> Fraction:
        """The number that was written."""
        return (self.least + self.greatest) / 2


def figure(text: str, place: str) -> Written | None:
    """Read a figure; None for what was left out.

    Raises:
        SymcnnError: If it is no number; ``place`` says where it stands.
    """
    written = text.strip().translate(_MINUS).replace(" ", "")
    if written in LEFT_OUT:
        return None
    if quotient := _QUOTIENT.fullmatch(written):
        return _exact(written, int(quotient[1]), int(quotient[2]), place)
    found = _FIGURE.fullmatch(written)
    if found is None or len(written) > limits.NUMBER_DIGITS:
        raise SymcnnError(
            f"{place} is {shown(text)}: write a number such as 0.42, 4.2e-1 or 2/3, or ? for none"
        )
    power = int(found["power"] or 0)
    if abs(power) > limits.NUMBER_EXPONENT:
        raise SymcnnError(
            f"{place} is {shown(text)}: give a number below 10^{limits.NUMBER_EXPONENT}"
        )
    mantissa, scale = found["mantissa"].replace(",", "."), Fraction(10) ** power
    places = len(mantissa.partition(".")[2])
    value, half = Fraction(mantissa) * scale, scale / (2 * Fraction(10) ** places)
    if value == 0 and not places and power >= 0:
        half = Fraction(0)
    if len(mantissa.strip("+-").replace(".", "").lstrip("0")) >= _FLOAT_DIGITS:
        half = max(half, abs(value) * _FLOAT_ERROR)
    return Written(written, value - half, value + half)


def _exact(written: str, above: int, below: int, place: str) -> Written:
    if below == 0:
        raise SymcnnError(f"{place} is {shown(written)}, a quotient by 0: correct the divisor")
    value = Fraction(above, below)
    return Written(written, value, value)
