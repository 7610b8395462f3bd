r"""Functions as a person writes them: \sigma(x), \max(x, y), \log(1 + e^x), |x|."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Abs, Expr, Function

from symcnn.formula import Fenced, Row, Word
from symcnn.formula.build import applied, row, scripts
from symcnn.functions import maximum, relu, softplus
from symcnn.printing.manner import Manner

_RAISED = ("sin", "cos", "tan", "sinh", "cosh", "tanh")
"""The functions whose powers have the exponent at the name; -1 there is the inverse function."""

_SIGNS = {name: f"\\{name}" for name in ("log", *_RAISED)}
_SIGNS |= {"sigmoid": r"\sigma", "normal_cdf": r"\Phi"}
"""The functions that have a sign, or that TeX has names for."""


class FunctionPrinter:
    """The part of a printer that prints functions of what the printer prints."""

    _manner: Manner

    def _print(self, expression: Expr) -> Row:
        raise NotImplementedError

    def _list(self, parts: Sequence[Expr], *between: str) -> Row:
        raise NotImplementedError

    def _print_maximum(self, expr: maximum) -> Row:
        return applied(r"\max", self._list(expr.args, self._manner.separator))

    def _print_relu(self, expr: relu) -> Row:
        return applied(r"\max", row("0", ",", self._print(expr.args[0])))

    def _print_softplus(self, expr: softplus) -> Row:
        return applied(r"\log", row("1", "+", scripts("e", sup=self._print(expr.args[0]))))

    def _print_Function(self, expr: Function) -> Row:
        name = type(expr).__name__
        return applied(_SIGNS.get(name, Word(name)), self._list(expr.args, ","))

    def _power(self, base: Expr, exponent: Expr) -> Row | None:
        r"""Print \tanh^2(x), if a function is one whose powers are written like this."""
        name = type(base).__name__
        if name not in _RAISED or not (exponent.is_Integer and exponent > 1):
            return None
        return applied(scripts(_SIGNS[name], sup=str(exponent)), self._list(base.args, ","))

    _print_log = _print_sigmoid = _print_normal_cdf = _print_Function

    def _print_Abs(self, expr: Abs) -> Row:
        return row(Fenced("|", self._print(expr.args[0]), "|"))
