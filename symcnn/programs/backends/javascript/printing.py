"""SymPy expressions as JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Indexed, Rational, erf
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.jscode import JavascriptCodePrinter

from symcnn.equations.functions import maximum, normal_cdf, sigmoid, softplus
from symcnn.programs.backends.javascript.language import JAVASCRIPT
from symcnn.programs.backends.loops.printing import Expressions
from symcnn.programs.backends.python.printing import MOST_EXPONENT
from symcnn.programs.backends.straight.functions import log_of_sum

_LARGEST = 2**53
"""Up to here every integer is a float."""


class Printer(Expressions, JavascriptCodePrinter):  # type: ignore[misc]  # SymPy is untyped
    """Operators and conditional expressions around the functions of ``Math`` and of the module."""

    language = JAVASCRIPT
    called = "JavaScript"
    calls = {  # noqa: RUF012  # read alone
        erf: "erf",
        expm1: "Math.expm1",
        log1p: "Math.log1p",
        log_of_sum: "logOfSum",
        maximum: "Math.max",
        normal_cdf: "normalCdf",
        sigmoid: "sigmoid",
        softplus: "softplus",
    }
    most_exponent = MOST_EXPONENT["float64"]

    def __init__(self, entry: Callable[[Indexed], str] | None = None) -> None:
        """Take what prints an entry of an array."""
        super().__init__({}, entry)

    def _print_Rational(self, expr: Rational) -> str:
        """Write a quotient of integers, or the nearest float of larger ones."""
        if max(abs(expr.p), expr.q) > _LARGEST:
            return repr(int(expr.p) / int(expr.q))
        return f"{expr.p}/{expr.q}"
