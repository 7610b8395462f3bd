"""Equations as lines of plain text, for the comments of any language."""

from __future__ import annotations

from sympy import Expr
from sympy.printing.str import StrPrinter

from symcnn.derivation import Routing
from symcnn.equations import Equation, Largest, LogSumExp, Max, Mean, Reduction

_RULES: dict[type[Reduction], str] = {
    Largest: "max",
    Max: "max",
    Mean: "mean",
    LogSumExp: "log of sum of exp",
}


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy is untyped
    """Prints values as SymPy does, and what does not cancel as what it is."""

    def _print_uncancelled(self, expr: Expr) -> str:
        (inside,) = expr.args
        return f"({self._print(inside)})" if inside.is_Add else str(self._print(inside))


_PRINTER = _Printer()


def note(equation: Equation) -> str:
    """Return an equation as one line of plain text."""
    reduced = ", ".join(loop.symbol.name for loop in equation.reduced)
    over = f"{_RULES.get(type(equation.reduction), 'sum')} over {reduced} of " if reduced else ""
    guards = ", ".join(f"0 <= {guard.expression} < {guard.size}" for guard in equation.guards)
    where = f", where {guards}" if guards else ""
    target, value = map(_PRINTER.doprint, (equation.target, equation.value))
    return plain(f"{target} = {over}{value}{where}")


def note_of_routing(routing: Routing) -> str:
    """Return what a routing is as one line of plain text."""
    return f"{routing.entry} = 1 for the term that {routing.source.target} equals, and 0 otherwise"


def plain(text: str) -> str:
    """Return text on one line, as it may stand in a comment."""
    return "".join(c if c.isprintable() else " " for c in text)
