"""Enclosures against mpmath with far more digits, and what no digits decide."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
from sympy import Float

from symcnn import limits
from symcnn.reference.enclosures import (
    ONE,
    Enclosure,
    NoValueError,
    Precision,
    UndecidedError,
    certainly,
    elementary,
    ends,
    from_sympy,
    functions,
    inverse,
    is_zero,
    shortened,
    sign,
    to_sympy,
)
from symcnn.reference.enclosures.enclosure import whole_power

FUNCTIONS = {
    "exp": (functions.exp, mpmath.exp),
    "expm1": (functions.expm1, mpmath.expm1),
    "log": (functions.log, mpmath.log),
    "log1p": (functions.log1p, mpmath.log1p),
    "sqrt": (functions.sqrt, mpmath.sqrt),
    "tanh": (functions.tanh, mpmath.tanh),
    "erf": (functions.erf, mpmath.erf),
    "erfc": (functions.erfc, mpmath.erfc),
    "sin": (functions.sin, mpmath.sin),
    "cos": (functions.cos, mpmath.cos),
    "atan": (functions.atan, mpmath.atan),
}
POSITIVE = {"log", "log1p", "sqrt"}
NUMBERS = ["1/3", "-7/5", "20", "-13.9", "400", "-3000", "1e-30", "-1e-30", "1e-90"]
SERIES = ("1/3", "-3000", "1e-90", "500000")


def encloses(number, right, digits):
    lower, upper = (mpmath.mpf(str(end)) for end in ends(number, Precision(digits)))
    return lower <= right <= upper and upper - lower <= abs(right) * mpmath.mpf(10) ** (5 - digits)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_enclosed_to_the_last_digits(name):
    """The width is that of the last digits, near 0 and far from it too."""
    function, right = FUNCTIONS[name]
    for digits, numbers in ((70, NUMBERS), (300, SERIES)):
        with mpmath.workdps(digits + 1400):
            for number in map(Fraction, numbers):
                if number < 0 and name in POSITIVE:
                    continue
                if name in ("erf", "erfc") and abs(number) > 30:
                    continue
                at = mpmath.mpf(number.numerator) / number.denominator
                assert encloses(function(number, Precision(digits)), right(at), digits), number


@pytest.mark.parametrize(("x", "digits"), [("0.001", 2240), ("9.25", 2240), ("31.4", 600)])
def test_error_functions_of_many_digits_are_enclosed(x, digits):
    """The complement of the last one is 10^(-430)."""
    with mpmath.workdps(digits + int(float(x) ** 2) + 50):
        for name in ("erf", "erfc"):
            function, right = FUNCTIONS[name]
            made = function(Fraction(x), Precision(digits))
            assert encloses(made, right(mpmath.mpf(x)), digits), name


@pytest.mark.parametrize("digits", [70, 300])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("size", ["1e6", "2299999.5", "2302585", "2302999", "2.4e6", "1e300"])
def test_exponentials_of_any_size_are_enclosed(size, sign, digits):
    """e^2302585 is 0.911 10^1000000; decimals end a little beyond 10^1000000 and its inverse."""
    z = Decimal(sign + size)
    lower, upper = elementary.exp(z, Precision(digits))
    with mpmath.workdps(digits + 10):
        truly = mpmath.exp(mpmath.mpf(str(z)))
        assert 0 <= mpmath.mpf(str(lower)) <= truly
        assert upper.is_infinite() or truly <= mpmath.mpf(str(upper))
    if abs(z) < 2302585:
        assert 0 < upper - lower < lower * Decimal(10) ** (2 - digits)


def test_arithmetic_is_rounded_outwards():
    precision = Precision(30)
    with mpmath.workdps(60):
        roots = {n: (functions.sqrt(Fraction(n), precision), mpmath.sqrt(n)) for n in (2, 3, 7)}
        for a, one in roots.values():
            for b, other in roots.values():
                for x, right in ((a, one), (-a, -one)):
                    assert encloses(x * b, right * other, 30)
                    assert encloses(x + b * Fraction(1, 3), right + other / 3, 30)
                    assert encloses(inverse(x) * b, other / right, 30)
                    assert encloses(whole_power(x, -3), right**-3, 30)
    wide = Enclosure((ends(-ONE, precision)[0], ends(ONE, precision)[1]), precision, ("number",))
    assert ends(whole_power(wide, 2), precision) == (0, 1)
    assert ends(wide * wide, precision) == (-1, 1)


def test_what_has_no_value_is_named():
    precision = Precision()
    with pytest.raises(NoValueError, match=r"^the logarithm of -2$"):
        functions.log(Fraction(-2), precision)
    with pytest.raises(NoValueError, match=r"^the logarithm of 0$"):
        functions.log(functions.sqrt(Fraction(2), precision) * Fraction(0), precision)
    with pytest.raises(NoValueError, match=r"^the square root of -1/4$"):
        functions.sqrt(Fraction(-1, 4), precision)
    with pytest.raises(NoValueError, match=r"^a division by 0$"):
        inverse(Fraction(0))


def exponentials(precision):
    return [functions.exp(Fraction(n, 7), precision) for n in (1, -4, 9)]


def test_sums_of_the_same_numbers_are_equal_in_any_order():
    a, b, c = exponentials(Precision())
    assert sign((a + b) * c, c * b + a * c) == 0
    assert sign(inverse(a) * b, b * inverse(a * c) * c) == 0
    with pytest.raises(UndecidedError):  # equal to all digits that there are, and not on paper
        sign(a, a + functions.exp(Fraction(-200), Precision()))


def test_a_softmax_sums_to_one_and_so_do_two_sigmoids():
    precision = Precision()
    logits = [Fraction(1, 3), Fraction(-5, 2), functions.sqrt(Fraction(2), precision)]
    powers = [functions.exp(z, precision) for z in logits]
    total = functions.log(powers[0] + powers[1] + powers[2], precision)
    shares = [functions.exp(z - total, precision) for z in logits]
    assert is_zero(shares[0] + shares[1] + shares[2] - ONE)
    both = [inverse(ONE + functions.exp(z, precision)) for z in (logits[2], -logits[2])]
    assert is_zero(both[0] + both[1] - ONE)
    tanh = functions.tanh(logits[0], precision)
    assert is_zero(tanh - (both_of(logits[0], precision) * Fraction(2) - ONE))
    assert not is_zero(shares[0] - shares[1])


def both_of(z, precision):
    return inverse(ONE + functions.exp(z * Fraction(-2), precision))


def test_digits_are_added_until_the_last_one_is_certain():
    """exp(-500) is lost beside 1 in less than 218 digits."""
    used = []

    def difference(precision):
        used.append(precision.digits)
        small = functions.exp(Fraction(-500), precision)
        return to_sympy(functions.exp(small, precision) - ONE, 50)

    made = certainly(difference)
    assert used == [70, 140, 280]
    with mpmath.workdps(400):
        right = mpmath.expm1(mpmath.exp(-500))
        assert abs(mpmath.mpf(str(made)) / right - 1) < mpmath.mpf(10) ** -49


def test_at_the_limit_what_is_undecided_counts_as_equal_and_is_counted(monkeypatch):
    """sqrt(2) sqrt(3) = sqrt(6) is no law that is known here."""
    monkeypatch.setattr(limits, "EXACT_PRECISION", 150)

    def compared(precision):
        two, three, six = (functions.sqrt(Fraction(n), precision) for n in (2, 3, 6))
        return sign(two * three, six), precision.digits, precision.doubts

    assert certainly(compared) == (0, 150, 1)


@pytest.mark.parametrize("exponent", [-(10**6), -5_000, -3_999, 0, 4_001, 10**6])
def test_a_float_of_any_exponent_is_read_exactly(exponent):
    """3 2^k times 2^-k is 3; a fraction of a million bits would take long to calculate with."""
    precision = Precision(70)
    number = from_sympy(Float((0, 3, exponent, 2), precision=60), precision)
    three = number * from_sympy(Float((0, 1, -exponent, 1), precision=60), precision)
    lower, upper = ends(three, precision)
    assert lower <= 3 <= upper
    assert upper - lower <= Decimal("1e-60")


def test_a_long_fraction_is_enclosed():
    precision = Precision(70)
    long = Fraction(1, 3**5_000)
    lower, upper = ends(shortened(long, precision), precision)
    assert Fraction(lower) <= long <= Fraction(upper)
    assert Fraction(upper) - Fraction(lower) <= long / 10**60
    assert shortened(Fraction(1, 3), precision) == Fraction(1, 3)


@pytest.mark.parametrize("digits", [5, 70])
@pytest.mark.parametrize(("base", "above"), [(-7, 1), (3, 30_000), (-3, 50_001)])
@pytest.mark.parametrize("below", [1, 9_000, 20_000])
def test_fractions_of_any_length_are_enclosed_to_the_last_digit(base, above, below, digits):
    number = Fraction(base**above, 10**below)
    lower, upper = map(Fraction, ends(number, Precision(digits)))
    assert lower <= number <= upper
    assert upper - lower <= abs(number) / 10 ** (digits - 2)


@pytest.mark.parametrize("exponent", [-40_001, -70, 0, 50, 40_001])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_value_of_any_order_is_handed_out_as_the_nearest_float(exponent, sign):
    """The digits are of a number that is no short decimal, so that they are not taken for one."""
    end = Decimal(f"{'-' * (sign < 0)}7.{'0123456789' * 6}e{exponent}")
    made = to_sympy(Enclosure((end, end), Precision(70), ("a value",)), 50)
    with mpmath.workprec(400_000):
        right = mpmath.mpf(str(end))
    with mpmath.workprec(made._prec):
        assert made._mpf_ == (+right)._mpf_


@pytest.mark.parametrize("z", [-5_000, -90, -1, 1, 90, 5_000])
def test_what_is_left_of_one_does_not_cancel(z):
    """1 - sigma(z) = sigma(-z), log sigma(z) = -log(1 + e^-z), 1 - tanh(z)^2 = 1/cosh(z)^2."""
    precision = Precision(70)
    sigma = inverse(ONE + functions.exp(Fraction(-z), precision))
    tangent = functions.tanh(Fraction(z), precision)
    with mpmath.workdps(5_000):
        e = mpmath.exp(-z)
        expected = {
            "complement": (ONE - sigma, e / (1 + e)),
            "logarithm": (functions.log(sigma, precision), -mpmath.log1p(e)),
            "slope": (ONE - whole_power(tangent, 2), 1 / mpmath.cosh(z) ** 2),
            "slope of the opposite": (ONE - whole_power(-tangent, 2), 1 / mpmath.cosh(z) ** 2),
        }
        for name, (found, value) in expected.items():
            lower, upper = (mpmath.mpf(str(end)) for end in ends(found, precision))
            assert lower <= value <= upper, name
            assert upper - lower <= abs(value) * mpmath.mpf("1e-60"), name


def test_a_complement_is_known_to_be_one():
    precision = Precision(70)
    sigma = inverse(ONE + functions.exp(Fraction(3), precision))
    tangent = functions.tanh(Fraction(3), precision)
    square = whole_power(tangent, 2)
    assert is_zero((ONE - sigma) + sigma - ONE)
    assert is_zero((ONE - square) + square - ONE)


def test_the_logarithm_of_what_is_known_to_be_one_is_zero():
    precision = Precision(70)
    total = functions.exp(Fraction(1), precision) + functions.exp(Fraction(2), precision)
    normaliser = functions.log(total, precision)
    shares = [functions.exp(Fraction(n) - normaliser, precision) for n in (1, 2)]
    assert functions.log(sum(shares, Fraction(0)), precision) == 0


def test_what_is_below_every_decimal_is_not_asked_for_more_digits():
    """e^-3000000 is 10^-1302883: thousands of digits do not tell it from 0, nor its logarithm."""
    precision = Precision(70)
    tiny = functions.exp(Fraction(-3_000_000), precision)
    with pytest.raises(NoValueError, match="the logarithm of 0, or nearly so"):
        functions.log(tiny, precision)
    with pytest.raises(NoValueError, match="a division by 0, or nearly so"):
        inverse(tiny)
    near = functions.exp(Fraction(-3000), precision) - functions.exp(Fraction(-3000), precision)
    with pytest.raises(UndecidedError):  # this one is 0, but by what it was made of alone
        inverse(near)
