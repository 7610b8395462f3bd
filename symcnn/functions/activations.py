"""The functions of activation layers, and the exponential of what programs write for them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from sympy import Add, Expr, Function, Pow, S, erf, exp, log, sqrt, tanh

from symcnn.functions.brackets import Iverson
from symcnn.functions.defined import DefinedFunction
from symcnn.functions.printed import numpy_name, power


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
    """The smooth rectifier log(1 + exp(z)), whose slope is the sigmoid.

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


class normal_cdf(_Printed):  # noqa: N801
    r"""The distribution function of the standard normal distribution; it prints as Phi(z).

    >>> from sympy import Symbol, latex
    >>> z = Symbol("z", real=True)
    >>> normal_cdf(z).diff(z)
    sqrt(2)*exp(-z**2/2)/(2*sqrt(pi))
    >>> latex(normal_cdf(z))
    '\\Phi\\left(z\\right)'
    """

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
    """The rectifier max(0, z), with slope 0 at 0 as in every framework.

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
    """Return z [z > 0] + alpha z [z <= 0]; the slope at 0 is alpha."""
    return z * Iverson(z > 0) + alpha * z * Iverson(z <= 0)


def elu(z: Expr, alpha: Expr) -> Expr:
    """Return z [z > 0] + alpha (exp(z [z <= 0]) - 1); the slope at 0 is alpha.

    The exponent is never positive, so that nothing overflows far on the right.
    """
    return z * Iverson(z > 0) + alpha * (exp(z * Iverson(z <= 0)) - 1)


def complement(expression: Add) -> Expr | None:
    """Return a sum in a form that does not cancel, if one is known.

    1 - sigma(z)   =  sigma(-z)
    1 - tanh(z)^2  =  4 sigma(2 z) sigma(-2 z)
    """
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


class bounded_exp(Function):  # type: ignore[misc]  # noqa: N801
    """exp(z), and exp(700) for a larger z: what programs write for the rest of 1/a is a float."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative, the function itself."""
        return self
