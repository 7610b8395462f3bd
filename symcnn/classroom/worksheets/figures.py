"""The figures of a key: as they are written, and how far a right answer can be from them.

An answer is right if some choice of the numbers that the figures before it stand for rounds to
it. So the tolerance of a figure v with the last digit 10^-n is

    the largest distance from v that follows from figures that were rounded on the way
    + 10^-n / 2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from sympy import Expr

from symcnn.classroom.marking import mark
from symcnn.classroom.marking.marking import Figure
from symcnn.errors import UnverifiedError
from symcnn.problems import Problem
from symcnn.reference.enclosures import to_decimal

_PLACES = 8
"""A decimal with more places is rounded."""


@dataclass(frozen=True)
class KeyFigure:
    """One figure of a key.

    Attributes:
        quantity: The quantity.
        position: The entry, counted from 0.
        text: The figure: exact where it is a short decimal, else rounded.
        tolerance: How far an answer may be from it.
    """

    quantity: str
    position: tuple[int, ...]
    text: str
    tolerance: str


def key_figures(problem: Problem, quantities: Sequence[str], digits: int) -> list[KeyFigure]:
    """Return the figures of some quantities.

    Args:
        problem: The problem.
        quantities: The quantities, in the order of computation.
        digits: The significant digits to which students round.

    Raises:
        UnverifiedError: If figures that were rounded to so many digits are not marked right.
    """
    sheet = {name: [rounded(v, digits) for v in problem.quantity(name)] for name in quantities}
    figures = mark(problem, sheet, quantities=quantities).figures
    for figure in figures:
        if figure.verdict != "right":
            raise UnverifiedError(f"{figure.quantity}{list(figure.position)} of the key is wrong")
    return [_key_figure(figure, digits) for figure in figures]


def _key_figure(figure: Figure, digits: int) -> KeyFigure:
    text = written(figure.expected, digits)
    return KeyFigure(figure.quantity, figure.position, text, _tolerance(figure, text, digits))


def written(value: Expr, digits: int) -> str:
    """Return a number as a short decimal, if it is one, or rounded."""
    if value.is_Rational:
        number = Fraction(int(value.p), int(value.q))
        if (number * 10**_PLACES).denominator == 1:
            return _plain(Decimal(int(number * 10**_PLACES)).scaleb(-_PLACES))
    return rounded(value, digits)


def rounded(value: Expr, digits: int) -> str:
    """Return a number rounded to some significant digits."""
    number = to_decimal(value)
    return _plain(Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number), digits)


def _plain(number: Decimal, digits: int = 0) -> str:
    """Write a number without exponent; a rounded one keeps the zeros at its end."""
    if not number:
        return "0"
    places = max(digits - 1 - number.adjusted(), 0) if digits else _PLACES
    text = f"{number:.{places}f}"
    return text if digits or "." not in text else text.rstrip("0").rstrip(".")


def _tolerance(figure: Figure, text: str, digits: int) -> str:
    """Return the tolerance, rounded up to two digits."""
    value, due = Fraction(text), figure.due
    if value == 0 and (due is None or due.a == due.b):
        return "0"
    assert due is not None, "what is right follows"
    half = Fraction(10) ** (Decimal(text).adjusted() - digits + 1) / 2
    wide = max(abs(Fraction(_exact(end)) - value) for end in (due.a, due.b)) + half
    decimal = Context(prec=20, rounding=ROUND_UP).divide(
        Decimal(wide.numerator), Decimal(wide.denominator)
    )
    return f"{Context(prec=2, rounding=ROUND_UP).plus(decimal):f}"


def _exact(end: Any) -> str:
    """Return the end of an interval as a decimal."""
    return str(end.mid if hasattr(end, "mid") else end).strip("[]").split(",")[0]
