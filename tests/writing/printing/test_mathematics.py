"""The printer: formulas as a person writes them."""

import pytest
from sympy import (
    Abs,
    Eq,
    Float,
    Function,
    IndexedBase,
    Max,
    Mod,
    Rational,
    Sum,
    Symbol,
    binomial,
    erf,
    exp,
    floor,
    log,
    pi,
    sqrt,
    symbols,
    tanh,
)

from symcnn import Iverson, index, maximum, sigmoid
from symcnn.equations.functions import softplus
from symcnn.writing.formula.build import decimal
from symcnn.writing.formula.latex import latex as written
from symcnn.writing.formula.reader import read
from symcnn.writing.printing.mathematics import MathPrinter

x_1, x_2, x_10, w_11, w_21, t, a = symbols("x_1 x_2 x_10 w_11 w_21 t a", real=True)
delta = Symbol("delta^z_11", real=True)
w_2 = Symbol("w^(2)_1", real=True)
i, u, k, r = map(index, "iukr")
X = IndexedBase("x", shape=(5, 1, 3))
Z = IndexedBase("z", shape=(3, 3))


def printed(printer, expression):
    """The LaTeX of the tree, which is what a reader of it would make of it."""
    tree = printer.tree(expression)
    text = written(tree)
    assert read(text) == tree
    return text


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (t - a, "t - a"),
        (-a - t, "-a - t"),
        ((t - a) ** 2 / 2, r"\frac{1}{2} \left(t - a\right)^{2}"),
        (x_1 * w_11 * delta, r"\delta^{z}_{11} w_{11} x_{1}"),
        (w_11 * x_10 + w_11 * x_2, "w_{11} x_{2} + w_{11} x_{10}"),
        (a + w_11 * x_1 + w_21 * x_2, "w_{11} x_{1} + w_{21} x_{2} + a"),  # a bias comes last
        (a * (1 - a) * delta, r"\delta^{z}_{11} a \left(1 - a\right)"),
        (1 - tanh(a) ** 2, r"1 - \tanh^{2}\left(a\right)"),
        (sigmoid(a), r"\sigma\left(a\right)"),
        (maximum(x_1, x_2), r"\max\left(x_{1}, x_{2}\right)"),
        (x_1 * Iverson(x_1 >= x_2), r"x_{1} \left[x_{1} \geq x_{2}\right]"),
        (w_2**2, r"\left(w^{(2)}_{1}\right)^{2}"),  # two superscripts are an error in LaTeX
        (x_1 / (x_1 + x_2), r"\frac{x_{1}}{x_{1} + x_{2}}"),
        (t / 2 - a / 2, r"\frac{1}{2} (t - a)"),
        (-t / 2 - a / 2, r"-\frac{1}{2} (a + t)"),
        (t / 2 - a / 3, r"\frac{1}{2} t - \frac{1}{3} a"),
        (delta * (t / 4 - a / 4), r"\frac{1}{4} \delta^{z}_{11} \left(t - a\right)"),
        (-((1 - t) * log(1 - a)) - t * log(a), None),
        (1 / (1 + exp(-a)), r"\frac{1}{1 + e^{-a}}"),
        (a * sqrt(2), r"\sqrt{2} a"),
    ],
)
def test_order_signs_and_fractions(expression, latex):
    if latex is None:
        latex = r"-t \log\left(a\right) - \left(1 - t\right) \log\left(1 - a\right)"
    assert printed(MathPrinter(), expression) == latex


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (X[i + u, 0, k], "x_{i+u-1, k}"),
        (X[2 * i + u - 1, 0, 2], "x_{2(i-1)+u-1, 3}"),
        (Z[i, k], "z_{ik}"),
        (X[r - u, 0, 0], "x_{r-u+1, 1}"),
        (Sum(Z[i, k], (i, 0, 2)), r"\sum_{i=1}^{3} z_{ik}"),
        (Sum(Z[i, k], (i, 0, floor(r / 2))), None),
        (Sum(-1 / Z[0, k], (i, 0, 2)), r"\sum_{i=1}^{3} \left(-\frac{1}{z_{1k}}\right)"),
        (Iverson(Eq(Mod(r, 3), 0)), r"\left[3 \mid r - 1\right]"),
    ],
)
def test_indices_count_from_one_and_unit_axes_are_left_out(expression, latex):
    text = printed(MathPrinter(), expression)
    if latex is None:
        latex = r"\sum_{i=1}^{\left\lceil{r / 2}\right\rceil} z_{ik}"
    assert text == latex


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (w_11 * x_1 + w_21 * x_2, r"0.2 \cdot 1 + (-0.1) \cdot 0.4"),
        (x_1 - w_21, "1 - (-0.1)"),
        (x_1 + w_21, "-0.1 + 1"),
        (w_21**2, "(-0.1)^{2}"),
        ((x_1 - w_21) ** 2, r"\left(1 - (-0.1)\right)^{2}"),
        (maximum(w_21, x_1), r"\max\left(-0.1, 1\right)"),
        (Iverson(w_21 >= x_2), r"\left[-0.1 \geq 0.4\right]"),
    ],
)
def test_numbers_stand_in_the_same_tree(expression, latex):
    numbers = {w_11: "0.2", w_21: "-0.1", x_1: "1", x_2: "0.4"}
    trees = {symbol: decimal(number) for symbol, number in numbers.items()}
    assert printed(MathPrinter(trees), expression) == latex


def test_an_example_has_its_terms_in_the_order_of_its_rule():
    """The error signal before batch normalisation: SymPy orders T[i] and T_1 in two ways."""

    def signal(**entry):
        mean, spread, scaled = entry["dm"], entry["dV"], entry["dx"]
        return spread * (entry["z"] - entry["m"]) / 9 + mean / 18 + scaled / sqrt(entry["V"] + 1)

    labels = {"dm": "delta^mu", "dV": "delta^V", "dx": "delta^xhat", "V": "V", "z": "z", "m": "mu"}
    rule = signal(**{n: IndexedBase(label, shape=(9,))[i] for n, label in labels.items()})
    example = signal(**{n: Symbol(f"{label}_1", real=True) for n, label in labels.items()})
    text = printed(MathPrinter(), example)
    second = r" + \frac{1}{9} \delta^{V}_{1} \left(z_{1} - \mu_{1}\right) + "
    assert text.startswith(r"\frac{1}{18} \delta^{\mu}_{1}" + second)
    assert printed(MathPrinter(), rule).replace("_{i}", "_{1}") == text


class Bump(Function):
    """A function of a layer from outside, which says itself how it is printed."""

    def _latex(self, printer, exp=None):
        return rf"\beta\left({printer._print(self.args[0])}\right)"


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (Bump(a - t), r"\beta \left(a - t\right)"),
        (erf(a), r"\operatorname{erf}\left(a\right)"),
        (log(1 + a), r"\log\left(a + 1\right)"),
        (Abs(a - x_1), r"\left|a - x_{1}\right|"),
        (Max(x_1, x_2), r"\max\left(x_{1}, x_{2}\right)"),
        (sqrt(a) / 2, r"\frac{1}{2} \sqrt{a}"),
        (1 / sqrt(a), r"\frac{1}{\sqrt{a}}"),
        (-3 * sqrt(2) * a / 4, r"-\frac{3 a}{2 \sqrt{2}}"),
        (sqrt(2) * a / (2 * sqrt(pi)), r"\frac{a}{\sqrt{2 \pi}}"),
        (sqrt(3) * a / 2, r"\frac{1}{2} \sqrt{3} a"),
        (x_1 ** Rational(3, 2), "{x_{1}}^{3/2}"),
        (2**a, "2^{a}"),
        (Float("1e-20") * a, r"1.0 \times 10^{-20} a"),
        (softplus(a), r"\log\left(1 + e^{a}\right)"),
    ],
)
def test_functions_and_powers(expression, latex):
    assert printed(MathPrinter(), expression) == latex


def test_what_has_no_tree_is_written_as_sympy_does():
    chosen = binomial(a, t)
    assert written(MathPrinter().tree(chosen)) == (r"{\binom{a}{t}}")
