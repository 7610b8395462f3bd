"""How exact the answers to a problem have to be, as a problem file states it.

    [answers]
    digits = 4                  # the significant digits that are asked for; 3 by default
    tolerance = "1 unit"        # of the last of them; or "0.1 %", or "0.001"
    truncation = "accepted"     # digits may be cut off; by default they are to be rounded

What was rounded correctly to the digits that are asked for is never too far from the true value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from symcnn.errors import SymcnnError, check_choice, shown

MOST_DIGITS = 12
"""The most significant digits that can be asked for: figures of a computer have three more."""

Truncation = Literal["named", "accepted"]
"""What is done with figures whose last digits were cut off: that is a mistake, or as good."""

TRUNCATIONS: tuple[Truncation, ...] = ("named", "accepted")

Kind = Literal["unit", "%", ""]
"""What a tolerance is counted in: units of the last digit, percent, or itself."""

_TOLERANCE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE]([+-]?[0-9]{1,2}))?")
_WORDS: dict[str, Kind] = {"unit": "unit", "units": "unit", "%": "%", "": ""}
_LARGEST = {"unit": 1000, "%": 100}


@dataclass(frozen=True)
class Tolerance:
    """How far an answer may be from the true value.

    Attributes:
        amount: The number.
        kind: What it is counted in.
    """

    amount: Fraction
    kind: Kind


@dataclass(frozen=True)
class Accuracy:
    """How exact answers have to be.

    Attributes:
        digits: The significant digits that are asked for.
        tolerance: How far an answer may be from the true value: "1 unit" of the last of these
            digits, "0.1 %" of the value, or "0.001"; "" for half a unit, as rounding needs. What
            was rounded correctly is never too far.
        truncation: Whether figures whose last digits were cut off are "named" as such, or
            "accepted" as right.
    """

    digits: int = 3
    tolerance: str = ""
    truncation: Truncation = "named"

    def __post_init__(self) -> None:
        """Check the digits, the tolerance and the word."""
        check_digits("digits", self.digits)
        object.__setattr__(self, "tolerance", _text(self.tolerance))
        read_tolerance(self.tolerance)
        check_choice("truncation", self.truncation, TRUNCATIONS, '"named" or "accepted"')


def check_digits(name: str, digits: Any) -> None:
    """Refuse what is no number of significant digits.

    Raises:
        SymcnnError: Says what it is instead.
    """
    is_whole = isinstance(digits, int) and not isinstance(digits, bool)
    if not is_whole or not 1 <= digits <= MOST_DIGITS:
        raise SymcnnError(f"{name} is {shown(digits)}: give a whole number from 1 to {MOST_DIGITS}")


def read_tolerance(text: str) -> Tolerance | None:
    """Read a tolerance; None for "".

    Raises:
        SymcnnError: If it is none of "1 unit", "0.1 %" and "0.001".
    """
    if not text:
        return None
    number, _, word = text.replace("%", " %").strip().partition(" ")
    found, kind = _TOLERANCE.fullmatch(number), _WORDS.get(word.strip())
    if found is None or kind is None:
        raise SymcnnError(
            f'tolerance is {shown(text)}: give units of the last digit, "1 unit", a percentage, '
            '"0.1 %", or a number, "0.001"'
        )
    amount = Fraction(found[1]) * Fraction(10) ** int(found[2] or 0)
    most = _LARGEST.get(kind)
    if amount == 0 or (most is not None and amount > most):
        above = "" if most is None else f", and at most {most}"
        raise SymcnnError(f"tolerance is {shown(text)}: give a number above 0{above}")
    return Tolerance(amount, kind)


def _text(given: Any) -> str:
    """Return a tolerance as text: that of a file, or of Python, may be a number."""
    if given is None:
        return ""
    is_number = isinstance(given, int | float | Decimal) and not isinstance(given, bool)
    if not is_number and not isinstance(given, str):
        raise SymcnnError(f'tolerance is {shown(given)}: give a text such as "1 unit"')
    return " ".join(str(given).split())
