"""What is divided by is not 0, also where a quotient is 1 wherever it has a value.

x/x has no value at x = 0, as a/(2a) has none at a = 0: whatever cancels on paper, each way to
a number refuses these numbers, or shows that there is none.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from sympy import log

import symcnn as sc
from symcnn.cli.results import evaluated
from symcnn.errors import NotFiniteError
from symcnn.problems import Problem
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.draws import some


@dataclass(frozen=True)
class ByFirst(sc.Layer):
    """y[i] = x[i] / x[0]: at i = 0 the two are one entry."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], x[y.indices] / x[0]),)


@dataclass(frozen=True)
class Rises(sc.Layer):
    """y[0] = sum over i of log x[i + 1] - log x[i]: all logarithms but two cancel."""

    def output_shape(self, shape):
        return (1,)

    def forward(self, y, x):
        i = sc.index("i")
        inside = {i: x.shape[0] - 1}
        return (sc.define(y[0], log(x[i + 1]) - log(x[i]), over=inside),)


def divided(first, second, *layers, n=2):
    chain = [*layers, sc.Divide(inputs=(first, second), name="d")]
    return sc.Network((n,), chain, sc.SumOfOutputs())


TWICE = sc.Scale(2, name="s")
AT_0 = {
    "x/x": (divided("x", "x"), [0, 1], "d[0]: 1/x[0] is undefined where x[0] = 0"),
    "a/(2a)": (divided("x", "s", TWICE), [0, 1], "d[0]: 1/s[0] is undefined where s[0] = 0"),
    "one entry": (
        sc.Network((1,), [ByFirst(name="d")], sc.SumOfOutputs()),
        [0],
        "d[0]: 1/x[0] is undefined where x[0] = 0",
    ),
    "the first entry": (
        sc.Network((2,), [ByFirst(name="d")], sc.SumOfOutputs()),
        [0, 0],
        "d[0]: 1/x[0] is undefined where x[0] = 0",
    ),
    "a logarithm between others": (
        sc.Network((3,), [Rises(name="d")], sc.SumOfOutputs()),
        [1, 0, 2],
        "d[0]: log(x[1]) is undefined where x[1] = 0",
    ),
    "a quotient times its divisor": (
        sc.Network(
            (2,),
            [TWICE, sc.Divide(inputs=("s", "x"), name="d"), sc.Multiply(inputs=("d", "x"))],
            sc.SumOfOutputs(),
        ),
        [0, 1],
        "d[0]: 1/x[0] is undefined where x[0] = 0",
    ),
    "less itself": (
        sc.Network(
            (2,),
            [TWICE, sc.Divide(inputs=("x", "s"), name="d"), sc.Subtract(inputs=("d", "d"))],
            sc.SumOfOutputs(),
        ),
        [0, 1],
        "d[0]: 1/s[0] is undefined where s[0] = 0",
    ),
}
BACKENDS = ("scalar", "array", "jax")


@pytest.mark.parametrize("exact", [False, True], ids=["floats", "exact"])
@pytest.mark.parametrize("name", AT_0)
def test_numbers_at_which_a_divisor_is_0_are_refused(name, exact):
    network, x, line = AT_0[name]
    with pytest.raises(NotFiniteError) as error:
        evaluated(Problem(network, {"x": x}), exact=exact)
    assert str(error.value) == f"{line}: choose values or weights at which it is defined"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", AT_0)
def test_programs_have_no_number_there(name, backend):
    if backend == "jax":
        pytest.importorskip("jax")
    network, x, _ = AT_0[name]
    try:
        with np.errstate(all="ignore"):
            loss = sc.lambdify(sc.derive(network), backend=backend)({"x": x}).loss
    except NotFiniteError:
        return
    assert not math.isfinite(loss)


@pytest.mark.parametrize("name", some(AT_0, 5))
def test_documents_refuse_these_numbers(name):
    network, x, line = AT_0[name]
    with pytest.raises(NotFiniteError) as error:
        sc.explain(Problem(network, {"x": x}))
    assert str(error.value).startswith(line)


@pytest.mark.parametrize("name", ["x/x", "one entry"])
def test_a_closed_form_has_no_value_there(name):
    """The derivative of x/x is 0 where there is one: 1/x - x/x^2."""
    network, x, _ = AT_0[name]
    derivation = sc.derive(network)
    first = derivation.partial("x", (0,))
    (symbol,) = first.free_symbols
    assert first.subs(symbol, 3) == 0
    assert first.subs(symbol, 0) is sympy.nan
    with pytest.raises(NotFiniteError):
        derivation.at({"x": x}).value(first)


@pytest.mark.parametrize("name", ["x/x", "one entry"])
def test_an_exported_module_of_sympy_has_no_value_there(name):
    network, x, _ = AT_0[name]
    values = {"x": [n + 3 for n in x]}
    held = {}
    exec(sympy_module(sc.derive(network), values, ""), held)  # the text that was made just now
    at_0 = dict.fromkeys(held["values"], sympy.Integer(0))
    assert held["at"](held["loss"], held["values"]) == len(x)
    assert not held["at"](held["outputs"]["d"][0], at_0).is_finite


def test_an_exported_module_of_javascript_divides():
    text = exported(sc.derive(AT_0["x/x"][0]), {"x": [3, 4]}, "x/x", "javascript")
    assert "d_1 = x_1/" in text or "y_1 = x_1/" in text


@pytest.mark.parametrize("exact", [False, True], ids=["floats", "exact"])
def test_elsewhere_x_over_x_is_1(exact):
    """At x = (1/4, 8) every operation is exact in floats too."""
    made = evaluated(Problem(divided("x", "x"), {"x": [0.25, 8]}), exact=exact).evaluation
    assert made.loss == 2
    assert made.outputs["d"].tolist() == [1, 1]
    assert made.gradients["x"].tolist() == [0, 0]


def test_documents_print_the_quotient():
    text = sc.explain(Problem(divided("x", "x"), {"x": [4, 8]})).to_latex()
    assert r"\frac{x_{1}}{x_{1}}" in text
    assert "uncancelled" not in text
