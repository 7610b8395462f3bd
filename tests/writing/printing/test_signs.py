"""Signs in products: a factor that begins with a minus stands in parentheses."""

from sympy import IndexedBase, Sum, Symbol, symbols

from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.mathematics import MathPrinter

r = Symbol("r", integer=True)
m, v = symbols("m v", real=True)
x = IndexedBase("x", shape=(3,))


def printed(expression):
    return latex(MathPrinter().tree(expression))


def test_a_negative_sum_is_no_summand():
    negative, other = Sum(-v * x[r], (r, 0, 2)), Sum(m - x[r], (r, 0, 2))
    assert printed(negative * other / 18).startswith(r"\frac{1}{18} \left(-")


def test_a_negative_sum_by_itself_has_its_sign_alone():
    assert printed(Sum(-x[r], (r, 0, 2))).startswith("-")
