"""The terms of an equation, window by window, and how its reduction puts them together.

A window is all terms that lead to one entry of the target. Arrays of terms have them along
the last axis, those of a window side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from sympy import Indexed, Rational, S

from symcnn.equations import (
    Assignments,
    Equation,
    Largest,
    LogSumExp,
    Max,
    Sum,
    is_maximum,
    meeting,
)
from symcnn.equations.assignments import Selected
from symcnn.equations.values.evaluation import Array
from symcnn.reference.interpreter import Kind

_KEPT = 64
"""Of how many entries terms are kept: a row is checked at one set of numbers after the other."""


class Windows:
    """Where the terms of one equation come from, and where they go.

    Attributes:
        equation: The equation.
        count: How many terms there are.
        reads: For each access of the value, the entry that it reads in every term.
        entries: The entry of the target that each window leads to.
        windows: The window that each term is in.
    """

    def __init__(self, equation: Equation, listed: Assignments | None = None) -> None:
        """Lay the terms out.

        Args:
            equation: The equation.
            listed: Some of its loop assignments, those of whole windows; by default all.
        """
        listed = listed or Assignments(equation)
        self.equation, self.count, self._reduction = equation, listed.count, equation.reduction
        self.reads = {read: entries[listed.order] for read, entries in listed.reads.items()}
        self.entries, self._starts = listed.windows
        self.windows = np.repeat(
            np.arange(self.entries.size, dtype=np.int32), np.diff(self._starts, append=self.count)
        )

    def combined(self, terms: Array, kind: Kind) -> Array:
        """Return the result of every window."""
        if self.is_sum():
            return _sums(terms, self._starts)
        if self.is_log_sum_exp():
            shift: Array = kind.largest(terms, self._starts)  # no exponent is positive
            powers: Array = kind.exp(terms - self.each(shift))
            return np.asarray(shift + kind.log(_sums(powers, self._starts)))
        chosen = self._chosen(terms, kind)
        starts = np.searchsorted(self.windows[chosen], np.arange(self.entries.size))
        return _sums(terms[..., chosen] * self._shares(chosen, kind), starts)

    def weights(self, terms: Array, kind: Kind) -> Array:
        """Return how fast the result of a window grows with each of its terms."""
        if self.is_log_sum_exp():
            return np.asarray(kind.exp(terms - self.each(self.combined(terms, kind))))
        made = np.full(self.count, kind.number(S.One))
        if not self.is_sum():
            chosen = self._chosen(terms, kind)
            made[:] = kind.number(S.Zero)
            made[chosen] = self._shares(chosen, kind)
        return made

    def each(self, windows: Array) -> Array:
        """Return what there is one of for every window for every one of its terms."""
        return windows[..., self.windows]

    def added(self, terms: Array) -> Array:
        """Return the sum of every window's terms."""
        return _sums(terms, self._starts)

    def is_log_sum_exp(self) -> bool:
        """Tell whether the windows' results are the logarithms of sums of exponentials."""
        return isinstance(self._reduction, LogSumExp)

    def is_sum(self) -> bool:
        """Tell whether the windows' results are the sums of their terms."""
        return isinstance(self._reduction, Sum)

    def is_maximum(self) -> bool:
        """Tell whether the windows' results are their largest terms, and it matters which."""
        return is_maximum(self.equation) and not isinstance(self._reduction, Largest)

    def ties(self, terms: Array, kind: Kind) -> Iterator[tuple[int, Array]]:
        """Return the entries whose largest term is not alone, and which terms these are."""
        largest = self._largest(terms, kind)
        for tied in np.split(largest, np.flatnonzero(np.diff(self.windows[largest])) + 1):
            if tied.size > 1:
                yield int(self.entries[self.windows[tied[0]]]), tied

    def fastest(self, terms: Array, velocities: Array, kind: Kind) -> Array:
        """Return, for every window, the largest velocity of its largest terms."""
        largest = self._largest(terms, kind)
        starts = np.searchsorted(self.windows[largest], np.arange(self.entries.size))
        made: Array = kind.largest(velocities[largest], starts)
        return made

    def places(self, terms: Array) -> list[int]:
        """Return which terms of their window some terms of one window are."""
        return (terms - self._starts[self.windows[terms[0]]]).tolist()  # type: ignore[no-any-return]

    def _largest(self, terms: Array, kind: Kind) -> Array:
        largest = self.each(kind.largest(terms, self._starts))
        tied = np.asarray(kind.order(terms, largest) == 0)
        return np.flatnonzero(tied.reshape(-1, self.count)[0])

    def _chosen(self, terms: Array, kind: Kind) -> Array:
        """Return the terms that count: the largest ones of a maximum, all of a mean."""
        if not isinstance(self._reduction, Max):
            return np.arange(self.count)
        winners = self._largest(terms, kind)
        if self._reduction.ties == "first":
            winners = winners[np.unique(self.windows[winners], return_index=True)[1]]
        return winners

    def _shares(self, chosen: Array, kind: Kind) -> Array:
        """Return 1/n for each of n terms that count in a window."""
        counts = np.bincount(self.windows[chosen])
        shares = {n: kind.number(Rational(1, n)) for n in set(counts.tolist()) - {0}}
        return np.array([shares[n] for n in counts[self.windows[chosen]].tolist()])


def _sums(terms: Array, starts: Array) -> Array:
    return np.add.reduceat(terms, starts, axis=-1)


def windows_at(equation: Equation, access: Indexed, entries: Array) -> Windows | None:
    """Return the terms in which an access is one of some entries; None if there are none."""
    listed = Selected(equation, meeting(equation, access, entries))
    return Windows(equation, listed) if listed.count else None


@lru_cache(_KEPT)
def windows_at_entry(equation: Equation, access: Indexed, entry: int) -> Windows | None:
    """Return the terms in which an access is one entry; None if there are none."""
    return windows_at(equation, access, np.array([entry]))
