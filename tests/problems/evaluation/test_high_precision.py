"""Every printed digit of an exact evaluation is that of a computation with 200 digits."""

import mpmath
import numpy as np
import pytest
from sympy import Float, Rational

import symcnn as sc
from tests.draws import one_of, seeds
from tests.problems.evaluation.high_precision import DIGITS, STEP, HighPrecision
from tests.programs.random_networks import tiny_example

PRINTED = 50


def disagreements(name, ours, theirs):
    for position in np.ndindex(ours.shape):
        expected, number = theirs(position), ours[position]
        if expected is not None and not is_rounded(number, expected):
            yield name, position, number, mpmath.nstr(expected, PRINTED + 5)


def is_rounded(number, expected):
    """Tell whether a number is exact, or is another one to PRINTED digits.

    Of an exact one 90 digits are compared: a quotient has no more at a jump of the curvature.
    """
    with mpmath.workdps(DIGITS):
        value = mpmath.mpf(number.p) / number.q if not number.is_Float else mpmath.mpf(number)
        tolerance = mpmath.mpf(10) ** (-PRINTED if number.is_Float else 10 - STEP)
        return abs(value - expected) <= tolerance * abs(expected) + mpmath.mpf(10) ** -600


def compared(network, values):
    made = sc.evaluate(sc.Problem(network, values), exact=True)
    reference = HighPrecision(network, values)
    outputs = reference.outputs()
    assert is_rounded(made.loss, reference.loss())
    for name, ours in made.outputs.items():
        yield from disagreements(name, ours, outputs[name].__getitem__)
    for name, ours in made.gradients.items():
        yield from disagreements(
            f"gradient of {name}", ours, lambda at, name=name: reference.derivative(name, at)
        )


@pytest.mark.parametrize("seed", one_of(seeds(0, 0.1)))
def test_random_networks(seed):
    assert list(compared(*tiny_example(seed, most_terms=60))) == []


def test_where_curvature_jumps():
    """An ELU has slope 1 at 0, and a second derivative of 1 on its left alone."""
    network = sc.Network((1,), [sc.ELU(), sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [0.0], "dense1.weight": [[0.3]], "target": [0.7]}
    assert list(compared(network, values)) == []
    assert is_rounded(Rational(-21, 100), HighPrecision(network, values).derivative("x", (0,)))


def test_what_is_compared_has_fifty_digits():
    with mpmath.workdps(100):
        tenth = mpmath.mpf("0.1")
        third = mpmath.mpf(1) / 3
    assert is_rounded(Float("0.1", PRINTED + 1), tenth)
    assert not is_rounded(Float("0.1", PRINTED - 3), tenth)
    assert not is_rounded(Rational(333, 1000), third)
