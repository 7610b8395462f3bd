"""SymPy expressions as Python text, on whole arrays and on single floats.

Both printers write NumPy's functions, so that a function's own ``_numpycode`` serves both.
On single floats Python's ``math`` is six times as fast, and an error where the result is no
number: it is called where that cannot be. What NumPy lacks is a helper, written into the
module where it is called.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from sympy import Expr, Symbol, tanh
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.pycode import PythonCodePrinter

from symcnn.backends.python.helpers import HELPERS
from symcnn.functions import Iverson, bounded_exp, maximum, sigmoid, softplus

_BY_MATH = {
    sigmoid: "(1/(1 + exp(-{z})) if {z} >= 0 else exp({z})/(1 + exp({z})))",
    softplus: "(max({z}, 0) + log1p(exp(-abs({z}))))",
    tanh: "tanh({z})",
}
"""Text in which no exponent is positive: nothing overflows, and math knows no overflow."""

SETTINGS: dict[str, Any] = {"strict": False}

_ON_FLOATS = {"minimum": "min", "maximum": "max", "amin": "min", "amax": "max"}

MOST_EXPONENT = {"float64": 700, "float32": 80}
"""exp(700) is near 1e304 and exp(80) near 1e35, the ends of the ranges of floats."""

MOST_EXPONENT_OF_TYPE = "most_exponent"
"""The name of that number in programs of arrays, whose floats may be of 32 bits."""


class _Common:
    """What both printers write alike, before a function's own code is asked for."""

    _most_exponent: str
    library = "np"

    def _common(self, expr: Expr) -> str | None:
        """Return the text of a bounded exponential or a helper's call; None of anything else."""
        if isinstance(expr, bounded_exp):
            at_most = self._module_format("numpy.minimum")  # type: ignore[attr-defined]
            return f"{self.library}.exp({at_most}({self._arguments(expr)}, {self._most_exponent}))"
        name = expr.func.__name__
        return f"{name}({self._arguments(expr)})" if name in HELPERS else None

    def _arguments(self, expr: Expr) -> str:
        return ", ".join(self._print(argument) for argument in expr.args)  # type: ignore[attr-defined]


class ArrayPrinter(_Common, NumPyPrinter):  # type: ignore[misc]
    """Functions of a library of arrays with NumPy's names."""

    _most_exponent = MOST_EXPONENT_OF_TYPE

    def _module_format(self, fqn: str, register: bool = True) -> str:
        text = super()._module_format(fqn, register)
        return text.replace("numpy.", f"{self.library}.", 1)  # type: ignore[no-any-return]

    def _print(self, expr: Expr, **options: Any) -> str:
        return self._common(expr) or super()._print(expr, **options)


class _FloatPrinter(_Common, PythonCodePrinter):  # type: ignore[misc]
    """Python's operators and conditional expressions around NumPy's functions."""

    printmethod = "_numpycode"
    _kf = NumPyPrinter._kf  # SymPy's own declaration
    _kc = NumPyPrinter._kc

    def __init__(self, dtype: str) -> None:
        super().__init__(SETTINGS)
        self._most_exponent = str(MOST_EXPONENT[dtype])

    def _module_format(self, fqn: str, register: bool = True) -> str:
        module, _, name = fqn.rpartition(".")
        if not module or name in _ON_FLOATS:
            return _ON_FLOATS.get(name, name)
        return f"np.{name}"

    def _print(self, expr: Expr, **options: Any) -> str:
        """Write a bracket as a conditional expression; NumPy's comparisons are slow."""
        if isinstance(expr, Iverson):
            return expr._pythoncode(self)
        return self._common(expr) or super()._print(expr, **options)

    def _common(self, expr: Expr) -> str | None:
        """Write by Python's math what it can, too; two branches are quicker than a call."""
        if isinstance(expr, bounded_exp):
            return f"exp(min({self._arguments(expr)}, {self._most_exponent}))"
        if isinstance(expr, maximum) and len(expr.args) == 2:
            a, b = map(self._inner, expr.args)
            return f"({a} if {a} >= {b} else {b})"
        if expr.func in _BY_MATH:
            return _BY_MATH[expr.func].format(z=self._inner(expr.args[0]))
        return super()._common(expr)

    def _inner(self, expr: Expr) -> str:
        text = self._print(expr)
        return text if isinstance(expr, Symbol) else f"({text})"

    def _print_Select(self, expr: Expr) -> str:
        k, *coefficients = map(self._print, expr.args)
        if len(coefficients) == 2:
            return f"({coefficients[1]} if {k} else {coefficients[0]})"
        return f"({', '.join(coefficients)})[{k}]"

    def _print_Argmax(self, expr: Expr) -> str:
        wanted, *terms = map(self._print, expr.args)
        if len(terms) == 2:
            return " < ".join(terms)
        return f"({', '.join(terms)}).index({wanted})"


def array_code(expression: Expr) -> str:
    """Return the text of an expression in whole arrays."""
    return str(ArrayPrinter(SETTINGS).doprint(expression))


def float_code(expression: Expr, dtype: str = "float64") -> str:
    """Return the text of an expression in single floats, for results of a type."""
    text = _bare(_FloatPrinter(dtype).doprint(expression))
    # NumPy's functions return its own scalars, with which Python computes slowly.
    return f"float({text})" if "np." in text or "normal_cdf(" in text else text


def _bare(text: str) -> str:
    """Return text without a pair of brackets around all of it."""
    inner = text[1:-1]
    depths = accumulate({"(": 1, ")": -1}.get(c, 0) for c in inner)
    return inner if text[:1] == "(" and min(depths, default=0) >= 0 else text
