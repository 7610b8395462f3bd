"""Formulas of entries as text: what they are in SymPy, and that nothing else is read."""

import pytest
from sympy import Abs, Eq, Piecewise, Rational, Symbol, exp, log, pi, sin, sqrt

from symcnn import SymcnnError
from symcnn.equations.functions import floor, maximum, sigmoid
from symcnn.equations.values.exact import expression, names_in

x, y = (Symbol(name, real=True) for name in "xy")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("exp(-x**2)", exp(-(x**2))),
        ("0.1*x + 1e-3", x / 10 + Rational(1, 1000)),
        ("-2**2 + 2**-1*x", x / 2 - 4),
        ("x**0.5 - x/3", sqrt(x) - x / 3),
        ("log10(x) * pi", log(x) / log(10) * pi),
        ("ceil(x) - floor(y)", -floor(-x) - floor(y)),
        ("max(x, y, 0.5)", maximum(x, y, Rational(1, 2))),
        ("min(x, y)", -maximum(-x, -y)),
        ("x > 0", Piecewise((1, x > 0), (0, True))),
        ("0 <= x < 1", Piecewise((1, (x >= 0) & (x < 1)), (0, True))),
        ("where(x == 0, 1, sin(x)/x)", Piecewise((1, Eq(x, 0)), (sin(x) / x, True))),
        ("x if x > y or not x > 1 else abs(y)", Piecewise((x, (x > y) | (x <= 1)), (Abs(y), True))),
        ("sigmoid(x)**2 * (y <= 2)", sigmoid(x) ** 2 * Piecewise((1, y <= 2), (0, True))),
    ],
)
def test_a_formula(text, meant):
    assert expression(text, {"x": x, "y": y}) == meant


def test_the_names_in_a_formula():
    assert names_in("where(x2 > pi, exp(x1), w)*x2 + e") == ["w", "x1", "x2"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("__import__('os').system('id')", "is not known"),
        ("x.real", "is not known"),
        ("x[0]", "is not known"),
        ("(lambda: 1)()", "is not known"),
        ("[x for x in (1,)]", "is not known"),
        ("f'{x}'", "is not known"),
        ("open('a')", "calls 'open': call one of exp"),
        ("'a' * x", "is no number"),
        ("True + x", "is no number"),
        ("1j", "is no number"),
        ("0x10", "is no decimal number"),
        ("x = 3", "is not a formula"),
        ("", "is not a formula"),
        ("(" * 3000 + "x", "more than 2,000 characters"),
        ("(" * 500 + "x" + ")" * 500, "is not a formula|nested too deeply"),
        ("-" * 1000 + "x", "nested too deeply"),
        ("x" + " + x" * 100, "nested too deeply"),
        ("9**9**9", "exponent that is too large"),
        ("(9**100)**100", "is too large"),
        ("x**1e6", "exponent that is too large"),
        ("exp(exp(exp(9)))", "is too large"),
        ("1e400*x", "10\\^300"),
        ("1/0", "no real value"),
        ("log(-1)*x", "no real value"),
        ("z", "the formula may name x, y"),
        ("exp(x, y)", "calls exp with 2: it takes one argument"),
        ("max(x)", "it takes two or more"),
        ("exp(*x)", "it takes one argument"),
        ("where(x, 1, 2)", "is no condition: compare it with a number"),
        ("x is y", "compare by"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_one_line(text, line):
    with pytest.raises(SymcnnError, match=line) as caught:
        expression(text, {"x": x, "y": y})
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 200
