"""Exact numbers with slopes, against published digits, laws, and complex steps."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sympy import Abs, Max, Min, Piecewise, Rational, Symbol, asinh, cos, erf, pi, sin, sqrt, tanh
from sympy import exp as exponential
from sympy import log as logarithm

import symcnn as sc
from symcnn.equations.functions import elu, normal_cdf, relu, sigmoid, softplus
from symcnn.reference import Dual, ExactForward, Forward, evaluate, exact_numbers
from symcnn.reference.enclosures import Precision, ends
from tests.document.networks import NETWORKS, problem
from tests.draws import seeds
from tests.programs.random_networks import tiny_example

z = Symbol("z", real=True)
PRECISION = Precision(70)
EXACT = exact_numbers(PRECISION)

ROOT_OF_TWO = "1.4142135623730950488016887242096980785696718753769480731766797379907"
E = "2.7182818284590452353602874713526624977572470936999595749669676277240"
ERF_OF_HALF = "0.5204998778130465376827466538919645287364515757579637000588057256471"
SECH2_OF_ONE = "0.41997434161402606939449673904170144491718672823077"


def at(number, expression):
    """The value of an expression of z and its slope by z."""
    made = evaluate(expression, {z: Dual(Fraction(number), {"z": Fraction(1)})}, EXACT)
    return made.value, made.slopes.get("z", Fraction(0))


def middle(number):
    lower, upper = ends(number, PRECISION)
    return float(lower + upper) / 2


def starts(number, digits):
    """Tell whether both ends of what encloses a number begin with digits."""
    return all(str(end).startswith(digits) for end in ends(number, PRECISION))


def test_rational_arithmetic_is_exact():
    value, slope = at(Fraction(2, 3), (z**2 + 1) / (3 * z) - z / 7)
    assert value == Fraction(13, 18) - Fraction(2, 21)
    assert slope == Fraction(1, 3) - Fraction(3, 4) - Fraction(1, 7)


@pytest.mark.parametrize(
    ("expression", "number", "digits"),
    [
        (sqrt(z), 2, ROOT_OF_TWO),
        (exponential(z), 1, E),
        (erf(z), Fraction(1, 2), ERF_OF_HALF),
        (2 * normal_cdf(z * sqrt(2)) - 1, Fraction(1, 2), ERF_OF_HALF),
        (pi * z, 1, "3.14159265358979323846264338327950288419716939937510582097494459"),
    ],
)
def test_published_digits(expression, number, digits):
    assert starts(at(number, expression)[0], digits)


@pytest.mark.parametrize(
    ("expression", "number", "digits"),
    [
        (
            exponential(2 * z),
            Fraction(1, 2),
            "5.43656365691809047072057494270532499551449418739991",
        ),
        (tanh(z), 1, SECH2_OF_ONE),
        (2 * sigmoid(2 * z), 1, SECH2_OF_ONE),
        (softplus(z), 0, "0.5"),
        (logarithm(z), 3, "0.33333333333333333333333333333333333333333333333333"),
        (sqrt(z), Fraction(1, 4), "1"),
        (sin(z) * cos(z), 0, "1"),
        (asinh(z), Fraction(3, 4), "0.8"),
        (z ** Rational(-1, 2), 4, "-0.0625"),
        (Abs(z), -2, "-1"),
        (Max(z, 3 * z), 2, "3"),
        (Min(z, 3 * z), 2, "1"),
        (relu(z), -1, "0"),
        (elu(z, Rational(1, 2)), 0, "0.5"),
        (Piecewise((z**2, z < 1), (z, True)), 5, "1"),
    ],
)
def test_slopes_come_with_the_values(expression, number, digits):
    assert starts(at(number, expression)[1], digits)


@pytest.mark.parametrize("number", [-3, Fraction(-1, 7), 0, Fraction(5, 2), 40])
def test_a_derivative_satisfies_its_differential_equation(number):
    s, s_slope = at(number, sigmoid(z))
    t, t_slope = at(number, tanh(z))
    for difference in (s_slope - s * (1 - s), t_slope - (1 - t * t)):
        lower, upper = ends(difference, PRECISION)
        assert -Decimal("1e-68") < lower <= 0 <= upper < Decimal("1e-68")


def test_what_has_no_value_is_an_error():
    for number in (-1, 0):
        with pytest.raises(ArithmeticError):
            at(number, logarithm(z))
    with pytest.raises(ArithmeticError):
        at(-1, sqrt(z))


def test_the_exponential_of_zero_and_the_logarithm_of_one_are_rational():
    assert at(0, exponential(z)) == (1, 1)
    assert at(1, logarithm(z)) == (0, 1)


def test_far_numbers_neither_overflow_nor_vanish():
    for number in at(-(10**5), sigmoid(z)):
        assert starts(number, "3.5629495653093731210711744187")
        assert all(str(end).endswith("E-43430") for end in ends(number, PRECISION))


def test_two_computations_with_unlike_precisions_do_not_meet():
    """Each has its own digits, in whichever order they are made."""
    kinds = [exact_numbers(Precision(digits)) for digits in (30, 300, 70)]
    roots = [evaluate(sqrt(z), {z: Dual(Fraction(2))}, kind).value for kind in kinds]
    widths = [float(root.upper - root.lower) for root in roots]
    assert widths == pytest.approx([2e-29, 2e-299, 2e-69], rel=1e-6)


EXAMPLES = {
    "the seed": sc.examples.cnn_by_hand(),
    **{name: problem(name) for name in NETWORKS},
    **{f"random {n}": sc.Problem(*tiny_example(n)) for n in seeds(0, 0.2)},
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_value_and_derivative_equals_the_complex_step(name):
    """Two readings of the equations that share no arithmetic: decimals and NumPy."""
    example = EXAMPLES[name]
    exact = ExactForward(example.network, example.values)
    floats = Forward(example.network, example.values)
    for tensor in example.network.tensors.values():
        for entry in tensor.positions():
            assert middle(exact.value(tensor.name, entry)) == pytest.approx(
                floats.values[tensor.name][entry], rel=1e-12, abs=1e-14
            )
            if tensor.role in ("input", "parameter", "hidden", "auxiliary"):
                assert middle(exact.derivative(tensor.name, entry)) == pytest.approx(
                    floats.derivative(tensor.name, entry), rel=1e-10, abs=1e-13
                )


@pytest.mark.parametrize(
    ("ties", "shares"), [("first", (1, 0, 0)), ("split", (Fraction(1, 2), 0, Fraction(1, 2)))]
)
def test_ties_are_decided_exactly(ties, shares):
    """0.1 + 0.2 and 0.3 are equal, though their floats are not."""
    pool = sc.MaxPool1D(3, ties=ties)
    network = sc.Network((3, 2), [sc.Conv1D(1, 1, bias=False), pool], sc.SumOfOutputs())
    values = {"x": [0.1, 0.2, 0.1, 0.1, 0.3, 0], "conv1.weight": [1, 1]}
    example = sc.Problem(network, values)
    exact = ExactForward(network, example.values)
    assert tuple(exact.derivative("conv1", (n, 0)) for n in range(3)) == shares
