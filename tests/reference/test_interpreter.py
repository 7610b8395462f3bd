"""One interpreter, two kinds of number: both against mpmath, which is a third."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import (
    Abs,
    Eq,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    acos,
    atan,
    cosh,
    erf,
    exp,
    gamma,
    log,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

from symcnn.equations.functions import (
    Iverson,
    elu,
    leaky_relu,
    maximum,
    normal_cdf,
    relu,
    sigmoid,
    softplus,
)
from symcnn.errors import SymcnnError
from symcnn.reference import FLOATS, STEP, Dual, evaluate, exact_numbers
from symcnn.reference.enclosures import Precision, ends
from symcnn.reference.forward import complex_numbers

PRECISION = Precision(70)
EXACT = exact_numbers(PRECISION)

x, y = Symbol("x", real=True), Symbol("y", real=True)

SMOOTH = {
    "a polynomial": (3 * x**4 - x / 7 + 2, lambda x: 3 * x**4 - x / 7 + 2),
    "a quotient": ((x + 1) / (x**2 + 2), lambda x: (x + 1) / (x**2 + 2)),
    "a negative power": ((x + 5) ** -3, lambda x: (x + 5) ** -3),
    "a root": (sqrt(x + 4), lambda x: mpmath.sqrt(x + 4)),
    "a third power's inverse": (
        (x + 4) ** Rational(2, 3),
        lambda x: (x + 4) ** (mpmath.mpf(2) / 3),
    ),
    "an irrational power": ((x + 4) ** pi, lambda x: (x + 4) ** mpmath.pi),
    "an exponential of x": (2 ** (x + sqrt(3)), lambda x: 2 ** (x + mpmath.sqrt(3))),
    "e to the x": (exp(-2 * x), lambda x: mpmath.exp(-2 * x)),
    "a logarithm": (log(x + 4) * x, lambda x: mpmath.log(x + 4) * x),
    "tanh": (tanh(x / 2), lambda x: mpmath.tanh(x / 2)),
    "sine and cosh": (sin(x) * cosh(x), lambda x: mpmath.sin(x) * mpmath.cosh(x)),
    "inverse functions": (atan(x) + acos(x / 4), lambda x: mpmath.atan(x) + mpmath.acos(x / 4)),
    "the error function": (erf(x), mpmath.erf),
    "sigmoid": (sigmoid(x), lambda x: 1 / (1 + mpmath.exp(-x))),
    "softplus": (softplus(3 * x), lambda x: mpmath.log(1 + mpmath.exp(3 * x))),
    "the normal distribution": (normal_cdf(x), mpmath.ncdf),
    "a rectifier": (relu(x - 1), lambda x: max(x - 1, mpmath.mpf(0))),
    "a leaky one": (leaky_relu(x, Rational(1, 8)), lambda x: x if x > 0 else x / 8),
    "elu": (elu(x, Rational(1, 2)), lambda x: x if x > 0 else (mpmath.exp(x) - 1) / 2),
    "a modulus": (Abs(x) * x, lambda x: abs(x) * x),
    "a sign": (sign(x) * x**3, lambda x: abs(x) ** 3),
    "the largest": (Max(x, x**2, 1) + maximum(x, -x), lambda x: max(x, x**2, 1) + abs(x)),
    "the smallest": (Min(x, x**3), lambda x: min(x, x**3)),
    "a bracket": (x * Iverson(x > -1, x <= 2), lambda x: x if -1 < x <= 2 else 0 * x),
    "cases": (Piecewise((x**2, x < 0), (3 * x, True)), lambda x: x**2 if x < 0 else 3 * x),
}
NUMBERS = [Fraction(-17, 8), Fraction(-3, 4), Fraction(1, 3), Fraction(5, 4), Fraction(23, 8)]


def high(number):
    return mpmath.mpf(number.numerator) / number.denominator


@pytest.mark.parametrize("name", SMOOTH)
def test_exact_values_and_slopes_are_those_of_mpmath(name):
    expression, function = SMOOTH[name]
    for number in NUMBERS:
        made = evaluate(expression, {x: Dual(number, {"x": Fraction(1)})}, EXACT)
        with mpmath.workdps(150):
            value, slope = function(high(number)), mpmath.diff(function, high(number))
            slack, tiny = mpmath.mpf(10) ** -60, mpmath.mpf(10) ** -66
            for part, right in ((made.value, value), (made.slopes.get("x", Fraction(0)), slope)):
                lower, upper = (mpmath.mpf(str(end)) for end in ends(part, PRECISION))
                assert lower - tiny <= right <= upper + tiny
                assert upper - lower <= slack * (1 + abs(right))


@pytest.mark.parametrize("name", SMOOTH)
def test_floats_and_complex_steps_are_those_of_mpmath(name):
    expression, function = SMOOTH[name]
    numbers = np.array([float(number) for number in NUMBERS])
    value = np.broadcast_to(evaluate(expression, {x: numbers}, FLOATS), numbers.shape)
    moved = np.broadcast_to(evaluate(expression, {x: numbers + 1j * STEP}, FLOATS), numbers.shape)
    with mpmath.workdps(50):
        points = [mpmath.mpf(number) for number in numbers]
        assert value == pytest.approx([float(function(p)) for p in points], rel=1e-14, abs=1e-15)
        slopes = [float(mpmath.diff(function, p)) for p in points]
    assert moved.imag / STEP == pytest.approx(slopes, rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("far", [-1000, 1000])
def test_sigmoid_and_softplus_do_not_overflow(far):
    with np.errstate(over="raise", invalid="raise"):
        assert evaluate(sigmoid(x), {x: np.array([far])}, FLOATS) == [far > 0]
        assert evaluate(softplus(x), {x: np.array([far])}, FLOATS) == [max(far, 0)]


AT_0 = {
    sigmoid: 0.5,
    softplus: np.log(2),
    sign: 0.0,
    relu: 0.0,
    Abs: 0.0,
    atan: 0.0,
    acos: np.pi / 2,
}


@pytest.mark.parametrize("function", AT_0, ids=str)
def test_at_0_where_two_cases_meet_each_counts_once(function):
    made = evaluate(function(x), {x: np.array([0.0, 1e-300])}, FLOATS)
    assert made[0] == pytest.approx(AT_0[function], rel=1e-15)
    assert made[1] == pytest.approx(1.0 if function is sign else AT_0[function], rel=1e-15)


def test_rational_operations_stay_fractions():
    expression = (x**2 - y) / (x + y) + Abs(y) * Max(x, y) - Iverson(Eq(x, y))
    made = evaluate(expression, {x: Dual(Fraction(1, 2)), y: Dual(Fraction(-1, 3))}, EXACT)
    assert made.value == Fraction(7, 2) + Fraction(1, 6)


def test_a_product_of_nothing_and_a_rounded_number_is_exactly_nothing():
    made = evaluate(x * exp(y), {x: Dual(Fraction(0)), y: Dual(Fraction(1))}, EXACT)
    assert made.value == 0
    assert isinstance(made.value, Fraction)


def test_exact_cases_are_evaluated_where_they_hold_alone():
    cases = Piecewise((log(x), x > 0), (x, True))
    assert evaluate(cases, {x: Dual(Fraction(-2))}, EXACT).value == -2


def test_every_part_is_evaluated_once_and_remembered():
    known = {x: 2.0}
    assert evaluate(exp(x) + 1, known, FLOATS) == known[exp(x) + 1]
    assert known[exp(x)] == pytest.approx(np.e**2)


def test_floats_that_are_near_are_equal_where_there_is_slack():
    near = {x: 1.0, y: 1.0 + 1e-13}
    assert float(evaluate(Iverson(x >= y), dict(near), FLOATS)) == 0
    assert float(evaluate(Iverson(x >= y), dict(near), complex_numbers(1e-12))) == 1
    assert float(evaluate(Iverson(x >= y + 1), dict(near), complex_numbers(1e-12))) == 0


@pytest.mark.parametrize("kind", [FLOATS, EXACT], ids=["floats", "exact"])
def test_a_function_without_a_value_is_named(kind):
    unknown = type("no_such_function", (type(gamma(x)),), {})
    with pytest.raises(SymcnnError, match="there is no numeric value for no_such_function"):
        evaluate(unknown(x), {x: kind.number(Rational(1, 3))}, kind)
