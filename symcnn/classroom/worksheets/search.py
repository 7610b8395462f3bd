"""The search for friendly numbers: one number is changed at a time, and no step leads away.

The demands are counted, and a change is kept unless more of them are missed. Where all are met,
changes go on until mistakes can be told apart. The sequence of changes follows from the seed alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random

from symcnn.classroom.worksheets.demands import Demands
from symcnn.classroom.worksheets.filling import Drawn, Filling
from symcnn.classroom.worksheets.state import Layout, State
from symcnn.classroom.worksheets.wrong import Judged, Named, Wrong

_BEGINNINGS = 3
_STEPS = 2_500
_PATIENCE = 800
"""A search begins anew after so many changes that have led nowhere."""

_LOOKED_AT = 50
"""The changes that are tried to tell two more mistakes apart, where everything else is met."""

_POLISHED = 150
"""The changes that are tried to make exact figures shorter."""

_LONG = 4
"""Figures with more decimal places are made shorter, if that can be."""

_UNBOUNDED = 10**9


@dataclass(frozen=True, eq=False)
class Found:
    """The numbers that a search ended with.

    Attributes:
        drawn: The numbers.
        state: Everything at them.
        near: Gives the same at numbers close by.
        missed: For every demand that was looked at, how many figures miss it.
    """

    drawn: Drawn
    state: State
    near: Callable[[], State]
    missed: dict[str, int]

    @cached_property
    def cost(self) -> int:
        """How many demands are missed in all."""
        return sum(self.missed.values())


@dataclass(frozen=True, eq=False)
class Search:
    """A search among the numbers of one filling.

    Attributes:
        layout: The equations.
        filling: What numbers there are.
        demands: What is demanded of figures.
        wrong: What mistakes make of figures.
        excused: The mistakes that need not be told apart, as they never could.
    """

    layout: Layout
    filling: Filling
    demands: Demands
    wrong: Wrong
    excused: frozenset[Named] = frozenset()

    def __call__(self, random: Random) -> Found:
        """Return the best numbers that are found."""
        best: tuple[tuple[int, int, int], Found] | None = None
        for _ in range(_BEGINNINGS):
            found = self._told_apart(self._descended(random), random)
            rank = (found.cost, *(self._confused(found) if not found.cost else (0, 0)))
            if best is None or rank < best[0]:
                best = rank, found
            if not any(best[0][:2]):
                break
        assert best is not None
        return best[1]

    def _descended(self, random: Random) -> Found:
        """Begin somewhere, and change numbers until nothing is missed or nothing helps."""
        best, idle = self._looked_at(self.filling.draw(random)), 0
        for _ in range(_STEPS):
            if not best.cost or idle > _PATIENCE:
                break
            other = self._looked_at(self.filling.moved(best.drawn, random), best.cost)
            idle = 0 if other.cost < best.cost else idle + 1
            if other.cost <= best.cost:
                best = other
        return best

    def _told_apart(self, found: Found, random: Random) -> Found:
        """Change numbers until no two mistakes agree that need not, or nothing helps."""
        if found.cost:
            return found
        best, confused, idle = found, self._confused(found), 0
        while any(confused) and idle < _LOOKED_AT:
            other = self._looked_at(self.filling.moved(best.drawn, random), 0)
            if other.cost:
                continue
            fewer = self._confused(other)
            idle = 0 if fewer < confused else idle + 1
            if fewer <= confused:
                best, confused = other, fewer
        return best

    def shortened(self, found: Found, random: Random) -> Found:
        """Return numbers with shorter exact figures, if there are any, that miss nothing more."""
        if found.cost or max(self.demands.pattern_of(found.state).places) <= _LONG:
            return found
        best, length, confused = found, self.demands.length(found.state), self._confused(found)
        for _ in range(_POLISHED):
            other = self._looked_at(self.filling.moved(best.drawn, random), 0)
            if other.cost or self.demands.length(other.state) >= length:
                continue
            if self._confused(other) <= confused:
                best, length = other, self.demands.length(other.state)
        return best

    def judged(self, found: Found) -> Judged:
        """Return how well mistakes can be told at some numbers."""
        return self.wrong.judged(found.state, found.near, self.demands.tolerance)

    def _confused(self, found: Found) -> tuple[int, int]:
        """Count the mistakes that agree and are not excused, and figures that agree by accident."""
        judged = self.judged(found)
        return len(self.wrong.named(judged.alike) - self.excused), judged.accidents

    def _looked_at(self, drawn: Drawn, most: int = _UNBOUNDED) -> Found:
        """Count what numbers miss, as long as it is not more than some others miss."""
        given = self.filling.floats(drawn)
        state = self.layout.at(given)
        near = cache(lambda: self.layout.at(self.filling.nearby(given)))
        missed = self.demands.shortfall(state, near, most)
        return Found(drawn, state, near, missed)
