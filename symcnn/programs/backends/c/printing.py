"""SymPy expressions as C99."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from sympy import And, Expr, Indexed, Integer, NumberSymbol, Or, Rational, erf
from sympy.codegen.ast import float32, float64
from sympy.codegen.ast import real as sympys_real
from sympy.codegen.cfunctions import expm1, log1p
from sympy.printing.c import C99CodePrinter

from symcnn.equations.functions import maximum, normal_cdf, sigmoid, softplus
from symcnn.programs.backends.c.language import Real, language_of
from symcnn.programs.backends.loops.language import Language
from symcnn.programs.backends.loops.printing import Expressions
from symcnn.programs.backends.python.printing import MOST_EXPONENT
from symcnn.programs.backends.straight.functions import log_of_sum

_SHORT = 2**15
"""Below this an int of 16 bits holds an integer."""


class Printer(Expressions, C99CodePrinter):  # type: ignore[misc]  # SymPy is untyped
    """Operators and conditional expressions around the functions of math.h and of the program."""

    called = "C"

    def __init__(
        self, real: Real, language: Language, entry: Callable[[Indexed], str] | None = None
    ) -> None:
        """Take the type of numbers, the spellings and what prints an entry of an array."""
        kind = float32 if real.dtype == "float32" else float64
        super().__init__({"type_aliases": {sympys_real: kind}, "math_macros": {}}, entry)
        self.language, self.real = language, real
        self.most_exponent = MOST_EXPONENT[real.dtype]
        self.calls = {
            erf: f"erf{real.suffix}",
            expm1: f"expm1{real.suffix}",
            log1p: f"log1p{real.suffix}",
            log_of_sum: "log_of_sum",
            maximum: "larger",
            normal_cdf: "normal_cdf",
            sigmoid: "sigmoid",
            softplus: "softplus",
        }

    def _called(self, function: Any, arguments: Iterable[str]) -> str:
        """Return a call; that of a maximum is one of two at a time."""
        given = list(arguments)
        if function is maximum:
            return reduce(lambda a, b: self.language.larger.format(a=a, b=b), given)
        name = self.calls[function]
        counted = f"{name}_{len(given)}" if function is log_of_sum else name
        return f"{counted}({', '.join(given)})"

    def _print_Integer(self, expr: Integer) -> str:
        """Write an integer that an int holds as it is, and others as floats."""
        return str(int(expr)) if abs(expr) < _SHORT else self._literal(float(expr))

    def _print_Rational(self, expr: Rational) -> str:
        """Write a quotient of integers, or the nearest float of larger ones."""
        if max(abs(expr.p), expr.q) > self.real.exact:
            return self._literal(int(expr.p) / int(expr.q))
        return f"{self._literal(float(expr.p))}/{self._literal(float(expr.q))}"

    def _print_Float(self, expr: Expr) -> str:
        return self._literal(float(expr))

    def _print_NumberSymbol(self, expr: NumberSymbol) -> str:
        return self._literal(float(expr))

    def _print_Or(self, expr: Or) -> str:
        """Put brackets around what holds together: compilers warn without them."""
        parts = sorted(expr.args, key=str)
        texts = (f"({self._print(p)})" if isinstance(p, And) else self._print(p) for p in parts)
        return " || ".join(texts)

    def _literal(self, number: float) -> str:
        return f"{number!r}{self.real.literal}"


def printer_of(real: Real, most: int) -> Callable[[Callable[[Indexed], str] | None], Printer]:
    """Return what makes a printer from what prints an entry."""
    language = language_of(real, most)
    return lambda entry: Printer(real, language, entry)
