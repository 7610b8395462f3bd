"""The terms of a long sum as a person orders them; those that are printed are made, the others not.

L  =  g_111 a_111 + g_112 a_112 + ... + g_(56,56,64) a_(56,56,64)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
from sympy import Expr, Mul, log

from symcnn.equations import Summands, Total, accesses, written_out
from symcnn.equations.values import Array
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.printing.order import common_factor
from symcnn.writing.printing.summands import order_of_many, summands


class LongTerms(Sequence[Expr]):
    """Terms in their order."""

    def __init__(self, parts: Iterable[Summands]) -> None:
        """Take terms that are in order."""
        self._parts = [part for part in parts if part.size]

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(part.size for part in self._parts)

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
            if place < part.size:
                return part.term(place)
            place -= part.size
        raise IndexError(at)

    def without_zeros(self, arrays: Mapping[str, Array]) -> LongTerms:
        """Return the terms of which no factor other than a logarithm is 0.

        Args:
            arrays: The numbers of tensors, by their names.
        """
        return LongTerms(part.taken(np.flatnonzero(_differ(part, arrays))) for part in self._parts)

    @property
    def shared_factor(self) -> Expr:
        """The number and the divisors that all of them share, up to their signs."""
        return common_factor([term for part in self._parts for term in _examples(part)])


def in_order(formula: Expr) -> Sequence[Expr]:
    """Return the summands of a formula in the order in which they are printed."""
    if not isinstance(formula, Total):
        return summands(formula)
    return _long(formula) or summands(written_out(formula))


def shared_factor(terms: Sequence[Expr]) -> Expr:
    """Return the number and the divisors that all terms share, up to their signs; or 1."""
    return terms.shared_factor if isinstance(terms, LongTerms) else common_factor(terms)


def _examples(part: Summands) -> Iterator[Expr]:
    """Return terms that tell what all of them share: of each tensor, one with another entry."""
    yield part.term(0)
    yield part.term(part.size - 1)
    for _, entries in part.reads.values():
        yield part.term(int(np.argmax(entries != entries[0])))


def _long(total: Total) -> LongTerms | None:
    """Order terms as their entries are numbered; None where like terms may have to be collected."""
    parts = [_ordered(part) for part in total.parts]
    known = [part for part in parts if part is not None]
    held = {tuple(sorted(read.tensor.label for read in part.reads.values())) for part in known}
    if len(held) < len(parts):
        return None
    return LongTerms(sorted(known, key=lambda part: order_of_many(part.term(0))))


def _ordered(part: Summands) -> Summands | None:
    """Order the terms of one equation: by the entries of the tensor whose letter comes first."""
    first = part.term(0)
    if len({read.tensor.label for read in part.reads.values()}) < len(part.reads) or first.is_Add:
        return None
    names = {str(part._replace(value=access).term(0)): access for access in part.reads}
    columns = [part.reads[names[name]].entries for name in sorted(names)]
    order = np.lexsort(columns[::-1])
    same = np.ones(part.size - 1, dtype=bool)
    for column in columns:
        same &= np.diff(column[order]) == 0
    return None if same.any() else part.taken(order)


def _differ(part: Summands, arrays: Mapping[str, Array]) -> Array:
    """Tell of every term whether all of its factors differ from 0, but for logarithms."""
    kept = np.ones(part.size, dtype=bool)
    for factor in Mul.make_args(part.value):
        if factor.has(log) or not (read := accesses(factor)):
            continue
        found = {access: part.reads[access] for access in read}
        known = {a: np.ravel(arrays[of.name])[entries] for a, (of, entries) in found.items()}
        kept &= np.real(evaluate(factor, known, FLOATS)) != 0
    return kept
