"""The terms of a long sum as a person orders them; those that are printed are made, the others not.

L  =  g_111 a_111 + g_112 a_112 + ... + g_(56,56,64) a_(56,56,64)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, overload

import numpy as np
from sympy import Expr

from symcnn.equations import Products, Total, written_out
from symcnn.equations.values.evaluation import Array
from symcnn.writing.printing.order import common_factor, order_of_many, summands


class LongTerms(Sequence[Expr]):
    """Terms in their order."""

    def __init__(self, parts: Iterable[Products]) -> None:
        """Take terms that are in order."""
        self._parts = [part for part in parts if part.count]

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(part.count for part in self._parts)

    @overload
    def __getitem__(self, at: int) -> Expr: ...

    @overload
    def __getitem__(self, at: slice) -> list[Expr]: ...

    def __getitem__(self, at: Any) -> Any:
        """Make a term, or several."""
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        for part in self._parts:
            if place < part.count:
                return part.term(place)
            place -= part.count
        raise IndexError(at)

    def without_zeros(self, arrays: Mapping[str, Array]) -> LongTerms:
        """Return the terms of which no factor is 0.

        Args:
            arrays: The numbers of tensors, by their names.
        """
        return LongTerms(part.taken(np.flatnonzero(_differ(part, arrays))) for part in self._parts)

    @property
    def shared_factor(self) -> Expr:
        """The number that all of them share, up to their signs."""
        return common_factor([*(part.term(0) for part in self._parts), self[-1]])


def in_order(formula: Expr) -> Sequence[Expr]:
    """Return the summands of a formula in the order in which they are printed."""
    if not isinstance(formula, Total):
        return summands(formula)
    return _long(formula) or summands(written_out(formula))


def shared_factor(terms: Sequence[Expr]) -> Expr:
    """Return the number and the divisors that all terms share, up to their signs; or 1."""
    return terms.shared_factor if isinstance(terms, LongTerms) else common_factor(terms)


def _long(total: Total) -> LongTerms | None:
    """Order terms as their entries are numbered; None where like terms may have to be collected."""
    parts = [_ordered(part) for part in total.parts]
    known = [part for part in parts if part is not None]
    held = {tuple(tensor.label for tensor, _ in part.reads) for part in known}
    if len(held) < len(parts):
        return None
    return LongTerms(sorted(known, key=lambda part: order_of_many(part.term(0))))


def _ordered(part: Products) -> Products | None:
    """Order the terms of one equation: by the entries of the tensor whose letter comes first."""
    if len({tensor.label for tensor, _ in part.reads}) < len(part.reads):
        return None
    names = [str(part._replace(number=Fraction(1), reads=(read,)).term(0)) for read in part.reads]
    by_name = sorted(range(len(names)), key=names.__getitem__)
    columns = [np.asarray(part.reads[n][1]) for n in by_name]
    order = np.lexsort(columns[::-1])
    same = np.ones(part.count - 1, dtype=bool)
    for column in columns:
        same &= np.diff(column[order]) == 0
    return (
        None
        if same.any()
        else part._replace(reads=tuple(part.reads[n] for n in by_name)).taken(order)
    )


def _differ(part: Products, arrays: Mapping[str, Array]) -> Array:
    """Tell of every term whether all of its factors differ from 0."""
    kept = np.ones(part.count, dtype=bool)
    for tensor, entries in part.reads:
        kept &= np.ravel(arrays[tensor.name])[entries] != 0
    return kept
