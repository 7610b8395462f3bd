r"""SymPy's functions of one variable of layers: one table for all arithmetics and languages.

    tan z   =  sin z / cos z                      sin' z  =  cos z
    sinh z  =  (expm1(z) - expm1(-z)) / 2         tanh' z  =  4 sigma(2 z) sigma(-2 z)

Exact numbers compute a few of them directly, with the slopes below, and the others by what they are
made of; nothing in either form cancels. Intervals need to know where a function rises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal

import sympy
from sympy import (
    Add,
    Dummy,
    Expr,
    Function,
    Mul,
    Pow,
    S,
    atan,
    cos,
    erf,
    exp,
    log,
    pi,
    sin,
    sqrt,
    tanh,
)
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.equations.functions.brackets import DefinedFunction, Iverson, floor, numpy_name, power

# The functions of activation layers, and what programs write for exponentials in them.


_GUARD_BITS = 20


class _Printed(DefinedFunction):
    """A function that says how it is written, with z for the argument.

    In plain Python it is its definition unless ``as_python`` says more.
    """

    as_latex: ClassVar[str]
    as_numpy: ClassVar[str]
    as_python: ClassVar[str] = ""

    def _latex(self, printer: Any, **options: Any) -> str:
        return power(self._written(self.as_latex, printer), **options)

    def _numpycode(self, printer: Any) -> str:
        code = re.sub(r"numpy\.(\w+)", lambda of: numpy_name(printer, of[1]), self.as_numpy)
        return self._written(code, printer)

    def _code(self, printer: Any) -> str:
        if self.as_python:
            return self._written(self.as_python, printer)
        return printer._print(self.definition(self.args[0]))  # type: ignore[no-any-return]

    _pythoncode = _mpmathcode = _code

    def _written(self, template: str, printer: Any) -> str:
        return re.sub(r"\bz\b", lambda _: printer._print(self.args[0]), template)


class sigmoid(_Printed):  # noqa: N801  # SymPy's functions are lower case
    r"""The logistic function 1 / (1 + exp(-z)); it prints as sigma(z).

    >>> from sympy import Symbol, latex
    >>> z = Symbol("z", real=True)
    >>> sigmoid(z).diff(z)
    (1 - sigmoid(z))*sigmoid(z)
    >>> latex(sigmoid(z))
    '\\sigma\\left(z\\right)'
    """

    called = "the logistic function"
    as_latex = r"\sigma\left(z\right)"
    as_numpy = "(numpy.exp(numpy.minimum(z, 0))/(1 + numpy.exp(-abs(z))))"

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return 1 / (1 + exp(-z))."""
        return 1 / (1 + exp(-z))

    @classmethod
    def identities(cls, z: Expr) -> dict[Expr, Expr]:
        """Solve s = 1 / (1 + exp(-z)) for exp(-z)."""
        return {exp(-z): 1 / cls(z) - 1}

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at 0 alone; other numbers stay exact as sigma of a number."""
        return S.Half if z.is_zero else None


class softplus(_Printed):  # noqa: N801
    """The smooth rectifier log(1 + exp(z)); its derivative is the sigmoid.

    >>> from sympy import Symbol
    >>> z = Symbol("z", real=True)
    >>> softplus(z).diff(z)
    sigmoid(z)
    """

    as_latex = r"\log\left(1 + e^{z}\right)"
    as_numpy = "(numpy.maximum(z, 0) + numpy.log1p(numpy.exp(-abs(z))))"

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return log(1 + exp(z))."""
        return log(1 + exp(z))

    @classmethod
    def identities(cls, z: Expr) -> dict[Expr, Expr]:
        """Solve s = 1 / (1 + exp(-z)) for exp(z)."""
        return {exp(z): sigmoid(z) / (1 - sigmoid(z))}

    def _eval_is_extended_positive(self) -> bool | None:
        """Say so at once: SymPy would ask few digits of log(1 + exp(-20)), and find 0."""
        return self.args[0].is_extended_real or None

    def _eval_evalf(self, prec: int) -> Expr:
        """Return log(1 + exp(z)) with as many more bits as cancel; far on the left exp(z)."""
        z = self.args[0]
        if z.is_number and z < -prec:
            return exp(z)._eval_evalf(prec)
        more = 2 * prec + _GUARD_BITS if z.is_number and z < 0 else 0
        value = self.definition(z)._eval_evalf(prec + more)
        return value._eval_evalf(prec) if more else value


class uncancelled(_Printed):  # noqa: N801
    """z itself, which SymPy does not cancel: x / uncancelled(x) has no value at x = 0, as x / x.

    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> x / x, x / uncancelled(x), (x / uncancelled(x)).subs(x, 0)
    (1, x/uncancelled(x), nan)
    """

    as_latex = r"z"
    as_numpy = as_python = "(z)"

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return z."""
        return z

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at numbers."""
        return z if z.is_number else None


class normal_cdf(_Printed):  # noqa: N801
    r"""The distribution function of the standard normal distribution; it prints as Phi(z).

    >>> from sympy import Symbol, latex
    >>> z = Symbol("z", real=True)
    >>> normal_cdf(z).diff(z)
    sqrt(2)*exp(-z**2/2)/(2*sqrt(pi))
    >>> latex(normal_cdf(z))
    '\\Phi\\left(z\\right)'
    """

    called = "the standard normal distribution function, with the error function erf"
    as_latex = r"\Phi\left(z\right)"
    # NumPy has no error function; Python's own, entry by entry, is right to the last digit.
    as_numpy = "(numpy.vectorize(__import__('math').erfc, otypes=[float])(-(z)/2**0.5)/2)"

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return (1 + erf(z / sqrt(2))) / 2."""
        return (1 + erf(z / sqrt(2))) / 2

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at 0 alone; other numbers stay exact as Phi of a number."""
        return S.Half if z.is_zero else None


class relu(_Printed):  # noqa: N801
    """The rectifier max(0, z), with derivative 0 at 0 as in every framework.

    >>> from sympy import Symbol
    >>> z = Symbol("z", real=True)
    >>> relu(z).diff(z)
    Iverson(z > 0)
    """

    as_latex = r"\max\left(0, z\right)"
    as_numpy = "numpy.maximum(z, 0)"
    as_python = "max(z, 0)"

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return z [z > 0]."""
        return z * Iverson(z > 0)

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at every number whose sign is known."""
        if z.is_number and z.is_extended_real:
            return z * Iverson(z > 0)
        return None


def leaky_relu(z: Expr, alpha: Expr) -> Expr:
    """Return z [z > 0] + alpha z [z <= 0]; the derivative at 0 is alpha."""
    return z * Iverson(z > 0) + alpha * z * Iverson(z <= 0)


def elu(z: Expr, alpha: Expr) -> Expr:
    """Return z [z > 0] + alpha (exp(z [z <= 0]) - 1); the derivative at 0 is alpha.

    The exponent is never positive, so that large z do not overflow.
    """
    return z * Iverson(z > 0) + alpha * (exp(z * Iverson(z <= 0)) - 1)


class bounded_exp(Function):  # type: ignore[misc]  # noqa: N801
    """exp(z), and exp(700) for a larger z: what programs write for the rest of 1/a is a float."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative, the function itself."""
        return self


class bounded(Function):  # type: ignore[misc]  # noqa: N801
    """z, and b or -b beyond them: what programs write in exp(-z^2), which is 0 there."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative: where it is not 1, what it is multiplied with is 0."""
        return S.One

    def _numpycode(self, printer: Any) -> str:
        z, bound = map(printer._print, self.args)
        smallest, largest = (numpy_name(printer, name) for name in ("minimum", "maximum"))
        return f"{smallest}({largest}({z}, -{bound}), {bound})"


@lru_cache(maxsize=2**14)
def complement(expression: Add) -> Expr | None:
    """Return a sum in a form that does not cancel, if one is known.

    1 - sigma(z)      =  sigma(-z)
    1 - tanh(z)^2     =  4 sigma(2 z) sigma(-2 z)
    a (exp(z) - 1)    =  a expm1(z), the function that loses nothing near 0
    """
    return _of_one(expression) or exponentials_less_one(expression)


def exponentials_less_one(expression: Add) -> Expr | None:
    """Return  a exp(z) - a  in a sum as  a expm1(z); None where there is no such pair."""
    for term in expression.args:
        factors = Mul.make_args(term)
        for exponential in (factor for factor in factors if isinstance(factor, exp)):
            rest = term / exponential
            if -rest in expression.args:
                others = (other for other in expression.args if other not in (term, -rest))
                return Add(rest * expm1(exponential.args[0]), *others)
    return None


def _of_one(expression: Add) -> Expr | None:
    one, *others = expression.args
    if one is not S.One or len(others) > 1:
        return None
    taken = -others[0]
    if isinstance(taken, sigmoid):
        return sigmoid(-taken.args[0])
    if isinstance(taken, Pow) and taken.exp == 2 and isinstance(taken.base, tanh):
        z = taken.base.args[0]
        return 4 * sigmoid(2 * z) * sigmoid(-2 * z)
    return None


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
