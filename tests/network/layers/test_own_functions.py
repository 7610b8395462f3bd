"""SymPy's functions in layers from outside: their slopes are numbers everywhere, or one line."""

from dataclasses import dataclass
from math import atan, erf, exp, log, pi, sqrt
from math import floor as whole
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Piecewise, Rational, Symbol, floor, gamma

import symcnn as sc
from symcnn.equations.functions import DefinedFunction

HALF = Rational(1, 2)
AT = [Rational(-2), Rational(-1, 4), Rational(0), HALF, Rational(3)]


@dataclass(frozen=True)
class Of(sc.Layer):
    """y_i = f(x_i)."""

    f: Any = None

    def forward(self, y, x):
        return (sc.define(y[y.indices], self.f(x[x.indices])),)


class bent(DefinedFunction):  # noqa: N801  # SymPy's functions are lower case
    """A function that is its definition alone."""

    @classmethod
    def definition(cls, z):
        return z**2 / (1 + z**2)


def gauss(z):
    return exp(-(z**2)) * 2 / sqrt(pi)


# f, f as a function of a float, and its slope; where two slopes meet it is that of PyTorch.
FUNCTIONS = {
    "Abs": (sp.Abs, abs, np.sign),
    "sign": (sp.sign, np.sign, lambda z: 0),
    "Heaviside": (sp.Heaviside, lambda z: np.heaviside(z, 0.5), lambda z: 0),
    "Max": (lambda z: sp.Max(z, 0), lambda z: max(z, 0), lambda z: float(z > 0)),
    "Min": (lambda z: sp.Min(z, 1), lambda z: min(z, 1), lambda z: float(z < 1)),
    "floor": (floor, whole, lambda z: 0),
    "erf": (sp.erf, erf, gauss),
    "atan": (sp.atan, atan, lambda z: 1 / (1 + z**2)),
    "bent": (bent, lambda z: z**2 / (1 + z**2), lambda z: 2 * z / (1 + z**2) ** 2),
    "clip": (
        lambda z: Piecewise((-1, z < -1), (z, z <= 1), (1, True)),
        lambda z: max(-1, min(z, 1)),
        lambda z: float(-1 <= z <= 1),
    ),
    "hard swish": (
        lambda z: Piecewise((0, z <= -3), (z * (z + 3) / 6, z < 3), (z, True)),
        lambda z: z * max(0, min(z + 3, 6)) / 6,
        lambda z: (2 * z + 3) / 6 if z < 3 else 1,
    ),
    "Huber": (
        lambda z: Piecewise((z**2 / 2, sp.Abs(z) <= 1), (sp.Abs(z) - HALF, True)),
        lambda z: z**2 / 2 if abs(z) <= 1 else abs(z) - 0.5,
        lambda z: max(-1, min(z, 1)),
    ),
    "exponential linear": (
        lambda z: Piecewise((z, z > 0), (sp.exp(z) - 1, True)),
        lambda z: z if z > 0 else exp(z) - 1,
        lambda z: 1 if z > 0 else exp(z),
    ),
    "outside": (
        lambda z: 1 + 2 * Piecewise((z, (z > 1) | (z < -1)), (sp.log(3 + z), True)),
        lambda z: 1 + 2 * (z if abs(z) > 1 else log(3 + z)),
        lambda z: 2 if abs(z) > 1 else 2 / (3 + z),
    ),
}


def problem(f, at=AT):
    network = sc.Network((len(at),), [Of(f)], sc.Upstream())
    return sc.Problem(network, {"x": at, "gradient": [1] * len(at)})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_slopes(name):
    f, value, slope = FUNCTIONS[name]
    made = problem(f)
    exact = sc.evaluate(made, exact=True).rounded()
    for backend in ("scalar", "array"):
        found = sc.lambdify(made.derivation, backend)(made.values)
        for result in (found, exact):
            np.testing.assert_allclose(result.outputs["layer1"], [value(float(z)) for z in AT])
            np.testing.assert_allclose(result.gradients["x"], [slope(float(z)) for z in AT])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_they_are_explained(name):
    away = [z + Rational(1, 10) for z in AT]
    document = sc.explain(problem(FUNCTIONS[name][0], away))
    assert all(document.files(format) for format in ("tex", "md", "html"))


def test_cases_stand_in_parentheses_beside_a_factor():
    tex = sc.explain(problem(FUNCTIONS["outside"][0], [HALF]), detail="full").to_latex()
    cases = r"x \left[x > 1 \vee x < -1\right] + \log\left(x + 3\right) "
    assert rf"y &= 2 \left({cases}\left[x \geq -1,\; x \leq 1\right]\right) + 1" in tex


REFUSED = {
    "gamma": gamma,
    "f": sp.Function("f"),
    "Sum": lambda z: sp.Sum(z * Symbol("k"), (Symbol("k"), 1, 3)),
    "zoo": lambda z: z * sp.zoo,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_rule_is_refused_where_it_stands(name):
    with pytest.raises(sc.SymcnnError) as refused:
        sc.Network((2,), [Of(REFUSED[name])], sc.SumOfOutputs())
    message = str(refused.value)
    assert message.startswith("layers[0] (Of): the value contains ")
    assert name in message
    assert "\n" not in message
    assert len(message) <= 200


def test_a_symbol_is_no_entry():
    with pytest.raises(sc.SymcnnError, match=r"a\*x\[q\] of y\[q\] contains a outside a tensor"):
        sc.Network((2,), [Of(lambda z: Symbol("a") * z)], sc.SumOfOutputs())


CASES = {
    "roots": (lambda x: Piecewise((sp.sqrt(x), x > 0), (x, True)), [-4, 4], [-4, 2], [1, 0.25]),
    "logarithms": (lambda x: Piecewise((sp.log(x), x > 0), (x, True)), [0, 1], [0, 0], [1, 1]),
    "exponentials": (
        lambda x: Piecewise((sp.exp(x), x < 1), (x, True)),
        [900, 0],
        [900, 1],
        [1, 1],
    ),
}


@pytest.mark.parametrize("backend", ["array", "scalar"])
@pytest.mark.parametrize("name", CASES)
def test_cases_that_are_not_taken_are_no_warning(name, backend):
    cases, x, y, slopes = CASES[name]
    network = sc.Network((2,), [Of(cases)], sc.SumOfOutputs())
    made = sc.lambdify(sc.derive(network), backend)({"x": x})
    assert made.outputs["layer1"].tolist() == y
    assert made.gradients["x"].tolist() == slopes
