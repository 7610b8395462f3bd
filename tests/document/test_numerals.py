"""Numbers as text: exact where short, else rounded and right to the last digit."""

from decimal import Decimal

import pytest
from sympy import Float, Integer, Rational, pi, sqrt

from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.numerals import Numerals

NUMERALS = Numerals()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Rational(6, 25), "0.24"),
        (Rational(-107, 500), "-0.214"),
        (Integer(0), "0"),
        (Integer(-3), "-3"),
        (Rational(1, 3), r"\frac{1}{3}"),
        (Rational(-22, 7), r"-\frac{22}{7}"),
        (Rational(1, 64), "0.015625"),
    ],
)
def test_short_rationals_are_exact(value, text):
    assert (latex(NUMERALS(value).formula), NUMERALS(value).exact) == (text, True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pi, "3.14159"),
        (sqrt(2) / 1000, "0.00141421"),
        (-1000 * pi, "-3141.59"),
        (Float("1.2e-7"), r"1.20000 \times 10^{-7}"),
        (Float("-123456789.5"), r"-1.23457 \times 10^{8}"),
        (Float("0.99999999999"), "1.00000"),
        (Rational(1000, 1001), "0.999001"),
        (Rational(1, 2**30), r"9.31323 \times 10^{-10}"),
    ],
)
def test_other_numbers_are_rounded_and_say_so(value, text):
    assert (latex(NUMERALS(value).formula), NUMERALS(value).exact) == (text, False)


@pytest.mark.parametrize("digits", [1, 3, 6, 17, 40])
def test_the_last_digit_is_right(digits):
    shown = Decimal(latex(Numerals(digits)(pi).formula))
    published = Decimal("3.14159265358979323846264338327950288419716939937510")
    unit = Decimal(1).scaleb(1 - digits)
    assert abs(shown - published) <= unit / 2
