"""Functions of exact numbers in forms that do not cancel, and the slopes of a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from sympy import Dummy, Expr, Function, atan, cos, exp, log, pi, sin, sqrt
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.enclosures import Number, Precision, circular, functions
from symcnn.functions import DefinedFunction, normal_cdf, sigmoid, softplus

Z = Dummy("z", real=True)
"""The argument of functions that are written down."""

_UPPER_TAIL = Function("erfc")
"""1 - erf; SymPy's own writes 2 - erfc(z) for erfc(-z), which cancels."""

Written = tuple[Dummy, Expr]
"""A function's argument, and an expression of it."""

ANALYTIC: Mapping[str, tuple[Callable[[Number, Precision], Number], Written]] = {
    "sin": (circular.sin, (Z, cos(Z))),
    "cos": (circular.cos, (Z, -sin(Z))),
    "atan": (circular.atan, (Z, 1 / (1 + Z**2))),
    "erf": (functions.erf, (Z, 2 / sqrt(pi) * exp(-(Z**2)))),
    "erfc": (functions.erfc, (Z, -2 / sqrt(pi) * exp(-(Z**2)))),
    "expm1": (functions.expm1, (Z, exp(Z))),
    "log1p": (functions.log1p, (Z, 1 / (1 + Z))),
    "tanh": (functions.tanh, (Z, 4 * sigmoid(2 * Z) * sigmoid(-2 * Z))),
}
"""Functions with their slopes."""

WRITTEN: Mapping[str, Written] = {
    "tan": (Z, sin(Z) / cos(Z)),
    "asin": (Z, atan(Z / sqrt(1 - Z**2))),
    "acos": (Z, pi / 2 - atan(Z / sqrt(1 - Z**2))),
    "sinh": (Z, (expm1(Z) - expm1(-Z)) / 2),
    "cosh": (Z, (exp(Z) + exp(-Z)) / 2),
    "asinh": (Z, log(Z + sqrt(1 + Z**2))),
    "acosh": (Z, log(Z + sqrt(Z**2 - 1))),
    "atanh": (Z, (log1p(Z) - log1p(-Z)) / 2),
}
"""Functions by what they are made of, from which their slopes follow."""


@cache
def definition(function: type[DefinedFunction]) -> Written:
    """Return a function of symcnn by what it is made of; nothing cancels."""
    if function is softplus:
        return Z, log1p(exp(Z))
    if function is normal_cdf:
        return Z, _UPPER_TAIL(-Z / sqrt(2)) / 2
    return Z, function.definition(Z)
