"""Entries by hand, and those that are sums of so many terms that these stay arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sympy import Expr, IndexedBase, S, Symbol

from symcnn import limits
from symcnn.derivation.entries import Entries
from symcnn.derivation.instantiate import Formula as InEntries
from symcnn.derivation.instantiate import instantiation
from symcnn.equations import (
    Equation,
    Read,
    Sum,
    Summands,
    Tensor,
    Total,
    accesses,
    entry_at,
    is_counted,
    is_position,
)


class LongEntries(Entries):
    """The scalar formulas of a list of equations, long sums among them."""

    def checked(self, expression: Expr) -> InEntries:
        """Return what writes a general form in entries to be checked: long sums as arrays."""
        return instantiation(
            expression,
            lambda base, position: self._placed(base, position, self._symbol),
            tensor=self._summed,
        )

    def source(self, selector: Tensor) -> Equation:
        """Return the equation of the maximum that a routing belongs to."""
        return self._routings[selector.base]

    def _summed(self, base: IndexedBase) -> Tensor | None:
        """Return the tensor of a base, unless its entries are counted or chosen."""
        has_other = is_counted(base) or base in self._routings
        return None if has_other else self._tensors.get(base)

    def long(self, symbol: Symbol) -> Total | None:
        """Return an entry as a long sum; None if it is no such sum."""
        found = self._computed(symbol)
        if found is None or found[0].base not in self._defining:
            return None
        parts = [self._summands(e, *found) for e in self._defining[found[0].base]]
        known = tuple(part for part in parts if part is not None)
        total = Total(tuple(part for part in known if part.size))
        return total if len(known) == len(parts) and _is_long(total.size) else None

    def collected(self, equations: Iterable[Equation], symbol: Symbol) -> Expr:
        """Return what equations send to an entry: their terms there, as they are combined.

        A formula that solves its equations for the entry, or reads them in another notation,
        claims these, and what is printed of it is read back against them. Long sums are computed
        from arrays.
        """
        return sum((self._sent(e, *self.locate(symbol)) for e in equations), S.Zero)

    def _sent(self, equation: Equation, tensor: Tensor, position: tuple[int, ...]) -> Expr:
        summands = self._summands(equation, tensor, position)
        if summands is not None and _is_long(summands.size):
            return Total((summands,))
        return equation.reduction.combine(self.terms(equation, tensor, position))

    def _summands(
        self, equation: Equation, tensor: Tensor, position: tuple[int, ...]
    ) -> Summands | None:
        """Return the terms of an entry as arrays; None if they are not summed, or hold a choice."""
        accessed = accesses(equation.value)
        has_other = any(a.base in self._routings or is_position(a) for a in accessed)
        if not accessed or has_other or not isinstance(equation.reduction, Sum):
            return None
        listed = self._enumeration(equation)
        rows = listed.of_target(entry_at(position, tensor.shape))
        reads = {
            a: Read(self._tensors[a.base], np.asarray(listed.reads[a][rows])) for a in accessed
        }
        return Summands(equation.value, reads)


def _is_long(terms: int) -> bool:
    return terms > limits.SPELLED_TERMS
