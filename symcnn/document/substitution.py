"""Whether figures may be put into a formula: those that cancel tell nothing of its value.

    1 - a  =  10^(-52),    though  1 - 1.00000  =  0    and  log(1 - 1.00000)  has no value

A row whose figures are rounded shows them where at least one digit of its value comes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from sympy import Expr, Symbol

from symcnn.document.figures import read_figure
from symcnn.enclosures import ZERO, Number, Precision, from_sympy, shortened, sign, size
from symcnn.formula.latex import latex
from symcnn.printing.numerals import Numeral
from symcnn.reference import Dual, evaluate, exact_numbers

_MOST = Fraction(1, 2)
"""How far from a value, relative to it, what comes of the figures may be."""


def tell(terms: Iterable[Expr], figures: Mapping[Symbol, Numeral], value: Expr | None) -> bool:
    """Tell whether figures, as they are printed, come to about a value.

    Args:
        terms: What they are put into.
        figures: What is printed for each entry.
        value: What should come out; None if the terms are not all there.
    """
    precision = Precision(last=True)
    kind = exact_numbers(precision)
    known = {s: Dual(_number(figure, precision)) for s, figure in figures.items()}
    try:
        found: Number = sum((evaluate(term, known, kind).value for term in terms), ZERO)
    except ArithmeticError:
        return False
    if value is None or not value:
        return True
    right = from_sympy(value, precision)
    return sign(size(found - right), size(right) * _MOST) <= 0


def _number(figure: Numeral, precision: Precision) -> Number:
    printed = read_figure(latex(figure.formula))
    assert printed is not None, "every numeral is a number"
    return shortened(printed.value, precision)
