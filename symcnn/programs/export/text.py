"""SymPy expressions as Python text that evaluates to them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from sympy import Expr, Symbol
from sympy.printing.str import StrPrinter

from symcnn.writing.wrapping import MARGIN, filled

_WIDTH = 96

_PART = 80
"""The characters of a string on one line of several."""


class Text(StrPrinter):  # type: ignore[misc]  # SymPy is untyped
    """Prints expressions with Python's names for the symbols, and exact fractions."""

    def __init__(self, names: Mapping[Symbol, str]) -> None:
        """Take the name of every symbol."""
        super().__init__()
        self._names = names

    def of(self, expression: Expr) -> str:
        """Return the text of a whole expression; a number alone is still SymPy's."""
        if expression.is_Integer:
            return f"Integer({expression})"
        return self.doprint(expression)  # type: ignore[no-any-return]

    def _print_Symbol(self, expr: Symbol) -> str:
        return self._names[expr]

    def _print_Rational(self, expr: Expr) -> str:
        return f"Rational({expr.p}, {expr.q})"


def assignment(name: str, value: str) -> str:
    """Return ``name = value``, on several lines where one is too long."""
    if len(name) + len(value) + 3 <= _WIDTH:
        return f"{name} = {value}"
    return f"{name} = (\n{_inside(value)}\n)"


def constant(name: str, text: str) -> str:
    """Return ``name = 'text'``; a long text is split into adjacent string literals."""
    line = f"{name} = {text!r}"
    if len(line) <= _WIDTH:
        return line
    parts = (text[start : start + _PART] for start in range(0, len(text), _PART))
    return "\n".join([f"{name} = (", *(f"    {part!r}" for part in parts), ")"])


def listing(opening: str, items: Iterable[str], closing: str) -> str:
    """Return items in brackets, on several lines if one is too long."""
    items = list(items)
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) <= _WIDTH:
        return line
    return f"{opening}\n{_inside(', '.join(items))},\n{closing}"


def _inside(text: str) -> str:
    return MARGIN + filled(text, _WIDTH - len(MARGIN))


def used_names(code: str) -> set[str]:
    """Return the names that Python code reads and does not define itself."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    defined = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    defined |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    defined |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {name.id for name in names} - defined
