"""Sums that only look an entry up in a table: sum over r of E[r, l] [x[i] = r] is E[x[i], l]."""

from __future__ import annotations

from collections.abc import Collection

from sympy import Eq, Expr, Indexed, Mul, Symbol
from sympy import Sum as SymbolicSum

from symcnn.equations import accesses, is_position
from symcnn.equations.functions import Iverson


def looked_up(total: SymbolicSum, positions: Collection[str]) -> Expr | None:
    """Return the term of a sum that an entry chooses, if the sum is over all that it may choose.

    Args:
        total: The sum.
        positions: The labels of the tensors whose entries are positions in others.
    """
    if not positions or len(total.limits) != 1:
        return None
    ((symbol, low, high),) = total.limits
    factors = Mul.make_args(total.function)
    places = [_place(f, symbol) if isinstance(f, Iverson) else None for f in factors]
    chosen = [(f, place) for f, place in zip(factors, places, strict=True) if place is not None]
    if len(chosen) != 1 or str(chosen[0][1].base.label) not in positions or low != 0:
        return None
    bracket, place = chosen[0]
    rest = Mul(*(factor for factor in factors if factor is not bracket))
    reads = [read for read in accesses(rest) if symbol in read.free_symbols]
    put = {
        read: read.base[tuple(place if i == symbol else i for i in read.indices)] for read in reads
    }
    whole = all(
        n == high + 1 for r in reads for i, n in zip(r.indices, r.shape, strict=True) if i == symbol
    )
    made = rest.xreplace(put)
    return made if reads and whole and symbol not in made.free_symbols else None


def _place(bracket: Iverson, symbol: Symbol) -> Indexed | None:
    """Return the entry that a bracket says to be equal to an index."""
    (condition, *others) = bracket.args
    if others or not isinstance(condition, Eq):
        return None
    sides = [side.indices[0] if is_position(side) else side for side in condition.args]
    entries = [side for side in sides if isinstance(side, Indexed)]
    alone = symbol in sides and entries and symbol not in entries[0].free_symbols
    return entries[0] if alone else None
