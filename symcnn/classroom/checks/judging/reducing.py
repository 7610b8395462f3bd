"""What the terms of an equation give, entry by entry, in numbers with bounds of their errors.

Any reduction is read: sums, means, maxima and logarithms of sums of exponentials as what they are,
any other, such as one of the catalogue of mistakes, by what it makes of terms that are symbols.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from sympy import Dummy, Expr, IndexedBase

from symcnn.classroom.checks.judging.rounded import Array, Rounded, sums
from symcnn.classroom.checks.judging.tree import rounded
from symcnn.derivation.adjoint import Routing
from symcnn.equations import (
    Assignments,
    Equation,
    Largest,
    LogSumExp,
    Max,
    Mean,
    Reduction,
    Sum,
    meeting,
)
from symcnn.equations.assignments import Selected

Values = dict[IndexedBase, Rounded]
"""The entries of tensors in row-major order, by the tensors' bases."""

_EXPONENTIAL = 6
"""By so many roundings each exponential, and the logarithm of their sum, may be off."""


class Terms:
    """Where the terms of one equation come from, and where they go.

    Attributes:
        equation: The equation.
        entries: The entries of the target that have terms.
        starts: Where the terms of each begin, in the order of the targets.
        counts: How many there are of each.
    """

    def __init__(self, equation: Equation, targets: Array | None = None) -> None:
        """Lay the terms out.

        Args:
            equation: The equation.
            targets: The entries of the target that are of interest, in order; by default all.

        Raises:
            IndexError: If an entry is read or defined that does not exist.
        """
        self.equation = equation
        self._listed = listed = _listed(equation, targets)
        self._reads = {read: entries[listed.order] for read, entries in listed.reads.items()}
        self.entries, self.starts = listed.windows
        self.counts = np.diff(self.starts, append=listed.count)
        for read, entries in (*self._reads.items(), (equation.target, self.entries)):
            _check_inside(entries, int(np.prod([int(n) for n in read.shape])))

    def added_to(self, size: int, values: Values) -> Rounded:
        """Return what the equation adds to every entry of its target."""
        value, error = np.zeros(size), np.zeros(size)
        if self.entries.size:
            made = self._combined(self._terms(values))
            value[self.entries], error[self.entries] = made.value, made.error
        return Rounded(value, error)

    def routed(self, routing: Routing, size: int, values: Values) -> Rounded:
        """Return the selectors of a maximum: its routing, which is exact."""
        terms = self._terms(values).value
        windows = np.repeat(np.arange(self.entries.size), self.counts)
        largest = terms == np.maximum.reduceat(terms, self.starts)[windows]
        winners = np.flatnonzero(largest)
        if routing.reduction.ties == "first":
            winners = winners[np.unique(windows[winners], return_index=True)[1]]
        shares = 1 / np.bincount(windows[winners], minlength=self.entries.size)
        places = Assignments(_moved(self.equation, routing)).targets[self._listed.order]
        value = np.zeros(size)
        value[places[winners]] = shares[windows[winners]]
        return Rounded.exactly(value)

    def _terms(self, values: Values) -> Rounded:
        """Return all terms, those of an entry side by side."""
        known = {read: values[read.base].at(at) for read, at in self._reads.items()}
        made, shape = rounded(self.equation.value, dict(known)), (self._listed.count,)
        return Rounded(np.broadcast_to(made.value, shape), np.broadcast_to(made.error, shape))

    def _combined(self, terms: Rounded) -> Rounded:
        reduction = self.equation.reduction
        if type(reduction) is Sum:
            return sums(terms, self.starts, self.counts)
        if type(reduction) is Mean:
            found = sums(terms, self.starts, self.counts)
            value = found.value / self.counts
            return Rounded(value, found.error / self.counts + np.abs(value))
        if type(reduction) is LogSumExp:
            return self._log_sum_exp(terms)
        if type(reduction) in (Max, Largest):
            value = np.maximum.reduceat(terms.value, self.starts)
            return Rounded(value, np.maximum.reduceat(terms.error, self.starts))
        return self._otherwise(terms)

    def _log_sum_exp(self, terms: Rounded) -> Rounded:
        largest = np.maximum.reduceat(terms.value, self.starts)
        powers = np.exp(terms.value - np.repeat(largest, self.counts))
        added = np.add.reduceat(powers, self.starts)
        value = largest + np.log(added)
        carried = powers * (terms.error + np.abs(terms.value) + _EXPONENTIAL)
        errors = np.add.reduceat(carried, self.starts) / added
        return Rounded(value, errors + self.counts + np.abs(value) + np.abs(largest))

    def _otherwise(self, terms: Rounded) -> Rounded:
        value, error = np.zeros(self.entries.size), np.zeros(self.entries.size)
        for count in np.unique(self.counts).tolist():
            chosen = np.flatnonzero(self.counts == count)
            symbols, formula = _combination(self.equation.reduction, count)
            columns = (self.starts[chosen] + number for number in range(count))
            known = {s: terms.at(column) for s, column in zip(symbols, columns, strict=True)}
            made = rounded(formula, dict(known))
            value[chosen], error[chosen] = made.value, made.error
        return Rounded(value, error)


def _listed(equation: Equation, targets: Array | None) -> Assignments:
    if targets is None or not equation.loops:
        return Assignments(equation)
    return Selected(equation, meeting(equation, equation.target, targets))


def _check_inside(entries: Array, size: int) -> None:
    if entries.size and (entries.min() < 0 or entries.max() >= size):
        raise IndexError("an entry is outside of its tensor")


def _moved(source: Equation, routing: Routing) -> Equation:
    """Return the maximum with the entry of its routing as target."""
    return Equation(routing.entry, source.value, source.loops, source.guards, source.reduction)


@lru_cache(maxsize=512)
def _combination(reduction: Reduction, count: int) -> tuple[tuple[Dummy, ...], Expr]:
    """Return what a reduction makes of so many terms."""
    symbols = tuple(Dummy(f"t{number}", real=True) for number in range(count))
    return symbols, reduction.combine(symbols)
