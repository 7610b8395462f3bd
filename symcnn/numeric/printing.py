"""SymPy expressions as Python text, on whole arrays and on single floats.

Both printers write NumPy's functions, so that a function's own ``_numpycode`` (the
sigmoid that does not overflow, say) serves both.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Function
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.pycode import PythonCodePrinter

from symcnn.functions import Iverson

_ON_FLOATS = {"minimum": "min", "maximum": "max", "amin": "min", "amax": "max"}


class Taken(Function):  # type: ignore[misc]  # SymPy is untyped
    """taken(k, c_0, c_1, ...) = c_k: the coefficient of the entry that a maximum took."""


class Place(Function):  # type: ignore[misc]
    """place(t, t_0, t_1, ...) = k, the first with t_k = t."""


class _ArrayPrinter(NumPyPrinter):  # type: ignore[misc]
    def _module_format(self, fqn: str, register: bool = True) -> str:
        return super()._module_format(fqn, register).replace("numpy.", "np.", 1)  # type: ignore[no-any-return]


class _FloatPrinter(PythonCodePrinter):  # type: ignore[misc]
    """Python's operators and conditional expressions around NumPy's functions."""

    printmethod = "_numpycode"
    _kf = NumPyPrinter._kf  # SymPy's own declaration
    _kc = NumPyPrinter._kc

    def _module_format(self, fqn: str, register: bool = True) -> str:
        module, _, name = fqn.rpartition(".")
        return _ON_FLOATS.get(name, f"np.{name}") if module else name

    def _print(self, expr: Expr, **options: Any) -> str:
        """Write a bracket as a conditional expression; NumPy's comparisons are slow."""
        if isinstance(expr, Iverson):
            return expr._pythoncode(self)
        return super()._print(expr, **options)  # type: ignore[no-any-return]

    def _print_Taken(self, expr: Expr) -> str:
        k, *coefficients = map(self._print, expr.args)
        return f"({', '.join(coefficients)})[{k}]"

    def _print_Place(self, expr: Expr) -> str:
        wanted, *terms = map(self._print, expr.args)
        return f"({', '.join(terms)}).index({wanted})"


_SETTINGS: dict[str, Any] = {"strict": False}
_ARRAYS, _FLOATS = _ArrayPrinter(_SETTINGS), _FloatPrinter(_SETTINGS)


def array_code(expression: Expr) -> str:
    """Return the text of an expression in whole arrays."""
    return _ARRAYS.doprint(expression)  # type: ignore[no-any-return]


def float_code(expression: Expr) -> str:
    """Return the text of an expression in single floats."""
    text: str = _FLOATS.doprint(expression)
    # NumPy's functions return its own scalars, with which Python computes slowly.
    return f"float({text})" if "np." in text else text
