"""Entries that may be the same, where one of them is divided by: they are kept from cancelling.

    y[i] = x[i] / x[0]      at i = 0 that is x[0] / x[0], which SymPy would take for 1

A quotient, a root or a logarithm has a value at some numbers alone. What it holds is written as
``uncancelled`` if the value reads the tensor under other indices too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr, Indexed, Pow, log

from symcnn.equations.access import accesses
from symcnn.equations.functions import uncancelled


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
