"""What a formula reads several times varies once: brackets of one comparison, and a softmax."""

from __future__ import annotations

from decimal import Decimal
from math import exp, log
from random import Random

import pytest
from sympy import Eq, Expr, Integer, Ne, Rational, sign, symbols
from sympy import exp as exponential

import symcnn as sc
from symcnn.classroom.marking.follow import AsWritten, Carried
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.intervals.interval import Interval, by_cases, values
from symcnn.classroom.marking.intervals.written import figure
from symcnn.equations.functions import (
    Iverson,
    elu,
    equal_share,
    first_largest,
    leaky_relu,
    relu,
    translated,
)

A, B, C, D, Z = symbols("a b c d z", real=True)
TENTH = Rational(1, 10)
WITHIN = {A: (-1, 2), B: (-1, 2), C: (-1, 2), D: (0, 4), Z: (-2, 3)}


def ends(formula):
    entries = {s: Interval(Decimal(low), Decimal(high)) for s, (low, high) in WITHIN.items()}
    found = values(by_cases(formula), entries)
    return float(found.a), float(found.b)


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        (Iverson(Z <= 0) / 10 + Iverson(Z > 0), 0.1, 1),  # not 0, and not 1.1
        (D * (Iverson(Z <= 0) / 10 + Iverson(Z > 0)), 0, 4),
        (leaky_relu(Z, TENTH), -2, 3),
        (leaky_relu(A - Z, TENTH), -4, 4),
        (translated(sign(Z)), -1, 1),
        (Iverson(Z > 0) + Iverson(Eq(Z, 0)) / 2, 0, 1),
        (3 * Iverson(Ne(Z, 0)) + 2 * Iverson(Eq(Z, 0)), 2, 3),
        (elu(Z, 1).diff(Z), exp(-2), exp(3)),
        (equal_share([A, B], 0), 0, 1),
        (equal_share([A, B, C, D], 2), 0, 1),
        (5 * Iverson(A >= B) + 4 * Iverson(B > A), 4, 5),
        (5 * Iverson(A >= B) + 4 * Iverson(A >= B, C > 0), 0, 9),
        (relu(Z), -2, 3),
    ],
)
def test_brackets_of_one_comparison_by_hand(formula, low, high):
    assert ends(formula) == pytest.approx((low, high))


FORMULAS: list[Expr] = [
    leaky_relu(Z, A),
    elu(A - Z, B),
    elu(Z, A).diff(Z),
    translated(sign(A - B)) * C,
    A * first_largest([B, C, D], 1) + Z * first_largest([C, B, D], 0),
    A * Iverson(B > C, C > D) + B * Iverson(C >= B) * Iverson(C > D, B > 0),
    sum((equal_share([A, B, C], n) * t for n, t in enumerate((A, B, C))), Integer(0)),
    exponential(Z * Iverson(Z <= 0)) * (Iverson(Z > 0) + Iverson(Z < 0, A >= Z)),
    relu(A - B) + relu(B - A),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_cases_have_the_same_values(formula):
    """Also where numbers are equal: they are drawn from few."""
    drawn, told = Random(5), by_cases(formula)
    for _ in range(60):
        at = {s: Rational(drawn.randint(-3, 3), 2) for s in (A, B, C, D, Z)}
        assert told.subs(at) == formula.subs(at)


def softmax(layer, z):
    """Return how a softmax of the numbers z is computed, and its tensors z, ell and y."""
    layers = [sc.Dense(len(z), bias=False), layer, sc.Dense(1)]
    network = sc.Network((1,), layers, sc.HalfSquaredError())
    numbers = {"x": [1], "dense1.weight": [*map(Decimal, z)], "target": [0], "dense2.bias": [0]}
    problem = sc.Problem(network, {**numbers, "dense2.weight": [1] * len(z)})
    output = network.stages[1].output.name
    return Formulas(problem), *(
        network.tensors[n] for n in ("dense1", f"{output}.normaliser", output)
    )


def due(kind, layer, z, figures, normaliser=None):
    """Return what is due for the first entry of a softmax, from figures of z, or of ell as well."""
    formulas, logits, ell, y = softmax(layer, z)
    known = {logits.symbol((n,)): figure(text, "z") for n, text in enumerate(figures)}
    if normaliser is not None:
        known[ell.symbol((0,))] = figure(normaliser, "ell")
    found = kind(formulas, known).due(formulas.formula(y.symbol((0,))))
    return float(found.a), float(found.b)


def p(z, other):
    return 1 / (1 + exp(other - z))


@pytest.mark.parametrize(("layer", "of"), [(sc.Softmax(), float), (sc.LogSoftmax(), log)])
def test_a_probability_comes_from_logits_that_vary_once(layer, of):
    """z = 3.00 and 0.10 to a unit of 0.01; ell = 3.05 may have been rounded to 0.01 as well.

    With z and ell apart, p would be up to e^(3.005 - 3.045), which is 0.961.
    """
    low, high = due(Carried, layer, ("3", "0.1"), ("3.00", "0.10"))
    least, greatest = p(2.995, 0.105) * exp(-0.005), p(3.005, 0.095) * exp(0.005)
    assert of(least) - 1e-9 <= low <= of(p(2.995, 0.105))
    assert of(p(3.005, 0.095)) <= high <= of(greatest) + 1e-9
    assert due(AsWritten, layer, ("3", "0.1"), ("3.00", "0.10")) == pytest.approx(
        [of(p(3, 0.1))] * 2
    )


def test_whoever_rounds_the_log_sum_exp_is_inside():
    """ell = log(e^1.2 + e^0.7 + e^-0.4) is 1.798...; 1.8 and 1.80 are what rounding leaves."""
    true = log(exp(1.2) + exp(0.7) + exp(-0.4))
    for texts, ell in ((("1.2", "0.7", "-0.4"), 1.8), (("1.20", "0.70", "-0.40"), 1.80)):
        low, high = due(Carried, sc.Softmax(), ("1.2", "0.7", "-0.4"), texts)
        for number in (true, ell):
            assert low <= exp(1.2 - number) <= high


def test_a_log_sum_exp_that_was_written_down_counts():
    """ell = 2.00 is wrong: p follows from it, and may exceed 1."""
    found = due(Carried, sc.Softmax(), ("3", "0.1"), ("3.00", "0.10"), "2.00")
    assert found == pytest.approx((exp(0.99), exp(1.01)))
