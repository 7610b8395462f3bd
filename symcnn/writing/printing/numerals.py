"""Numbers as figures: exact where that is short, else rounded and marked as such.

0.24 for 6/25, a fraction for 1/3, -0.0609750 for a number that goes on; the last digit of
a rounded number is right because it is rounded from 50 digits that are certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from sympy import Expr, Rational

from symcnn import limits
from symcnn.reference.enclosures import to_decimal
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import decimal, fraction, row

_LONGEST = 40


@dataclass(frozen=True)
class Numeral:
    """A printed number, and whether it is exactly the number that it stands for."""

    formula: Formula
    exact: bool


@dataclass(frozen=True)
class Numerals:
    """How numbers are printed.

    Attributes:
        digits: Significant digits of a rounded number.
        decimal: The decimal mark: a point or a comma.
    """

    digits: int = 6
    decimal: str = "."

    def __call__(self, value: Expr) -> Numeral:
        """Print a real number."""
        if isinstance(value, Rational):
            if (text := _exact_decimal(value)) is not None:
                return Numeral(self.marked(text), exact=True)
            if max(abs(value.p), value.q) <= limits.FRACTION_PARTS:
                sign = ("-",) if value.p < 0 else ()
                quotient = fraction(str(abs(value.p)), str(value.q))
                return Numeral(row(*sign, quotient), exact=True)
        return Numeral(self.rounded(value), exact=False)

    def rounded(self, value: Expr) -> Formula:
        """Print a number rounded to ``digits`` significant digits."""
        number = to_decimal(value)
        if not number:
            return row("0")
        short = Context(prec=self.digits, rounding=ROUND_HALF_EVEN).plus(number)
        return self.marked(_written(short, self.digits))

    def quoted(self, text: str) -> Formula:
        """Print a number as somebody else wrote it, digit by digit: 0.10, 3.5e-05, 1/3."""
        numerator, _, denominator = text.replace("_", "").removeprefix("+").partition("/")
        if denominator:
            sign = ("-",) if numerator.startswith("-") else ()
            return row(*sign, fraction(numerator.removeprefix("-"), denominator))
        return self.marked(numerator.lower())

    def marked(self, text: str) -> Formula:
        """Print a number as Python writes it, with the decimal mark."""
        return decimal(text, self.decimal)


def digits_of(value: Rational) -> int:
    """Return how many significant digits a decimal has; of another number, many."""
    power = next((n for n in range(_LONGEST) if 10**n % int(value.q) == 0), _LONGEST)
    return len(str(abs(int(value * 10**power))).rstrip("0"))


def written_digits(text: str) -> int:
    """Return how many significant digits a number has as it was written: 3 for 0.0120.

    >>> [written_digits(text) for text in ("0.0120", "-1.5e-05", "100", "1/3", "0.0")]
    [3, 2, 3, 1, 1]
    """
    mantissa = re.split("[eE/]", text)[0]
    return len(re.sub(r"\D", "", mantissa).lstrip("0")) or 1


def _exact_decimal(value: Rational) -> str | None:
    power = _decimal_places(int(value.q))
    if power is None:
        return None
    text = f"{Decimal(int(value.p)) * Decimal(10**power // int(value.q)).scaleb(-power):f}"
    return text if len(text.lstrip("-")) <= limits.EXACT_DIGITS else None


def _decimal_places(denominator: int) -> int | None:
    """Return the least n for which 10^n is a multiple of the denominator."""
    return next((n for n in range(limits.EXACT_DIGITS) if 10**n % denominator == 0), None)


def _written(number: Decimal, digits: int) -> str:
    exponent = number.adjusted() if number else 0
    if -5 <= exponent < digits:
        places = max(digits - 1 - exponent, 0)
        return f"{number:.{places}f}"
    return f"{number.scaleb(-exponent):.{digits - 1}f}e{exponent}"
