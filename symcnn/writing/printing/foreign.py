"""What this package has no sign for, as SymPy or its author writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from symcnn.writing.formula import Formula, precedence
from symcnn.writing.formula.latex import latex


class Foreign(LatexPrinter):  # type: ignore[misc]  # SymPy is untyped
    """SymPy's printer of one expression, whose parts are printed as everywhere."""

    def __init__(self, tree: Callable[[Expr], Formula], whole: Expr) -> None:
        """Take what prints the parts, and the expression."""
        super().__init__()
        self._tree, self._whole = tree, whole

    def _print(self, expr: Any, **options: Any) -> str:
        if expr is self._whole or not isinstance(expr, Expr):
            return str(super()._print(expr, **options))
        return latex(self._tree(expr))

    def parenthesize(self, item: Any, level: int, *_: Any, **options: Any) -> str:
        """Print a part of an operator or a power, in parentheses by how it is printed."""
        if not isinstance(item, Expr):
            return str(super().parenthesize(item, level, **options))
        made = precedence.factor(self._tree(item))
        return latex(precedence.base(made) if level >= PRECEDENCE["Pow"] else made)
