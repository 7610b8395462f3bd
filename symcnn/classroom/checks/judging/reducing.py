"""What the terms of an equation give, entry by entry, in numbers with bounds of their errors.

Any reduction is read: sums, means, maxima and logarithms of sums of exponentials as what they are,
any other, such as one of the catalogue of mistakes, by what it makes of terms that are symbols.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod

import numpy as np
from sympy import Dummy, Expr, Indexed, IndexedBase

from symcnn.classroom.checks.judging.rounded import Array, Rounded, sums
from symcnn.classroom.checks.judging.tree import Known, rounded
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
    accesses,
    meeting,
)
from symcnn.equations.assignments import Selected

Values = dict[IndexedBase, Rounded]
"""The entries of tensors in row-major order, by the tensors' bases."""

_EXPONENTIAL = 6
"""By so many roundings each exponential, and the logarithm of their sum, may be off."""


class Layout:
    """Where the terms of equations with the same target, loops and guards stand.

    Attributes:
        order: The assignments of the loops, those of an entry of the target side by side.
        entries: The entries of the target that have terms.
        starts: Where the terms of each begin, in the order of the targets.
        counts: How many there are of each.
        count: How many there are of all.
    """

    def __init__(self, equation: Equation, targets: Array | None = None) -> None:
        """Lay the terms out.

        Args:
            equation: One of the equations.
            targets: The entries of the target that are of interest, in order; by default all.

        Raises:
            IndexError: If an entry is defined that does not exist.
        """
        self._listed, self._places = _listed(equation, targets), dict[Indexed, Array]()
        self.order, self.count = self._listed.order, self._listed.count
        self.entries, self.starts = self._listed.windows
        self.counts = np.diff(self.starts, append=self.count)
        _check_inside(self.entries, equation.target)

    def places(self, read: Indexed) -> Array:
        """Return the entries of a tensor that the terms read.

        Raises:
            IndexError: If one does not exist.
        """
        if read not in self._places:
            found = self._listed.entries(read)[self.order]
            _check_inside(found, read)
            self._places[read] = found
        return self._places[read]


class Terms:
    """The terms of one equation."""

    def __init__(self, equation: Equation, layout: Layout | None = None) -> None:
        """Find what is read.

        Args:
            equation: The equation.
            layout: Where its terms stand, if it is known.

        Raises:
            IndexError: If an entry is read or defined that does not exist.
        """
        self.equation, self.layout = equation, layout or Layout(equation)
        self._reads = {read: self.layout.places(read) for read in accesses(equation.value)}

    def added_to(self, size: int, values: Values, shared: Known | None = None) -> Rounded:
        """Return what the equation adds to every entry of its target.

        Args:
            size: How many entries the target has.
            values: The entries of what is read; of several choices of them those of each.
            shared: What parts of such equations are at the same values, which is added to.
        """
        if not self.layout.entries.size:
            return Rounded.exactly(np.zeros(size))
        made = self._combined(self._terms(values, {} if shared is None else shared))
        value, error = (np.zeros((*made.value.shape[:-1], size)) for _ in range(2))
        value[..., self.layout.entries], error[..., self.layout.entries] = made.value, made.error
        return Rounded(value, error)

    def routed(self, routing: Routing, size: int, values: Values) -> Rounded:
        """Return the selectors of a maximum: its routing, which is exact."""
        layout, terms = self.layout, self._terms(values, {}).value
        windows = np.repeat(np.arange(layout.entries.size), layout.counts)
        largest = terms == np.maximum.reduceat(terms, layout.starts)[windows]
        winners = np.flatnonzero(largest)
        if routing.reduction.ties == "first":
            winners = winners[np.unique(windows[winners], return_index=True)[1]]
        shares = 1 / np.bincount(windows[winners], minlength=layout.entries.size)
        places = layout.places(routing.entry)
        value = np.zeros(size)
        value[places[winners]] = shares[windows[winners]]
        return Rounded.exactly(value)

    def _terms(self, values: Values, known: Known) -> Rounded:
        """Return all terms, those of an entry side by side."""
        for read, at in self._reads.items():
            if read not in known:
                known[read] = values[read.base].at(at)
        made = rounded(self.equation.value, known)
        shape = np.broadcast_shapes(made.value.shape, (self.layout.count,))
        return Rounded(np.broadcast_to(made.value, shape), np.broadcast_to(made.error, shape))

    def _combined(self, terms: Rounded) -> Rounded:
        reduction, starts, counts = self.equation.reduction, self.layout.starts, self.layout.counts
        if type(reduction) is Sum:
            return sums(terms, starts, counts)
        if type(reduction) is Mean:
            found = sums(terms, starts, counts)
            value = found.value / counts
            return Rounded(value, found.error / counts + np.abs(value))
        if type(reduction) is LogSumExp:
            return _log_sum_exp(terms, starts, counts)
        if type(reduction) in (Max, Largest):
            value, error = (_reduced(np.maximum, a, starts) for a in (terms.value, terms.error))
            return Rounded(value, error)
        return self._otherwise(terms)

    def _otherwise(self, terms: Rounded) -> Rounded:
        starts, counts = self.layout.starts, self.layout.counts
        value, error = (np.zeros((*terms.value.shape[:-1], counts.size)) for _ in range(2))
        for count in np.unique(counts).tolist():
            chosen = np.flatnonzero(counts == count)
            symbols, formula = _combination(self.equation.reduction, count)
            columns = (starts[chosen] + number for number in range(count))
            known = {s: terms.at(column) for s, column in zip(symbols, columns, strict=True)}
            made = rounded(formula, dict(known))
            value[..., chosen], error[..., chosen] = made.value, made.error
        return Rounded(value, error)


def _reduced(function: np.ufunc, terms: Array, starts: Array) -> Array:
    return np.asarray(function.reduceat(terms, starts, axis=-1))


def _log_sum_exp(terms: Rounded, starts: Array, counts: Array) -> Rounded:
    largest = _reduced(np.maximum, terms.value, starts)
    powers = np.exp(terms.value - np.repeat(largest, counts, axis=-1))
    added = _reduced(np.add, powers, starts)
    value = largest + np.log(added)
    carried = powers * (terms.error + np.abs(terms.value) + _EXPONENTIAL)
    errors = _reduced(np.add, carried, starts) / added
    return Rounded(value, errors + counts + np.abs(value) + np.abs(largest))


def _listed(equation: Equation, targets: Array | None) -> Assignments:
    if targets is None or not equation.loops:
        return Assignments(equation)
    return Selected(equation, meeting(equation, equation.target, targets))


def _check_inside(entries: Array, read: Indexed) -> None:
    size = prod(int(n) for n in read.shape)
    if entries.size and (entries.min() < 0 or entries.max() >= size):
        raise IndexError("an entry is outside of its tensor")


@lru_cache(maxsize=512)
def _combination(reduction: Reduction, count: int) -> tuple[tuple[Dummy, ...], Expr]:
    """Return what a reduction makes of so many terms."""
    symbols = tuple(Dummy(f"t{number}", real=True) for number in range(count))
    return symbols, reduction.combine(symbols)
