"""SymPy expressions as calls in JavaScript, for numbers that are fractions as long as they can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Float,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Mul,
    Ne,
    Not,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    sign,
)

from symcnn.document.bindings import Lead
from symcnn.equations.functions import (
    ELEMENTARY,
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
from symcnn.programs.backends.straight.functions import Argmax, Select, log_of_sum

_NAMED: dict[Any, str] = {
    **{row.function: name for name, row in ELEMENTARY.items()},
    Abs: "size",
    sign: "sign",
    Lead: "lead",
    maximum: "largest",
    bounded_exp: "exp",
    log_of_sum: "logOfSum",
    normal_cdf: "normalCdf",
    sigmoid: "sigmoid",
    softplus: "softplus",
}
"""Functions of the page's arithmetic."""

_COMPARED: dict[Any, str] = {Gt: "> 0", Ge: ">= 0", Lt: "< 0", Le: "<= 0", Eq: "=== 0", Ne: "!== 0"}


class ExactPrinter:
    """Prints expressions and conditions."""

    def code(self, expr: Any) -> str:
        """Return the text of an expression.

        Raises:
            SymcnnError: If it has a function that the page's arithmetic does not know.
        """
        match expr:
            case Symbol():
                return identifier(expr.name)
            case Rational():
                known = {0: "$.ZERO", 1: "$.ONE"}.get(expr)
                return known or f"$.fraction({expr.p}n, {expr.q}n)"
            case NumberSymbol() | Float():
                return f"$.approximate({float(expr)!r})"
            case Add():
                return self._call("sum", expr.as_ordered_terms())
            case Mul():
                return self._product(expr)
            case Pow():
                return self._power(*expr.args)
            case Iverson():
                return f"({self._all(expr.args)} ? $.ONE : $.ZERO)"
            case Piecewise():
                return self._cases(expr)
            case Select():
                place, *values = expr.args
                return f"[{', '.join(map(self.code, values))}][{self.code(place)}]"
            case Argmax():
                return self._call("winner", expr.args[1:])
            case relu():
                return f"$.largest({self.code(expr.args[0])}, $.ZERO)"
            case bounded():
                z, bound = map(self.code, expr.args)
                return f"$.within({z}, {bound})"
        if getattr(expr, "func", None) in _NAMED:
            return self._call(_NAMED[expr.func], expr.args)
        if isinstance(expr, DefinedFunction):
            return self.code(expr.definition(expr.args[0]))
        raise SymcnnError(
            f"{getattr(expr, 'func', type(expr)).__name__} is not known to interactive pages: "
            "derive the function from DefinedFunction"
        )

    def _call(self, name: str, parts: Iterable[Expr]) -> str:
        return f"$.{name}({', '.join(map(self.code, parts))})"

    def _product(self, expr: Mul) -> str:
        coefficient, rest = expr.as_coeff_Mul()
        if coefficient == -1:
            return self._call("negative", [rest])
        return self._call("product", expr.as_ordered_factors())

    def _power(self, base: Expr, exponent: Expr) -> str:
        if isinstance(exponent, Integer):
            return f"$.power({self.code(base)}, {int(exponent)})"
        if isinstance(exponent, Rational) and exponent.q == 2:
            root = f"$.root({self.code(base)})"
            return root if exponent.p == 1 else f"$.power({root}, {int(exponent.p)})"
        return f"$.realPower({self.code(base)}, {self.code(exponent)})"

    def _cases(self, expr: Piecewise) -> str:
        *cases, (last, _) = expr.args
        made = "".join(f"{self._condition(c)} ? {self.code(value)} : " for value, c in cases)
        return f"({made}{self.code(last)})"

    def _all(self, conditions: Iterable[Any]) -> str:
        return " && ".join(map(self._condition, conditions)) or "true"

    def _condition(self, condition: Any) -> str:
        match condition:
            case And():
                return f"({self._all(condition.args)})"
            case Or():
                return f"({' || '.join(map(self._condition, condition.args))})"
            case Not():
                return f"!{self._condition(condition.args[0])}"
        if type(condition) not in _COMPARED:
            return "true" if condition else "false"
        sides = ", ".join(map(self.code, condition.args))
        return f"($.compared({sides}) {_COMPARED[type(condition)]})"
