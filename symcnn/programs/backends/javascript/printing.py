"""SymPy expressions as JavaScript, in the order in which Python's programs compute them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import Eq, Expr, Indexed, Ne, NumberSymbol, Piecewise, Pow, Rational, S, Symbol, erf
from sympy.codegen.cfunctions import expm1, log1p
from sympy.core.relational import Relational
from sympy.printing.jscode import JavascriptCodePrinter

from symcnn.equations.functions import (
    DefinedFunction,
    Iverson,
    bounded,
    bounded_exp,
    maximum,
    normal_cdf,
    relu,
    sigmoid,
    softplus,
)
from symcnn.errors import SymcnnError
from symcnn.programs.backends.javascript.names import identifier
from symcnn.programs.backends.python.printing import MOST_EXPONENT
from symcnn.programs.backends.straight.functions import Argmax, Select, log_of_sum

_CALLS = {
    erf: "erf",
    expm1: "Math.expm1",
    log1p: "Math.log1p",
    log_of_sum: "logOfSum",
    maximum: "Math.max",
    normal_cdf: "normalCdf",
    sigmoid: "sigmoid",
    softplus: "softplus",
}
"""Functions with one of JavaScript's own, or with a helper of the module."""

_LARGEST = 2**53
"""Up to here every integer is a float."""


class Printer(JavascriptCodePrinter):  # type: ignore[misc]  # SymPy is untyped
    """Operators and conditional expressions around the functions of ``Math`` and of the module."""

    def __init__(self, entry: Callable[[Indexed], str] | None = None) -> None:
        """Take what prints an entry of an array."""
        super().__init__({"strict": True})
        self._entry = entry
        self._whole: Expr | None = None

    def code(self, expression: Expr, *, alone: bool = True) -> str:
        """Return the text of an expression.

        Args:
            expression: The expression.
            alone: Whether it stands by itself, so that cases need no brackets around them.

        Raises:
            SymcnnError: If it has a function that JavaScript has no text for.
        """
        self._whole = expression if alone else None
        return str(self.doprint(expression))

    def _print(self, expr: Any, **options: Any) -> str:
        text = self._own(expr)
        return super()._print(expr, **options) if text is None else text

    def _own(self, expr: Any) -> str | None:
        """Return the text of what SymPy does not know, or writes differently."""
        match expr:
            case Iverson():
                return self._cases(expr, [(" && ".join(self._all(expr.args)), "1"), ("", "0")])
            case Piecewise():
                cases = ((self._print(c), self._print(value)) for value, c in expr.args)
                return self._cases(expr, [*cases])
            case Select():
                return self._selected(expr)
            case Argmax():
                return self._place(expr)
            case relu():
                return f"Math.max({self._print(expr.args[0])}, 0)"
            case bounded():
                z, bound = self._all(expr.args)
                return f"Math.min(Math.max({z}, -{bound}), {bound})"
            case bounded_exp():
                return (
                    f"Math.exp(Math.min({self._print(expr.args[0])}, {MOST_EXPONENT['float64']}))"
                )
            case Indexed() if self._entry is not None:
                return self._entry(expr)
        if getattr(expr, "func", None) in _CALLS:
            return f"{_CALLS[expr.func]}({', '.join(self._all(expr.args))})"
        if isinstance(expr, DefinedFunction) and not hasattr(expr, self.printmethod):
            return f"({self._print(expr.definition(expr.args[0]))})"
        return None

    def _all(self, parts: Any) -> Iterator[str]:
        return map(self._print, parts)

    def _cases(self, expr: Expr, cases: list[tuple[str, str]]) -> str:
        """Write the first value whose condition holds; the last one needs none."""
        *conditional, (_, last) = cases
        text = "".join(f"{condition} ? {value} : " for condition, value in conditional) + last
        return text if expr is self._whole else f"({text})"

    def _selected(self, expr: Expr) -> str:
        """Write the coefficient of the place that a window took; most are 0."""
        place, *coefficients = expr.args
        taken, last = self._print(place), coefficients[-1]
        others = [n for n, c in enumerate(coefficients) if c != last]
        cases = ((f"{taken} === {n}", self._print(coefficients[n])) for n in others)
        return self._cases(expr, [*cases, ("", self._print(last))])

    def _place(self, expr: Expr) -> str:
        """Write the number of the first largest term: of two, whether the second is larger."""
        wanted, *terms = expr.args
        if len(terms) == 2:
            first, second = self._all(terms)
            return self._cases(expr, [(f"{first} < {second}", "1"), ("", "0")])
        largest = self._print(wanted)
        *others, _ = (f"{largest} === {term}" for term in self._all(terms))
        cases = [(condition, str(n)) for n, condition in enumerate(others)]
        return self._cases(expr, [*cases, ("", str(len(others)))])

    def _print_not_supported(self, expr: Any) -> str:
        raise SymcnnError(
            f"{expr.func.__name__} cannot be written in JavaScript: derive the function from "
            "DefinedFunction, or give it a method _javascript(printer)"
        )

    def _print_Symbol(self, expr: Symbol) -> str:
        return identifier(str(super()._print_Symbol(expr)))

    def _print_Pow(self, expr: Pow) -> str:
        """Write what IEEE 754 fixes by its operations: products, quotients and square roots."""
        base, exponent = expr.args
        if exponent == 2:
            return f"square({self._print(base)})"
        if exponent == -S.Half:
            return f"1/Math.sqrt({self._print(base)})"
        if exponent in (-1, S.Half):
            return str(super()._print_Pow(expr))
        return f"Math.pow({self._print(base)}, {self._print(exponent)})"

    def _print_Rational(self, expr: Rational) -> str:
        """Write a quotient of integers, or the nearest float of larger ones."""
        if max(abs(expr.p), expr.q) > _LARGEST:
            return repr(int(expr.p) / int(expr.q))
        return f"{expr.p}/{expr.q}"

    def _print_NumberSymbol(self, expr: NumberSymbol) -> str:
        return repr(float(expr))

    def _print_Relational(self, expr: Relational) -> str:
        sign = {Eq: "===", Ne: "!=="}.get(expr.func, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"
