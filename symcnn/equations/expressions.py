"""The value of an equation: numbers, entries and functions with a rule, of which nothing cancels.

    y[i] = x[i] / x[0]      at i = 0 that is x[0] / x[0], which SymPy would take for 1

A quotient, a root or a logarithm has a value at some numbers alone. What it holds is written as
``uncancelled`` if the value reads the tensor under other indices too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    log,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom

from symcnn.equations.access import accesses
from symcnn.equations.functions import ELEMENTARY, uncancelled
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


def kept_apart(value: Expr) -> Expr:
    """Return a value in which nothing cancels that depends on the numbers."""
    partial = [part for part in value.atoms(Pow, log) if _is_partial(part)]
    inside = dict.fromkeys(read for part in partial for read in accesses(part))
    layers = {read: n for read in inside if (n := _before(read, value, [*inside]))}
    if not layers:
        return value
    written = {read: _layered(read, n) for read, n in layers.items()}
    return value.xreplace({part: part.xreplace(written) for part in partial})


def _is_partial(part: Expr) -> bool:
    """Tell whether an expression has no value at some numbers, or an infinite slope."""
    return isinstance(part, log) or not (part.exp.is_Integer and part.exp.is_positive)


def _before(read: Indexed, value: Expr, inside: Sequence[Indexed]) -> int:
    """Count the accesses that an access has to be told from."""
    earlier = inside[: inside.index(read)]
    others = (other for other in accesses(value) if other not in inside or other in earlier)
    return sum(1 for other in others if _may_be_same(read, other))


def _may_be_same(one: Indexed, other: Indexed) -> bool:
    """Tell whether two accesses can be of one entry, for the same or for different indices."""
    return one.base == other.base and not any(_differences(one, other))


def _differences(one: Indexed, other: Indexed) -> Iterator[bool]:
    for first, second in zip(one.indices, other.indices, strict=True):
        yield bool(first.is_number and second.is_number and first != second)


def _layered(read: Indexed, number: int) -> Expr:
    """Return a read as so many layers of ``uncancelled``: each number is different from others."""
    made: Expr = read
    for _ in range(number):
        made = uncancelled(made)
    return made
