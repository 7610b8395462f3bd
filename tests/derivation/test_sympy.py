"""What symcnn returns is ordinary SymPy: every function that can occur in it."""

import copy
import pickle

import numpy as np
import pytest
import sympy
from sympy import Rational, Symbol, lambdify, latex, srepr, symbols

import symcnn as sc
from symcnn.derivation.simplification import distributed, factored
from symcnn.equations import functions

SEED = sc.examples.cnn_by_hand().derivation
A, B, Z = Symbol("a", real=True), Symbol("b", real=True), Symbol("z", real=True)
ONE_VARIABLE = {
    name: function
    for name, function in vars(functions).items()
    if isinstance(function, type)
    and issubclass(function, functions.DefinedFunction)
    and function is not functions.DefinedFunction
}
EXPRESSIONS = [
    SEED.partial("conv1.weight"),
    SEED.partial("x"),
    SEED.partial("conv1.weight", (0, 0, 0, 0)),
    SEED.partial("conv1.weight", (1, 0, 0, 2), staged=True),
    SEED.value(SEED.symbol("loss", (0,))),
    *(made for f in ONE_VARIABLE.values() for made in (f(Z), f(Z).diff(Z))),
    functions.elu(Z, Rational(1, 2)),
    functions.leaky_relu(Z, Rational(1, 100)),
    functions.Iverson(A >= B, A < 2),
    functions.maximum(A, B, Z),
    functions.maximum(A, B, Z).diff(B),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda e: str(e)[:40])
def test_it_comes_back_from_text_and_bytes(expression):
    names = {**vars(sympy), **vars(functions)}
    assert pickle.loads(pickle.dumps(expression)) == expression
    assert copy.deepcopy(expression) == expression
    assert eval(srepr(expression), names) == expression  # our own expressions
    assert expression.func(*expression.args) == expression


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda e: str(e)[:40])
def test_latex_shows_no_python(expression):
    text = latex(expression)
    for word in ("Iverson", "maximum", "operatorname", "sigmoid", "relu", "Derivative", "Indexed"):
        assert word not in text


@pytest.mark.parametrize("name", ONE_VARIABLE)
def test_every_function_meets_numbers_everywhere(name):
    """At 3/4: SymPy to 30 digits, NumPy on arrays and the math module say the same."""
    f = ONE_VARIABLE[name](Z)
    for expression in (f, f.diff(Z)):
        exact = float(expression.subs(Z, Rational(3, 4)).evalf(30))
        array = lambdify([Z], expression, "numpy")(np.array([0.75, 0.75]))
        assert np.broadcast_to(array, 2) == pytest.approx([exact] * 2, rel=1e-14)
        assert float(lambdify([Z], expression, "mpmath")(0.75)) == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("name", ONE_VARIABLE)
def test_every_derivative_is_the_slope(name):
    f, h = ONE_VARIABLE[name](Z), Rational(1, 10**15)
    at = [f.subs(Z, Rational(3, 4) + step).evalf(50) for step in (h, -h)]
    slope = f.diff(Z).subs(Z, Rational(3, 4)).evalf(50)
    assert abs((at[0] - at[1]) / (2 * h) - slope) < Rational(1, 10**25)


def test_free_symbols_are_real_entries_and_integer_indices():
    closed = SEED.partial("conv1.weight", (0, 0, 0, 0))
    assert all(symbol.is_real for symbol in closed.free_symbols)
    assert all(
        symbol.is_nonnegative and symbol.is_integer for symbol in SEED.indices("conv1.weight")
    )
    assert not closed.has(*symbols("x_1 w_11"))  # a symbol without the assumption is another


def test_common_factors_are_taken_out_and_put_back_in():
    a, b, x, y = symbols("a b x y", real=True)
    assert factored(a * b * x + a * b * y) == a * b * (x + y)
    assert factored(a * x + b * y) == a * x + b * y
    assert factored(2 * a * x + a * (b * x + b * y)) == a * (2 * x + b * (x + y))
    assert distributed(a * (1 - b) * (x + y + b)) == a * (1 - b) * x + a * (1 - b) * y + (
        a * b * (1 - b)
    )
    assert distributed(a * b) == a * b


def test_all_digits_that_are_asked_for_are_certain():
    """log(1 + e^180) + log(1 + e^-150), of which SymPy's own ``evalf(12)`` is 161.503293070."""
    network = sc.Network((2,), [sc.Sigmoid()], sc.BinaryCrossEntropy())
    derivation = sc.derive(network)
    loss = derivation.value(network.loss_tensor.symbol((0,)))
    values = {"x": [180, 150], "target": [0, 1]}
    assert str(derivation.substitute(loss, values, digits=12)) == "180.000000000"
