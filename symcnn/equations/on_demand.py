"""The loop assignments of an equation that has too many to list: those that are asked for.

An assignment's number counts all of them in the order of the loops, those that a guard leaves
out as well, so that its loops' values follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sympy import Indexed

from symcnn.equations.access import accesses
from symcnn.equations.assignments import Integers, entry_form, meeting, through_guards
from symcnn.equations.equation import Equation
from symcnn.equations.notation import Shape
from symcnn.equations.row_major import entry_at, position_of, strides


@dataclass(frozen=True, eq=False)
class OnDemand:
    """What ``Assignments`` gives, computed for one entry of the target at a time."""

    equation: Equation

    def of_target(self, entry: int) -> Integers:
        """Return the numbers of the assignments that lead to one entry of the target."""
        found = meeting(self.equation, self.equation.target, np.array([entry]))
        values = [found[loop.symbol] for loop in self.equation.loops]
        numbers: Integers = np.asarray(sum(v * n for v, n in zip(values, self._steps, strict=True)))
        return np.sort(numbers)

    @property
    def targets(self) -> Entry:
        """The entry of the target that an assignment leads to, by its number."""
        return Entry(self, self.equation.target)

    @cached_property
    def reads(self) -> Mapping[Indexed, Entry]:
        """For each access of the value, the entry that it reads, by the assignment's number."""
        return {read: Entry(self, read) for read in accesses(self.equation.value)}

    def number(self, assignment: Sequence[int]) -> int | None:
        """Return the number of an assignment; None if a guard leaves it out."""
        symbols = (loop.symbol for loop in self.equation.loops)
        one = {s: np.array([value]) for s, value in zip(symbols, assignment, strict=True)}
        kept = next(iter(through_guards(self.equation, one).values())).size > 0
        return entry_at(assignment, self._sizes) if kept else None

    @property
    def _steps(self) -> Shape:
        return strides(self._sizes)

    @property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(int(loop.size) for loop in self.equation.loops)

    def assignment(self, number: int) -> Mapping[object, int]:
        """Return the values of the loops."""
        values = position_of(number, self._sizes)
        return {loop.symbol: v for loop, v in zip(self.equation.loops, values, strict=True)}


@dataclass(frozen=True)
class Entry:
    """The entry of a tensor that an access names, by the number of the assignment."""

    listed: OnDemand
    access: Indexed

    def __getitem__(self, number: int) -> int:
        """Return the entry, counted in row-major order."""
        return int(entry_form(self.access).at(self.listed.assignment(number)))
