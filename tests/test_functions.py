import pickle

import mpmath
import numpy as np
import pytest
from sympy import (
    Abs,
    DiracDelta,
    Heaviside,
    Integer,
    Rational,
    exp,
    lambdify,
    latex,
    limit,
    oo,
    symbols,
    tanh,
)

from symcnn import Iverson, maximum, relu, sigmoid
from symcnn.equations.functions import (
    elu,
    equal_share,
    first_largest,
    leaky_relu,
    normal_cdf,
    softplus,
)

a, b, c, z = symbols("a b c z", real=True)
EVERY = [
    sigmoid(z),
    softplus(z),
    normal_cdf(z),
    relu(z),
    Iverson(z > 0),
    maximum(a, z),
    equal_share((a, z), 1),
]


def test_the_slope_of_the_sigmoid_is_s_times_1_minus_s():
    assert sigmoid(z).diff(z) == sigmoid(z) * (1 - sigmoid(z))
    assert sigmoid(3 * z + 1).diff(z) == 3 * sigmoid(3 * z + 1) * (1 - sigmoid(3 * z + 1))


def test_the_second_derivative_of_the_sigmoid():
    s = sigmoid(z)
    assert (s.diff(z, 2) - s * (1 - s) * (1 - 2 * s)).expand() == 0


def test_the_sigmoid_at_0_and_far_away():
    assert sigmoid(0) == Rational(1, 2)
    assert limit(sigmoid(z), z, oo) == 1
    assert limit(sigmoid(z), z, -oo) == 0


def test_the_sigmoid_has_the_series_of_the_textbooks():
    assert sigmoid(z).series(z, 0, 6).removeO() == Rational(1, 2) + z / 4 - z**3 / 48 + z**5 / 480


@pytest.mark.parametrize("number", [Rational(107, 500), Rational(-7, 3), Rational(40)])
def test_the_sigmoid_to_50_digits(number):
    with mpmath.workdps(70):
        want = 1 / (1 + mpmath.exp(-mpmath.mpf(number.p) / number.q))
        got = mpmath.mpf(str(sigmoid(number).evalf(50)))
        assert abs(got - want) < mpmath.mpf(10) ** -50


def test_numbers_stay_exact_under_the_sigmoid():
    assert str(sigmoid(z).subs(z, Rational(107, 500))) == "sigmoid(107/500)"


@pytest.mark.parametrize("function", [sigmoid(z), sigmoid(z).diff(z), sigmoid(z).diff(z, 2)])
def test_numpy_code_of_the_sigmoid_stays_finite(function):
    far = np.array([-1000.0, -710.0, -0.0, 0.0, 710.0, 1000.0])
    values = lambdify(z, function, "numpy")(far)
    assert np.all(np.isfinite(values))


def test_numpy_code_of_the_sigmoid_is_right_at_the_ends():
    f = lambdify(z, sigmoid(z), "numpy")
    assert f(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.5, 1.0]
    # exp(-700) = 9.85967654375977e-305: no digit is lost far on the left
    assert f(-700.0) == pytest.approx(9.85967654375977e-305, rel=1e-13, abs=0)


def test_code_for_math_and_mpmath():
    for module in ("math", "mpmath"):
        assert float(lambdify(z, sigmoid(z), module)(0.0)) == 0.5
        assert float(lambdify(z, relu(z), module)(-2.0)) == 0
        assert float(lambdify((a, b), maximum(a, b), module)(2.0, 3.0)) == 3
        assert float(lambdify((a, b), Iverson(a >= b), module)(2.0, 3.0)) == 0


def test_relu_and_its_slope_which_is_0_at_0():
    assert [relu(v) for v in (-2, 0, 3, Rational(1, 3))] == [0, 0, 3, Rational(1, 3)]
    assert [relu(z).diff(z).subs(z, v) for v in (-1, 0, 1)] == [0, 0, 1]
    assert relu(z).diff(z, 2) == 0


def test_numpy_code_of_relu():
    at = np.array([-1.0, 0.0, 2.5])
    assert lambdify(z, relu(z), "numpy")(at).tolist() == [0.0, 0.0, 2.5]
    assert lambdify(z, relu(z).diff(z), "numpy")(at).tolist() == [0.0, 0.0, 1.0]


def test_the_slope_of_softplus_is_the_sigmoid():
    assert softplus(z).diff(z) == sigmoid(z)
    assert softplus(2 * z).diff(z) == 2 * sigmoid(2 * z)
    assert softplus(z).diff(z).diff(z) == sigmoid(z) * (1 - sigmoid(z))


def test_numpy_code_of_softplus_is_right_at_the_ends():
    f = lambdify(z, softplus(z), "numpy")
    assert f(np.array([-1000.0, 1000.0])).tolist() == [0.0, 1000.0]
    # log(1 + exp(-40)) = exp(-40) - exp(-80)/2 + ...: log(1 + ...) alone would give 0
    assert f(-40.0) == pytest.approx(4.248354255291589e-18, rel=1e-15, abs=0)


def test_the_normal_distribution_and_its_density():
    assert normal_cdf(0) == Rational(1, 2)
    density = normal_cdf(z).diff(z)
    for number in (Rational(-3), Rational(1, 3), Rational(2)):
        with mpmath.workdps(60):
            at = mpmath.mpf(number.p) / number.q
            for expression, want in ((normal_cdf(z), mpmath.ncdf), (density, mpmath.npdf)):
                got = mpmath.mpf(str(expression.subs(z, number).evalf(50)))
                assert abs(got - want(at)) < mpmath.mpf(10) ** -48


def test_numpy_code_of_the_normal_distribution_keeps_its_digits_on_the_left():
    f = lambdify(z, normal_cdf(z), "numpy")
    # Tables: Phi(-10) = 7.619853024160527e-24, where (1 + erf)/2 would give 0
    assert f(np.array([-10.0]))[0] == pytest.approx(7.619853024160527e-24, rel=1e-13, abs=0)
    assert f(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.5, 1.0]


ENDS = np.array([-1000.0, 0.0, 1000.0])


@pytest.mark.parametrize("number", [-1, -20, -100, -1000, -(10**6)])
def test_softplus_is_positive_far_on_the_left(number):
    with mpmath.workdps(40):
        want = mpmath.log1p(mpmath.exp(number))
        for digits in (2, 15, 30):
            got = mpmath.mpf(str(softplus(Integer(number)).evalf(digits)))
            assert abs(got - want) < want * mpmath.mpf(10) ** (2 - digits)
    assert softplus(Integer(number)).is_extended_positive
    assert tanh(softplus(Integer(number))) != 0


def test_leaky_relu_has_the_slope_alpha_at_0():
    leaky = leaky_relu(z, Rational(1, 4))
    assert [leaky.subs(z, v) for v in (-2, 0, 3)] == [Rational(-1, 2), 0, 3]
    assert [leaky.diff(z).subs(z, v) for v in (-2, 0, 3)] == [Rational(1, 4), Rational(1, 4), 1]
    assert lambdify(z, leaky, "numpy")(ENDS).tolist() == [-250.0, 0.0, 1000.0]


def test_elu_has_the_slope_alpha_at_0_and_never_overflows():
    unit = elu(z, Rational(1, 4))
    assert unit.subs(z, -2) == (exp(-2) - 1) / 4
    assert [unit.subs(z, v) for v in (0, 3)] == [0, 3]
    assert [unit.diff(z).subs(z, v) for v in (-2, 0, 3)] == [exp(-2) / 4, Rational(1, 4), 1]
    assert lambdify(z, unit, "numpy")(ENDS).tolist() == [-0.25, 0.0, 1000.0]
    assert lambdify(z, unit.diff(z), "numpy")(ENDS).tolist() == [0.0, 0.25, 1.0]


def test_a_bracket_is_1_if_all_its_conditions_hold():
    assert Iverson() == 1
    assert Iverson(a > b, b > c).subs({a: 3, b: 2, c: 1}) == 1
    assert Iverson(a > b, b > c).subs({a: 3, b: 2, c: 2}) == 0
    assert Iverson(a > b, b > c).subs(a, b) == 0
    assert Iverson(a > b, b > c).subs({b: 2, c: 1}) == Iverson(a > 2)
    assert Iverson(a > b).diff(a) == 0


def test_powers_of_a_bracket_are_the_bracket():
    assert Iverson(a > b) * Iverson(a > b) == Iverson(a > b)
    assert Iverson(a > b) ** 5 == Iverson(a > b)
    assert 1 / Iverson(a > b) != Iverson(a > b)


def test_numpy_code_of_a_bracket():
    f = lambdify((a, b, c), Iverson(a < b, b >= c), "numpy")
    first, rest = np.array([1.0, 3.0, 1.0]), np.array([2.0, 2.0, 2.0])
    assert f(first, rest, np.array([2.0, 2.0, 3.0])).tolist() == [1.0, 0.0, 0.0]


def test_a_maximum_is_the_largest_argument():
    assert maximum(a) == a
    assert maximum(2, Rational(7, 3), -1) == Rational(7, 3)
    assert maximum(a, b, c).subs({a: 1, b: 3, c: 3}) == 3


def test_a_maximum_is_differentiated_through_brackets():
    assert maximum(a, b, c).diff(a) == Iverson(a >= b, a >= c)
    assert maximum(a, b, c).diff(b) == Iverson(a < b, b >= c)
    assert maximum(a, b, c).diff(c) == Iverson(a < c, b < c)
    assert maximum(a**2, b).diff(a) == 2 * a * Iverson(a**2 >= b)
    assert maximum(a, a).diff(a).doit() == 1


def test_no_step_function_of_sympy_ever_appears():
    second = (maximum(a, b) ** 2 * relu(a)).diff(a, 2)
    assert not second.has(Heaviside, DiracDelta, Abs)


@pytest.mark.parametrize("rule", [first_largest, equal_share])
@pytest.mark.parametrize("ways", [2, 3, 4])
def test_the_brackets_of_a_tie_sum_to_1(rule, ways):
    terms = symbols("d0:5", real=True)
    tied = dict(zip(terms, [7] * ways + [1] * (5 - ways), strict=True))
    assert sum(rule(terms, m) for m in range(5)).subs(tied) == 1
    # SymPy's own Max(...).diff gives 1.5 here three ways and 2 four ways.


def test_numpy_code_of_a_maximum_and_its_slopes_at_ties():
    one, other = np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 3.0])
    largest = maximum(a, b)
    assert lambdify((a, b), largest, "numpy")(one, other).tolist() == [2.0, 2.0, 3.0]
    assert lambdify((a, b), largest.diff(a), "numpy")(one, other).tolist() == [0.0, 1.0, 1.0]
    assert lambdify((a, b), largest.diff(b), "numpy")(one, other).tolist() == [1.0, 0.0, 0.0]
    half = lambdify((a, b), equal_share((a, b), 0), "numpy")(one, other)
    assert half.tolist() == [0.0, 1.0, 0.5]


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        (sigmoid(z), r"\sigma\left(z\right)"),
        (sigmoid(z) ** 2, r"\sigma\left(z\right)^{2}"),
        (softplus(z), r"\log\left(1 + e^{z}\right)"),
        (normal_cdf(z) ** 2, r"\Phi\left(z\right)^{2}"),
        (relu(z), r"\max\left(0, z\right)"),
        (relu(z) ** 2, r"\max\left(0, z\right)^{2}"),
        (maximum(a, b), r"\max\left(a, b\right)"),
        (maximum(a, b) ** 3, r"\max\left(a, b\right)^{3}"),
        (Iverson(a >= b), r"\left[a \geq b\right]"),
        (Iverson(a < b, b >= c), r"\left[a < b,\; b \geq c\right]"),
        (
            equal_share((a, b), 0),
            r"\frac{\left[a \geq b\right]}{\left[a \geq b\right] + \left[b \geq a\right]}",
        ),
    ],
)
def test_latex(expression, printed):
    assert latex(expression) == printed


@pytest.mark.parametrize("expression", EVERY, ids=str)
def test_every_function_survives_pickling_and_substitution(expression):
    assert pickle.loads(pickle.dumps(expression)) == expression
    assert expression.subs({z: 2, a: 1}) in (sigmoid(2), softplus(2), normal_cdf(2), 2, 1)
    assert expression.xreplace({z: b}).free_symbols <= {a, b}
