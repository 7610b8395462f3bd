"""Numbers as formulas of spreadsheets write them."""

from __future__ import annotations

from decimal import Decimal

from sympy import Rational

_FLOAT_DIGITS = 15
"""The digits of a number in a formula; a spreadsheet drops further ones."""


def numeral(number: Rational) -> str:
    """Return a number as a spreadsheet writes it: a decimal, with 15 digits if it has more.

    >>> numeral(Rational(1, 100000)), numeral(Rational(-5, 2)), numeral(Rational(1, 3))
    ('0.00001', '-2.5', '0.333333333333333')
    """
    if is_decimal(number):
        return f"{Decimal(int(number.p)) / Decimal(int(number.q)):f}"
    return f"{float(number):.{_FLOAT_DIGITS}g}"


def is_decimal(number: Rational) -> bool:
    """Tell whether a number is a decimal of few digits."""
    digits = Decimal(int(number.p)) / Decimal(int(number.q))
    if Rational(str(digits)) != number:
        return False
    count = len(f"{digits:f}".replace(".", "").strip("-0"))
    return count <= _FLOAT_DIGITS and -_FLOAT_DIGITS < digits.adjusted() < _FLOAT_DIGITS
