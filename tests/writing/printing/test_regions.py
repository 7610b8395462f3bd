"""Cases say what brackets say, at every bound and between any two."""

import pytest
from sympy import Abs, Piecewise, Rational, Symbol, symbols

from symcnn import index, real, size
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.cases import by_cases

x, y, t = symbols("x y t", real=True)
r, q = index("r"), index("q")
C, D = size("C"), size("D")
k, a, b = real("kappa", is_positive=True), real("alpha"), real("beta")

CLIPPED = a * Iverson(x <= a) + x * Iverson(x > a, x < b) + b * Iverson(x >= b)
SWISH = x * Iverson(x >= 3) + x * (x + 3) / 6 * Iverson(x > -3, x < 3)
HUBER = k * (Iverson(y - t > 0) - Iverson(y - t < 0)) * Iverson(Abs(t - y) > k) + (y - t) * Iverson(
    Abs(t - y) <= k
)
JOINED = x * Iverson(r <= C - 1) + y * Iverson(r >= C)
THREE = JOINED.subs(y, 0) + y * Iverson(r >= C, r <= C + D - 1) + t * Iverson(r >= C + D)
GRID = [Rational(n, 2) for n in range(-9, 10)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (CLIPPED, [(a, x <= a), (b, x >= b), (x, True)]),
        (SWISH, [(0, x <= -3), (x, x >= 3), (x * (x + 3) / 6, True)]),
        (SWISH.diff(x), [(0, x <= -3), (1, x >= 3), (x / 3 + Rational(1, 2), True)]),
        (HUBER, [(-k, y - t < -k), (k, y - t > k), (y - t, True)]),
        (JOINED, [(x, r < C), (y, True)]),
        (THREE, [(x, r < C), (y, r < C + D), (t, True)]),
        (6 * Iverson(x > 0, x < 6), []),
        (x * Iverson(x > 0) + y * Iverson(t > 0), []),
        (x + y * Iverson(r >= C), []),
        (x * Iverson(r <= C - 1) + y * Iverson(r <= D - 1), []),
        (x * Iverson(r <= C - 1) + y * Iverson(q >= C), []),
    ],
)
def test_the_cases_of_brackets(formula, expected):
    found = by_cases(formula)
    assert [value for value, _ in found] == [value for value, _ in expected]
    assert [c if c is True or c == True else c.canonical for _, c in found] == [  # noqa: E712
        c if c is True else c.canonical for _, c in expected
    ]


@pytest.mark.parametrize("formula", [CLIPPED, SWISH, SWISH.diff(x), HUBER])
def test_cases_have_the_values_of_brackets(formula):
    told = Piecewise(*by_cases(formula))
    for at in GRID:
        given = {x: at, y: at, t: Rational(1, 2), k: Rational(3, 2), a: -2, b: Rational(5, 2)}
        assert told.subs(given) == formula.subs(given)


def test_cases_of_indices_have_the_values_of_brackets():
    told = Piecewise(*by_cases(THREE))
    for at in range(8):
        given = {r: at, C: 3, D: 2}
        assert told.subs(given) == THREE.subs(given)


def test_a_bound_of_unknown_order_makes_no_cases():
    other = Symbol("other", real=True)
    assert by_cases(a * Iverson(x <= a) + b * Iverson(x >= b) + other) == []
