"""Functions of exact numbers in forms that do not cancel, and the slopes of a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from sympy import Dummy, Expr, Function, atan, cos, exp, log, pi, sin, sqrt
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.enclosures import Number, Precision, circular, functions
from symcnn.functions import DefinedFunction, normal_cdf, sigmoid, softplus

_Z = Dummy("z", real=True)

_UPPER_TAIL = Function("erfc")
"""1 - erf; SymPy's own writes 2 - erfc(z) for erfc(-z), which cancels."""

Written = tuple[Dummy, Expr]
"""A function's argument, and an expression of it."""

ANALYTIC: Mapping[str, tuple[Callable[[Number, Precision], Number], Written]] = {
    "sin": (circular.sin, (_Z, cos(_Z))),
    "cos": (circular.cos, (_Z, -sin(_Z))),
    "atan": (circular.atan, (_Z, 1 / (1 + _Z**2))),
    "erf": (functions.erf, (_Z, 2 / sqrt(pi) * exp(-(_Z**2)))),
    "erfc": (functions.erfc, (_Z, -2 / sqrt(pi) * exp(-(_Z**2)))),
    "expm1": (functions.expm1, (_Z, exp(_Z))),
    "log1p": (functions.log1p, (_Z, 1 / (1 + _Z))),
    "tanh": (functions.tanh, (_Z, 4 * sigmoid(2 * _Z) * sigmoid(-2 * _Z))),
}
"""Functions with their slopes."""

WRITTEN: Mapping[str, Written] = {
    "tan": (_Z, sin(_Z) / cos(_Z)),
    "asin": (_Z, atan(_Z / sqrt(1 - _Z**2))),
    "acos": (_Z, pi / 2 - atan(_Z / sqrt(1 - _Z**2))),
    "sinh": (_Z, (expm1(_Z) - expm1(-_Z)) / 2),
    "cosh": (_Z, (exp(_Z) + exp(-_Z)) / 2),
    "asinh": (_Z, log(_Z + sqrt(1 + _Z**2))),
    "acosh": (_Z, log(_Z + sqrt(_Z**2 - 1))),
    "atanh": (_Z, (log1p(_Z) - log1p(-_Z)) / 2),
}
"""Functions by what they are made of, from which their slopes follow."""


@cache
def definition(function: type[DefinedFunction]) -> Written:
    """Return a function of symcnn by what it is made of; nothing cancels."""
    if function is softplus:
        return _Z, log1p(exp(_Z))
    if function is normal_cdf:
        return _Z, _UPPER_TAIL(-_Z / sqrt(2)) / 2
    return _Z, function.definition(_Z)
