"""Functions of modules against 40 digits, over the range of floats and at its ends."""

import json

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Symbol

from symcnn import SymcnnError
from symcnn.equations.functions import (
    DefinedFunction,
    Iverson,
    bounded,
    bounded_exp,
    normal_cdf,
    relu,
    sigmoid,
    softplus,
)
from symcnn.programs.backends.javascript.language import Printer
from symcnn.programs.backends.javascript.module import functions
from tests.programs.backends.javascript.node import needs_node, node

Z = Symbol("z", real=True)
NEAR = np.random.default_rng(5)
ANYWHERE = [
    *NEAR.normal(size=60) * 3,
    *NEAR.uniform(-38, 38, 60),
    *10.0 ** NEAR.uniform(-18, 0, 20),
]
SMALL = [*NEAR.uniform(-1, 1, 60), *10.0 ** NEAR.uniform(-18, 0, 20)]

ALIKE = (
    "exp",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "atanh",
)

FUNCTIONS = {
    "erf": (sympy.erf(Z), ANYWHERE, mpmath.erf),
    "normal_cdf": (normal_cdf(Z), ANYWHERE, mpmath.ncdf),
    "sigmoid": (sigmoid(Z), ANYWHERE, lambda z: 1 / (1 + mpmath.exp(-z))),
    "softplus": (softplus(Z), ANYWHERE, lambda z: mpmath.log(1 + mpmath.exp(z))),
    "relu": (relu(Z), ANYWHERE, lambda z: max(z, 0)),
    "expm1": (sympy.codegen.cfunctions.expm1(Z), SMALL, mpmath.expm1),
    "bounded": (bounded(Z, sympy.Integer(2)), ANYWHERE, lambda z: min(max(z, -2), 2)),
    "bounded_exp": (bounded_exp(Z), ANYWHERE, mpmath.exp),
    "powers": (
        Z**2 + abs(Z) ** sympy.Rational(-3, 2) + 1 / Z,
        ANYWHERE,
        lambda z: z**2 + abs(z) ** mpmath.mpf(-1.5) + 1 / z,
    ),
    "constants": (
        Z * sympy.pi * sympy.sqrt(2) + sympy.E,
        [1.0, 2.0],
        lambda z: z * mpmath.pi * mpmath.sqrt(2) + mpmath.e,
    ),
    "large integers": (Z * sympy.Rational(10**30 + 1, 3 * 10**30), [1.0], lambda z: z / 3),
    **{name: (getattr(sympy, name)(Z), SMALL, getattr(mpmath, name)) for name in ALIKE},
    "log": (sympy.log(Z), np.abs(ANYWHERE), mpmath.log),
    "acosh": (sympy.acosh(Z), 1 + np.abs(ANYWHERE), mpmath.acosh),
}


@needs_node
def test_functions_are_right_to_1e_14(tmp_path):
    rows = {n: (Printer().code(f), [float(z) for z in zs]) for n, (f, zs, _) in FUNCTIONS.items()}
    parts = [f"{json.dumps(n)}: {json.dumps(zs)}.map((z) => {t})" for n, (t, zs) in rows.items()]
    script = [*functions().values(), f"console.log(JSON.stringify({{{', '.join(parts)}}}));"]
    made = json.loads(node("\n".join(script), tmp_path))
    with mpmath.workdps(40):
        for name, (_, zs) in rows.items():
            exact = FUNCTIONS[name][2]
            for z, value in zip(zs, made[name], strict=True):
                expected = exact(mpmath.mpf(z))
                scale = abs(expected) + (1e-300 if name != "constants" else 0)
                assert abs(value - expected) <= 1e-14 * scale, (name, z, value)


@needs_node
def test_the_ends_of_the_error_function(tmp_path):
    ends = "[Infinity, -Infinity, 1e300, -1e300, NaN, 0].map((z) => [erf(z), normalCdf(z)])"
    script = [*functions().values(), f"console.log(JSON.stringify({ends}));"]
    made = json.loads(node("\n".join(script), tmp_path))
    assert made == [[1, 1], [-1, 0], [1, 1], [-1, 0], [None, None], [0, 0.5]]


class cube(DefinedFunction):  # noqa: N801
    @classmethod
    def definition(cls, z):
        return z**3


class strange(sympy.Function):  # noqa: N801
    pass


class named(sympy.Function):  # noqa: N801
    def _javascript(self, printer):
        return f"Math.hypot({printer._print(self.args[0])}, 1)"


def test_a_function_of_the_user_is_its_definition_or_says_how_it_is_written():
    assert Printer().code(2 * cube(Z)) == "2*(Math.pow(z, 3))"
    assert Printer().code(named(Z)) == "Math.hypot(z, 1)"
    with pytest.raises(SymcnnError) as caught:
        Printer().code(1 + strange(Z))
    assert str(caught.value) == (
        "strange cannot be written in JavaScript: derive the function from DefinedFunction, or "
        "give it a method _javascript(printer)"
    )


def test_cases_stand_in_brackets_inside_of_others():
    a = Symbol("a", real=True)
    cases = sympy.Piecewise((Z, a < 0), (1, True))
    assert Printer().code(cases) == "a < 0 ? z : 1"
    assert Printer().code(cases + a) == "a + (a < 0 ? z : 1)"
    assert Printer().code(-Iverson(sympy.Eq(a, Z), a > 1)) == "-(a === z && a > 1 ? 1 : 0)"
