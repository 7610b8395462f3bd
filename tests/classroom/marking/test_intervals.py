"""Intervals hold what they must, and not much more."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import mpmath
import pytest
from sympy import Symbol, erf, exp, log, sin, sqrt, tanh

from symcnn.classroom.marking.intervals.interval import (
    WHOLE,
    Interval,
    between,
    middle,
    number,
    values,
)
from symcnn.classroom.marking.intervals.written import Rounding, figure
from symcnn.equations.functions import Iverson, maximum, relu, sigmoid

X, Y = Symbol("x", real=True), Symbol("y", real=True)


def interval(low, high):
    return Interval(Decimal(low), Decimal(high))


def ends(found):
    return float(found.a), float(found.b)


def test_sums_and_products_of_decimals_are_exact():
    found = values(X * Y + X, {X: interval("0.1", "0.1"), Y: interval("0.2", "0.2")})
    assert (found.a, found.b) == (Decimal("0.12"), Decimal("0.12"))


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        (X + Y, -5, 7),
        (X - Y, -6, 6),
        (X * Y, -9, 12),
        (X**2, 0, 9),
        (X**3, -8, 27),
        (Iverson(X > 0), 0, 1),
        (relu(X), -2, 3),  # 0 and -2 would do: which case holds and its value are taken apart
        (maximum(X, Y), -3, 4),
        (Iverson(Y > 4), 0, 0),
        (1 / (X + 4), 1 / 7, 1 / 2),
    ],
)
def test_by_hand(formula, low, high):
    """x from -2 to 3 and y from -3 to 4: xy is least at 3 * -3 and greatest at 3 * 4."""
    found = values(formula, {X: interval(-2, 3), Y: interval(-3, 4)})
    assert ends(found) == pytest.approx((low, high))


FUNCTIONS = [
    (exp(X), mpmath.exp),
    (tanh(X), mpmath.tanh),
    (erf(X), mpmath.erf),
    (sigmoid(X), lambda x: 1 / (1 + mpmath.exp(-x))),
    (log(X**2 + 1), lambda x: mpmath.log(x * x + 1)),
    (sqrt(X**2 + 2), lambda x: mpmath.sqrt(x * x + 2)),
    (sin(X), mpmath.sin),
    ((X**2 + 1) ** Fraction(-3, 2), lambda x: (x * x + 1) ** mpmath.mpf("-1.5")),
]


@pytest.mark.parametrize(("formula", "function"), FUNCTIONS)
def test_every_value_lies_inside(formula, function):
    """mpmath has 60 digits here, the intervals have 40."""
    drawn = Random(1)
    with mpmath.workdps(60):
        for _ in range(20):
            low, wide = Decimal(drawn.randint(-300, 300)) / 100, Decimal(drawn.randint(0, 5)) / 10
            found = values(formula, {X: interval(low, low + wide)})
            for part in (0, 1, drawn.random()):
                value = function(mpmath.mpf(str(low + wide * Decimal(part))))
                assert mpmath.mpf(str(found.a)) <= value <= mpmath.mpf(str(found.b))
            if not wide:
                assert found.b - found.a < Decimal("1e-35")


def test_a_division_by_what_may_be_0_has_no_bounds():
    assert values(1 / X, {X: interval(-1, 1)}) is WHOLE
    assert values(Y / X, {X: interval(-1, 1), Y: interval(1, 2)}) is WHOLE
    with pytest.raises(ZeroDivisionError):
        values(1 / X, {X: interval(0, 0)})


def test_logarithms_and_roots_are_those_of_the_numbers_that_have_one():
    assert ends(values(log(X), {X: interval(0, 1)})) == pytest.approx((float("-inf"), 0))
    assert ends(values(sqrt(X), {X: interval(-1, 4)})) == pytest.approx((0, 2))
    for formula in (log(X), sqrt(X)):
        with pytest.raises(ArithmeticError):
            values(formula, {X: interval(-2, -1)})


def test_a_third_lies_between_its_ends():
    found = between(Fraction(1, 3), Fraction(1, 3))
    assert found.a < found.b
    assert Fraction(found.a) < Fraction(1, 3) < Fraction(found.b)
    assert ends(number(sqrt(2) / 2)) == pytest.approx((0.5**0.5, 0.5**0.5))
    assert middle(interval(1, 2)) == Decimal("1.5")


@pytest.mark.parametrize(
    ("figures", "exact", "low", "high"),
    [
        (["0.24", "1.5"], "0.333333", "0.33", "0.333333"),  # two digits, or two places
        (["0.24", "1.5"], "12.344", "12", "12.344"),
        (["0.240", "12.500"], "0.1236", "0.1236", "0.124"),  # three places
        (["0.24"], "0.25", "0.25", "0.25"),
        (["2/3", "0"], "0.333333", "0.333333", "0.333333"),  # exact ones tell nothing
    ],
)
def test_what_was_not_written_down_may_have_been_rounded(figures, exact, low, high):
    rounding = Rounding.of(figure(text, "a figure") for text in figures)
    found = rounding.around(interval(exact, exact))
    assert (found.a, found.b) == (Decimal(low), Decimal(high))
