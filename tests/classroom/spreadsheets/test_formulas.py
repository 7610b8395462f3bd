"""Formulas of spreadsheets: exact text, with the signs and powers that they read in another way."""

import pytest
from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Float,
    Heaviside,
    Max,
    Min,
    Ne,
    Or,
    Piecewise,
    Rational,
    Symbol,
    asin,
    besselj,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sqrt,
    symbols,
    tan,
)

import symcnn as sc
from symcnn.classroom.spreadsheets.contents import cell_names
from symcnn.classroom.spreadsheets.formulas import Formulas
from symcnn.classroom.spreadsheets.workbook import LONGEST, MOST_ARGUMENTS, Parts
from symcnn.equations.functions import Iverson, maximum, normal_cdf, relu, sigmoid, softplus

A, B, C = symbols("a b c", real=True)
FORMULAS = Formulas({A: "a_", B: "b_", C: "c_"}, str, decimals=[Rational(1, 100)])

WRITTEN = {
    A * B + C: "a_*b_+c_",
    A - B - C: "a_-b_-c_",
    -A: "-a_",
    -(A**2): "-(a_^2)",  # -a_^2 is the square of -a_ in a spreadsheet
    B - A**2: "b_-(a_^2)",
    -3 * A**2 * B: "-3*a_^2*b_",
    (-A) ** 3: "-(a_^3)",
    (A - B) ** 2 / 2: "(a_-b_)^2/2",
    A ** (-2): "1/a_^2",
    A / (B * C): "a_/(b_*c_)",
    A / (B + C): "a_/(b_+c_)",
    A * (B - C): "a_*(b_-c_)",
    sqrt(A): "SQRT(a_)",
    1 / sqrt(A): "1/SQRT(a_)",
    A**B: "a_^b_",
    (A**B) ** C: "(a_^b_)^c_",
    A ** Rational(1, 3): "a_^(1/3)",
    2 ** (-A): "1/2^a_",
    A / 100: "0.01*a_",
    A / 3 + B / 3: "(a_+b_)/3",
    Rational(5, 2) * A: "2.5*a_",
    Rational(2, 3) * A: "2*a_/3",
    Add(A, Rational(-1, 3)): "a_-1/3",
    Float("0.25") * A: "0.25*a_",
    exp(-A): "EXP(-a_)",
    log(1 + exp(A)): "LN(1+EXP(a_))",
    tan(A) + cosh(B): "COSH(b_)+TAN(a_)",
    asin(A): "ASIN(a_)",
    erf(A) / sqrt(pi): "ERF(a_)/SQRT(PI())",
    sigmoid(A): "1/(1+EXP(-a_))",
    1 - sigmoid(A): "1-(1/(1+EXP(-a_)))",
    A * sigmoid(A): "a_*(1/(1+EXP(-a_)))",
    softplus(A): "LN(1+EXP(a_))",
    normal_cdf(A): "(ERF(a_*SQRT(2)/2)+1)/2",
    relu(A): "MAX(0,a_)",
    maximum(A, B, C): "MAX(a_,b_,c_)",
    Max(A, B): "MAX(a_,b_)",
    Min(A, B): "MIN(a_,b_)",
    Abs(A): "ABS(a_)",
    sign(A): "SIGN(a_)",
    Heaviside(A): "IF(a_>0,1,IF(a_>=0,1/2,0))",
    Iverson(A > 0): "IF(a_>0,1,0)",
    Iverson(A >= B, A < C) * C: "IF(AND(a_>=b_,a_<c_),1,0)*c_",
    Iverson(Eq(A, B)): "IF(a_=b_,1,0)",
    Iverson(Ne(A, B)): "IF(a_<>b_,1,0)",
    Piecewise((A, A > 0), (B, Or(B > 0, C > 0)), (0, True)): "IF(a_>0,a_,IF(OR(b_>0,c_>0),b_,0))",
    Piecewise((A, And(A > 0, B > 0))): "IF(AND(a_>0,b_>0),a_,NA())",
}


@pytest.mark.parametrize("expression", WRITTEN, ids=str)
def test_an_expression_as_a_formula(expression):
    assert FORMULAS.text(expression) == WRITTEN[expression]


def test_a_function_that_no_spreadsheet_has_is_one_line():
    with pytest.raises(sc.SymcnnError, match=r"^no spreadsheet has the function 'besselj': "):
        FORMULAS.text(besselj(0, A))


def test_names_are_those_of_no_address_and_of_no_other_cell():
    labels = ["a", "z^(2)", "R", "c", "T", "t", "W_11", "w_11", "x_1,12", "delta^mu^(2)_1", "true"]
    names = cell_names([*labels, r"mathbf{W}^{[1]}_2"])
    assert names == [
        *("a", "z2_", "R_", "c_", "T", "t_", "W_11", "w_11_", "x_1_12", "delta_mu2_1", "true_"),
        "mathbf_W_1_2",
    ]
    assert len({name.lower() for name in names}) == len(names)


def taken_apart(formula):
    names = {}
    writer = Formulas(names, str)

    def part(number):
        symbol = Symbol(f"p{number}", real=True)
        names[symbol] = f"part_{number}"
        return symbol

    names.update({symbol: symbol.name for symbol in formula.free_symbols})
    parts = Parts(writer.text, part)
    return parts.written(formula), parts.made, writer


def test_a_long_sum_is_a_sum_of_parts():
    terms = symbols("x_1:2001", real=True)
    text, made, writer = taken_apart(Add(*terms))
    assert text == "+".join(f"part_{n}" for n in range(1, len(made) + 1))
    assert all(len(writer.text(formula)) <= LONGEST for _, formula, _ in made)
    assert Add(*(whole for _, _, whole in made)) == Add(*terms)


def test_a_long_maximum_and_a_long_bracket_are_made_of_parts():
    a, *terms = symbols("x_1:700", real=True)
    text, made, _ = taken_apart(maximum(*terms))
    assert text == "MAX(part_1,part_2,part_3,part_4)"
    assert [len(formula.args) for _, formula, _ in made] == [MOST_ARGUMENTS] * 3 + [98]
    text, made, _ = taken_apart(Iverson(*(a > other for other in terms)))
    assert text == "part_1*part_2*part_3*part_4"


def test_a_function_of_a_long_sum_has_it_in_a_cell():
    terms = symbols("x_1:2001", real=True)
    text, made, _ = taken_apart(exp(Add(*terms)))
    assert text == f"EXP(part_{len(made)})" or text.startswith("EXP(part_1+")
