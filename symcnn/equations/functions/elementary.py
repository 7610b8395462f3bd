r"""SymPy's functions of one variable of layers: one table for all arithmetics and languages.

    tan z   =  sin z / cos z                      sin' z  =  cos z
    sinh z  =  (expm1(z) - expm1(-z)) / 2         tanh' z  =  4 sigma(2 z) sigma(-2 z)

Exact numbers compute a few of them directly, with the slopes below, and the others by what they are
made of; nothing in either form cancels. Intervals need to know where a function rises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sympy
from sympy import Dummy, Expr, Function, S, atan, cos, exp, log, pi, sin, sqrt
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.equations.functions.activations import sigmoid
from symcnn.equations.functions.brackets import floor

Z = Dummy("z", real=True)
"""The argument of what is written down here."""

Course = Literal["rises", "falls", "turns", "is even"]
"""How a function goes where it is defined; one that is even rises from 0 on."""


@dataclass(frozen=True)
class Elementary:
    """A function of one variable.

    Attributes:
        function: SymPy's.
        course: Where it rises and falls.
        slope: Its derivative, where exact numbers compute the function itself.
        written: What they compute instead.
        numpy: What NumPy calls it; nothing if it has none.
        domain: The least and the greatest number that it is defined at; None for all.
        is_smooth: Whether its slope nowhere jumps or is infinite.
        is_offered: Whether layers may hold it; others stand for parts of those.
    """

    function: Any
    course: Course
    slope: Expr | None = None
    written: Expr | None = None
    numpy: str = ""
    domain: tuple[int, int | None] | None = None
    is_smooth: bool = True
    is_offered: bool = True

    @property
    def name(self) -> str:
        """What SymPy calls it, and so do JavaScript's Math and mpmath."""
        return str(self.function.__name__)


_BELL = 2 / sqrt(pi) * exp(-(Z**2))
_UPPER_TAIL = Function("erfc")
"""1 - erf; SymPy's own writes 2 - erfc(z) for erfc(-z), which cancels."""

_RIGHT_ANGLED = Z / sqrt(1 - Z**2)
"""The tangent of an angle whose sine is z."""

_ROWS = (
    Elementary(exp, "rises", numpy="exp"),
    Elementary(log, "rises", numpy="log", domain=(0, None)),
    Elementary(expm1, "rises", exp(Z), numpy="expm1", is_offered=False),
    Elementary(log1p, "rises", 1 / (1 + Z), numpy="log1p", domain=(-1, None), is_offered=False),
    Elementary(sympy.erf, "rises", _BELL),
    Elementary(floor, "rises", S.Zero, numpy="floor", is_smooth=False),
    Elementary(_UPPER_TAIL, "falls", -_BELL, is_offered=False),
    Elementary(sin, "turns", cos(Z), numpy="sin"),
    Elementary(cos, "turns", -sin(Z), numpy="cos"),
    Elementary(sympy.tan, "turns", written=sin(Z) / cos(Z), numpy="tan", is_smooth=False),
    Elementary(
        sympy.asin,
        "rises",
        written=atan(_RIGHT_ANGLED),
        numpy="arcsin",
        domain=(-1, 1),
        is_smooth=False,
    ),
    Elementary(
        sympy.acos,
        "falls",
        written=pi / 2 - atan(_RIGHT_ANGLED),
        numpy="arccos",
        domain=(-1, 1),
        is_smooth=False,
    ),
    Elementary(atan, "rises", 1 / (1 + Z**2), numpy="arctan"),
    Elementary(sympy.sinh, "rises", written=(expm1(Z) - expm1(-Z)) / 2, numpy="sinh"),
    Elementary(sympy.cosh, "is even", written=(exp(Z) + exp(-Z)) / 2, numpy="cosh"),
    Elementary(sympy.tanh, "rises", 4 * sigmoid(2 * Z) * sigmoid(-2 * Z), numpy="tanh"),
    Elementary(sympy.asinh, "rises", written=log(Z + sqrt(1 + Z**2)), numpy="arcsinh"),
    Elementary(
        sympy.acosh,
        "rises",
        written=log(Z + sqrt(Z**2 - 1)),
        numpy="arccosh",
        domain=(1, None),
        is_smooth=False,
    ),
    Elementary(
        sympy.atanh,
        "rises",
        written=(log1p(Z) - log1p(-Z)) / 2,
        numpy="arctanh",
        domain=(-1, 1),
        is_smooth=False,
    ),
)

ELEMENTARY: Mapping[str, Elementary] = {row.name: row for row in _ROWS}
"""The functions by their names."""
