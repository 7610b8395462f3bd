"""One formula as Python text for SymPy: the names in it, and the expression.

x = IndexedBase("x")
i, u = symbols("i u", integer=True)
Sum(x[i + u], (i, 0, 1))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy
from sympy import And, Expr, Function, Indexed, Max, Piecewise, Symbol

from symcnn.equations.functions import DefinedFunction, Iverson, maximum, uncancelled
from symcnn.programs.backends.python.names import Names
from symcnn.programs.export.text import Text


class _FormulaText(Text):
    """Prints entries with free indices, too."""

    def _print_Indexed(self, expr: Indexed) -> str:
        name = self._names[expr.base.label]
        return f"{name}[{', '.join(map(self._print, expr.indices))}]"


def formula_text(expression: Expr) -> str:
    """Return lines that define an expression once SymPy's names are imported.

    Functions of symcnn's own stand as what they are defined by, in SymPy's functions.

    Args:
        expression: A formula in entries, with free indices or none.
    """
    made = _in_sympy(expression)
    labels = {entry.base.label for entry in made.atoms(Indexed)}
    others = made.atoms(Symbol) - labels
    fresh = Names(set(dir(sympy))).fresh
    names = {symbol: fresh(symbol.name) for symbol in sorted({*labels, *others}, key=str)}
    arrays = (f'{name} = IndexedBase("{name}")' for s, name in names.items() if s in labels)
    scalars = _declared({s: name for s, name in names.items() if s not in labels})
    return "\n".join([*arrays, *scalars, _FormulaText(names).of(made)])


def _declared(names: Mapping[Symbol, str]) -> Iterator[str]:
    """Declare indices and sizes as integers, and entries as real numbers."""
    for is_whole, kind in ((True, "integer"), (False, "real")):
        own = [name for symbol, name in names.items() if bool(symbol.is_integer) == is_whole]
        if own:
            yield f'{", ".join(own)} = symbols("{" ".join(own)}", {kind}=True)'


def _in_sympy(expression: Expr) -> Expr:
    """Put SymPy's functions in place of symcnn's, from the innermost ones outwards."""
    if not expression.args or isinstance(expression, Indexed):
        return expression
    parts = [_in_sympy(part) for part in expression.args]
    return _function(expression.func, parts)


def _function(function: type[Function], parts: list[Expr]) -> Expr:
    if issubclass(function, DefinedFunction):
        return _in_sympy(function.definition(parts[0]))
    if issubclass(function, Iverson):
        return Piecewise((1, And(*parts)), (0, True))
    if issubclass(function, maximum):
        return Max(*parts)
    return parts[0] if issubclass(function, uncancelled) else function(*parts)
