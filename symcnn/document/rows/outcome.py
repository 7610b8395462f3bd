"""What comes of figures, as they are printed, where they are put into a formula.

Figures that cancel tell nothing of a formula's value:

    1 - a  =  10^(-52),    though  1 - 1.00000  =  0    and  log(1 - 1.00000)  has no value

A row whose figures are rounded shows them where about its value comes of them; where fewer of its
digits do than are printed, the document says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from sympy import Expr, Symbol

from symcnn.document.rows.figures import read_figure
from symcnn.reference import Dual, evaluate, exact_numbers
from symcnn.reference.enclosures import (
    ZERO,
    Number,
    Precision,
    from_sympy,
    shortened,
    sign,
    size,
    to_decimal,
)
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.numerals import Numeral

_MOST = Fraction(1, 2)
"""How far from a value, relative to it, what comes of the figures may be."""


class Outcome(NamedTuple):
    """What comes of figures that are put into a formula.

    Attributes:
        tells: Whether it is about the value.
        digits: How many digits of the value it gives, if its figure differs from that of the value
            in more than the last digit: by more than half a unit of the one before.
    """

    tells: bool
    digits: int | None = None


def outcome(
    terms: Iterable[Expr],
    figures: Mapping[Symbol, Numeral],
    value: Expr | None,
    shown: Numeral,
    digits: int,
) -> Outcome:
    """Compare what comes of figures, as they are printed, with the value.

    Args:
        terms: What they are put into.
        figures: What is printed for each entry.
        value: What should come out; None if the terms are not all there.
        shown: How the value is printed.
        digits: The significant digits of rounded numbers.
    """
    precision = Precision(last=True)
    kind = exact_numbers(precision)
    known = {s: Dual(_number(figure, precision)) for s, figure in figures.items()}
    try:
        found: Number = sum((evaluate(term, known, kind).value for term in terms), ZERO)
    except ArithmeticError:
        return Outcome(tells=False)
    if value is None:
        return Outcome(tells=True)
    right = from_sympy(value, precision)
    error = size(found - right)
    if not value:
        return Outcome(tells=True, digits=None if sign(error, ZERO) <= 0 else 0)
    tells = sign(error, size(right) * _MOST) <= 0
    unit = _unit(value, digits)
    printed = read_figure(latex(shown.formula))
    assert printed is not None, "every numeral is a number"
    figure, last = (right, unit) if shown.exact else (printed.value, 2 * printed.half_unit)
    if sign(size(found - figure), shortened(5 * last, precision)) <= 0:
        return Outcome(tells)
    every = (n for n in range(digits - 1, 0, -1) if sign(error, _unit(value, n) / 2) <= 0)
    return Outcome(tells, next(every, 0))


def _unit(value: Expr, digits: int) -> Fraction:
    return Fraction(10) ** (to_decimal(value).adjusted() - digits + 1)


def _number(figure: Numeral, precision: Precision) -> Number:
    printed = read_figure(latex(figure.formula))
    assert printed is not None, "every numeral is a number"
    return shortened(printed.value, precision)
