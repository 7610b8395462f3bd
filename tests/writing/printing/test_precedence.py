"""Parentheses are those that what is printed needs: a position is the sum i - 1 from index 1 on."""

import re
from itertools import product

import pytest
from sympy import IndexedBase, Or, Rational, Symbol, cos, factorial, pi, symbols

import symcnn as sc
from symcnn import index
from symcnn.equations.functions import Iverson, softplus
from symcnn.writing.formula import build
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.mathematics import MathPrinter
from tests.draws import one_of

i, n, q = map(index, "inq")
at_i, at_n, at_q = (sc.positions(5)[letter] for letter in (i, n, q))
X = IndexedBase("x", shape=(5,), real=True)
x, gamma = symbols("x gamma", real=True)
w_2 = Symbol("w^(2)_1", real=True)

PRINTED = [
    (Rational(3, 5) * at_i - Rational(1, 5), r"\frac{3}{5} \left(i - 1\right) - \frac{1}{5}"),
    (at_i / 3, r"\frac{1}{3} \left(i - 1\right)"),
    (at_q**2, r"\left(q - 1\right)^{2}"),
    (
        cos(2 * pi * at_n * at_q / 7),
        r"\cos\left(\frac{2}{7} \pi \left(n - 1\right) \left(q - 1\right)\right)",
    ),
    (x - at_q, r"x - \left(q - 1\right)"),
    (factorial(at_q), r"\left(q - 1\right)!"),
    (1 / at_q, r"\frac{1}{q - 1}"),
    (X[q] ** gamma, r"{x_{q}}^{\gamma}"),
    (x**gamma, r"\left(x\right)^{\gamma}"),
    (X[q] ** 2, "x_{q}^{2}"),
    (X[q] ** Rational(3, 2), "{x_{q}}^{3/2}"),
    (w_2**2, r"\left(w^{(2)}_{1}\right)^{2}"),
    (3 * 10**at_q * x, r"3 x \cdot 10^{q - 1}"),
    (pi**2, r"\pi^{2}"),
    (
        Iverson(x > 1, Or(x > 3, gamma > x)) * x,
        r"x \left[x > 1,\; \gamma > x \vee x > 3\right]",
    ),
]


@pytest.mark.parametrize(("expression", "expected"), PRINTED)
def test_a_sum_is_in_parentheses_wherever_it_comes_from(expression, expected):
    assert latex(MathPrinter().tree(expression)) == expected


def test_from_index_0_a_position_is_a_letter():
    printer = MathPrinter(manner=Manner(base=0))
    assert (
        latex(printer.tree(Rational(3, 5) * at_i - Rational(1, 5)))
        == r"\frac{3}{5} i - \frac{1}{5}"
    )
    assert latex(printer.tree(at_q**2)) == "q^{2}"


def test_a_decimal_comma_is_none_between_the_arguments_of_a_maximum():
    printer = MathPrinter({x: build.decimal("1.5", ",")}, Manner(separator=";"))
    assert latex(printer.tree(sc.relu(x))) == r"\max\left(0; 1{,}5\right)"
    assert latex(printer.tree(softplus(x))) == r"\log\left(1 + e^{1{,}5}\right)"


def test_a_maximum_over_a_window_has_the_parentheses_that_a_sum_has():
    class Shifted(sc.Layer):
        def output_shape(self, shape):
            return (shape[0] - 1,)

        def parameters(self, shape):
            return {"weight": sc.Parameter((2,), "w", "u")}

        def forward(self, y, x, weight):
            (r,), u = y.indices, index("u")
            return sc.define(y[r], weight[u] + x[r + u], over={u: 2}, reduction=sc.Max())

    made = sc.derive(sc.Network((3,), [Shifted()], sc.SumOfOutputs())).latex("layer1")
    assert made.startswith(r"y_{r} = \max_{1 \le u \le 2}\left(w_{u} + x_{r+u-1}\right)")


ENLARGED = [*product([(4, 4), (5, 3)], [False, True]), ((3, 3), False)]


@pytest.mark.parametrize(("size", "corners"), one_of(ENLARGED))
def test_the_places_that_bilinear_upsampling_reads(size, corners):
    """Every product with a position is one with all of it."""
    layer = sc.Upsample2D(size=size, mode="bilinear", align_corners=corners)
    network = sc.Network((2, 2, 1), [layer], sc.SumOfOutputs())
    printed = sc.explain(sc.Problem(network, {"x": [1, 2, 3, 5]})).to_latex()
    assert r"} \left(r - 1\right)" in printed
    assert not re.search("} [a-z] - 1", printed)
