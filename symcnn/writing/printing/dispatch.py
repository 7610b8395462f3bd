"""Which method of a printer prints an expression: that of the nearest class of SymPy."""

from __future__ import annotations

from functools import cache
from typing import Any

from sympy.printing.latex import LatexPrinter


@cache
def method_name(printer: Any, kind: Any) -> str:
    """Return which method prints expressions of a kind: that of its nearest class.

    A class that says itself how it is printed, or that SymPy prints as nothing else, is
    left to them.
    """
    names = [f"_print_{cls.__name__}" for cls in kind.__mro__]
    nearest = next(name for name in names if hasattr(printer, name) or hasattr(LatexPrinter, name))
    is_own = hasattr(printer, nearest) and (nearest == names[0] or not hasattr(kind, "_latex"))
    return nearest if is_own else "_print_Basic"
