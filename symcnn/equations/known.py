"""What the value of an equation may hold: numbers, entries, and functions that have a rule."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import (
    Abs,
    Add,
    And,
    AtomicExpr,
    Basic,
    Expr,
    Function,
    Indexed,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    S,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom

from symcnn.equations.functions import ELEMENTARY
from symcnn.errors import SymcnnError, shown

_KNOWN = (Abs, *(row.function for row in ELEMENTARY.values() if row.is_offered))
"""What programs, documents and checks know of SymPy's functions."""

_JOINING = (Add, Mul, Pow, Indexed, Piecewise, ExprCondPair, Relational, And, Or, Not, BooleanAtom)
_NO_NUMBERS = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit)


def check_known(value: Expr) -> None:
    """Refuse what has no rule.

    Raises:
        SymcnnError: If an expression holds what is no number, or a function that programs,
            documents and checks do not know.
    """
    for part in _parts(value):
        if part in _NO_NUMBERS:
            raise SymcnnError(f"the value contains {part}, which is not a number")
        own = isinstance(part, Function) and hasattr(part, "_numpycode")
        if not own and not isinstance(part, (*_KNOWN, *_JOINING, AtomicExpr)):
            raise SymcnnError(
                f"the value contains {shown(str(part))}, but symcnn has no rule for "
                f"{part.func.__name__}: write it in functions that symcnn knows, or derive one "
                "from DefinedFunction"
            )


def _parts(value: Basic) -> Iterator[Basic]:
    """Run over an expression and its parts, but not over the indices of entries."""
    yield value
    if not isinstance(value, Indexed):
        for part in value.args:
            yield from _parts(part)
