r"""Functions as a person writes them: \sigma(x), \max(x, y), \log(1 + e^x), |x|."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Abs, Expr, Function

from symcnn.formula import Fenced, Row, Word
from symcnn.formula.build import applied, row, scripts
from symcnn.functions import maximum, relu, softplus
from symcnn.printing.manner import Manner

_SIGNS = {name: f"\\{name}" for name in ("log", "sin", "cos", "tan", "sinh", "cosh", "tanh")}
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

    _print_log = _print_sigmoid = _print_normal_cdf = _print_Function

    def _print_Abs(self, expr: Abs) -> Row:
        return row(Fenced("|", self._print(expr.args[0]), "|"))
