"""The functions of activation layers."""

from __future__ import annotations

from typing import Any

from sympy import Expr, S, erf, exp, log, sqrt

from symcnn.functions.brackets import Iverson
from symcnn.functions.defined import DefinedFunction
from symcnn.functions.printed import numpy_name, power


class sigmoid(DefinedFunction):  # noqa: N801  # SymPy's functions are lower case
    r"""The logistic function 1 / (1 + exp(-z)); it prints as sigma(z).

    >>> from sympy import Symbol, latex
    >>> z = Symbol("z", real=True)
    >>> sigmoid(z).diff(z)
    (1 - sigmoid(z))*sigmoid(z)
    >>> latex(sigmoid(z))
    '\\sigma\\left(z\\right)'
    """

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

    def _latex(self, printer: Any, **options: Any) -> str:
        return power(rf"\sigma\left({printer._print(self.args[0])}\right)", **options)

    def _numpycode(self, printer: Any) -> str:
        z = printer._print(self.args[0])
        return f"({numpy_name(printer, 'exp')}({numpy_name(printer, 'minimum')}({z}, 0))" + (
            f"/(1 + {numpy_name(printer, 'exp')}(-abs({z}))))"
        )

    def _code(self, printer: Any) -> str:
        return printer._print(self.definition(self.args[0]))  # type: ignore[no-any-return]

    _pythoncode = _mpmathcode = _code


class softplus(DefinedFunction):  # noqa: N801
    """The smooth rectifier log(1 + exp(z)), whose slope is the sigmoid.

    >>> from sympy import Symbol
    >>> z = Symbol("z", real=True)
    >>> softplus(z).diff(z)
    sigmoid(z)
    """

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return log(1 + exp(z))."""
        return log(1 + exp(z))

    @classmethod
    def identities(cls, z: Expr) -> dict[Expr, Expr]:
        """Solve s = 1 / (1 + exp(-z)) for exp(z)."""
        return {exp(z): sigmoid(z) / (1 - sigmoid(z))}

    def _latex(self, printer: Any, **options: Any) -> str:
        return power(rf"\log\left(1 + e^{{{printer._print(self.args[0])}}}\right)", **options)

    def _numpycode(self, printer: Any) -> str:
        z = printer._print(self.args[0])
        return f"({numpy_name(printer, 'maximum')}({z}, 0) + " + (
            f"{numpy_name(printer, 'log1p')}({numpy_name(printer, 'exp')}(-abs({z}))))"
        )

    def _code(self, printer: Any) -> str:
        return printer._print(self.definition(self.args[0]))  # type: ignore[no-any-return]

    _pythoncode = _mpmathcode = _code


class normal_cdf(DefinedFunction):  # noqa: N801
    r"""The distribution function of the standard normal distribution; it prints as Phi(z).

    >>> from sympy import Symbol, latex
    >>> z = Symbol("z", real=True)
    >>> normal_cdf(z).diff(z)
    sqrt(2)*exp(-z**2/2)/(2*sqrt(pi))
    >>> latex(normal_cdf(z))
    '\\Phi\\left(z\\right)'
    """

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return (1 + erf(z / sqrt(2))) / 2."""
        return (1 + erf(z / sqrt(2))) / 2

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at 0 alone; other numbers stay exact as Phi of a number."""
        return S.Half if z.is_zero else None

    def _latex(self, printer: Any, **options: Any) -> str:
        return power(rf"\Phi\left({printer._print(self.args[0])}\right)", **options)

    def _numpycode(self, printer: Any) -> str:
        # NumPy has no error function; Python's own, entry by entry, is right to the last digit.
        entrywise = f"{numpy_name(printer, 'vectorize')}(__import__('math').erfc, otypes=[float])"
        return f"({entrywise}(-({printer._print(self.args[0])})/2**0.5)/2)"

    def _code(self, printer: Any) -> str:
        return printer._print(self.definition(self.args[0]))  # type: ignore[no-any-return]

    _pythoncode = _mpmathcode = _code


class relu(DefinedFunction):  # noqa: N801
    """The rectifier max(0, z), with slope 0 at 0 as in every framework.

    >>> from sympy import Symbol
    >>> z = Symbol("z", real=True)
    >>> relu(z).diff(z)
    Iverson(z > 0)
    """

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

    def _latex(self, printer: Any, **options: Any) -> str:
        return power(rf"\max\left(0, {printer._print(self.args[0])}\right)", **options)

    def _numpycode(self, printer: Any) -> str:
        return f"{numpy_name(printer, 'maximum')}({printer._print(self.args[0])}, 0)"

    def _code(self, printer: Any) -> str:
        return f"max({printer._print(self.args[0])}, 0)"

    _pythoncode = _mpmathcode = _code


def leaky_relu(z: Expr, alpha: Expr) -> Expr:
    """Return z [z > 0] + alpha z [z <= 0]; the slope at 0 is alpha."""
    return z * Iverson(z > 0) + alpha * z * Iverson(z <= 0)


def elu(z: Expr, alpha: Expr) -> Expr:
    """Return z [z > 0] + alpha (exp(z [z <= 0]) - 1); the slope at 0 is alpha.

    The exponent is never positive, so that nothing overflows far on the right.
    """
    return z * Iverson(z > 0) + alpha * (exp(z * Iverson(z <= 0)) - 1)
