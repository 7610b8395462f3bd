"""What a figure stands for, read off its text.

0.42        from 0.415 to 0.425
42E-2       the same
0           0 alone, and 0.00 from -0.005 to 0.005
2/3         two thirds alone
0.266...    of fifteen digits or more: a computer's, whose last digits mean little
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)(E[+-]?\d+)?")
_QUOTIENT = re.compile(r"([+-]?\d+)/(\d+)")
_OF_A_COMPUTER = 15
_ITS_ERROR = Decimal("1E-14")
_MOST = 300
"""The largest exponent that is read."""


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        value: The number that is written.
        unit: The unit of its last digit; 0 if it stands for itself alone.
        digits: Its significant digits; 0 if it stands for itself alone.
    """

    value: Decimal
    unit: Decimal
    digits: int

    @property
    def half(self) -> Decimal:
        return self.unit / 2

    @property
    def low(self) -> Decimal:
        return self.value - self.half

    @property
    def high(self) -> Decimal:
        return self.value + self.half

    def holds(self, number: Decimal, slack: Decimal = Decimal(0)) -> bool:
        """Tell whether it stands for a number."""
        return self.low - slack <= number <= self.high + slack


@lru_cache(maxsize=2**15)
def read(text: str) -> Figure | None:
    """Return a figure; None if it is no number."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace(" ", "").replace(",", ".").upper()
    if (quotient := _QUOTIENT.fullmatch(plain)) and int(quotient[2]):
        return Figure(Decimal(quotient[1]) / Decimal(quotient[2]), Decimal(0), 0)
    if not _NUMBER.fullmatch(plain) or abs(int(plain.partition("E")[2] or 0)) > _MOST:
        return None
    value, point = Decimal(plain), "." in plain and plain.partition("E")[0][-1] != "."
    exponent = int(value.as_tuple().exponent)
    digits = len(str(abs(int(value.scaleb(-exponent))))) if value else 0
    if not value and not point and exponent >= 0:
        return Figure(Decimal(0), Decimal(0), 0)
    unit = Decimal(1).scaleb(exponent)
    if digits >= _OF_A_COMPUTER:
        unit = max(unit, 2 * abs(value) * _ITS_ERROR)
    return Figure(value, unit, digits)
