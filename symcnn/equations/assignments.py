"""The loop assignments of an equation, all at once: what it adds to what, as arrays.

    z[i, k] <- sum over i<2, k<1, u<2 of w[u, k] x[i + u]

        i                0 0 1 1
        u                0 1 0 1
        z's entries      0 0 1 1
        w's entries      0 1 0 1
        x's entries      0 1 1 2

Entries are counted in row-major order; what a guard leaves out has no column. Those in which an
access meets given entries are found axis by axis, each from the values that its few loops can
take, so that the work depends on how many there are and not on how many the equation has:

    x[2 i + u - 1] meets x[3]  where  2 i + u - 1 = 3:  (i, u) = (1, 2), (2, 0), ...

Where there are too many to list, those are found that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from math import prod
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Symbol, sympify

from symcnn.equations.access import accesses
from symcnn.equations.affine import Affine, affine
from symcnn.equations.equation import Equation, Loop
from symcnn.equations.notation import Shape
from symcnn.equations.row_major import entry_at, position_of, strides

Integers = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]

_COUNTED = np.int32
"""What entries and assignments are counted in: there are fewer than 2^31, and a great many."""


@dataclass(frozen=True, eq=False)
class Assignments:
    """Every loop assignment of one equation that its guards let through."""

    equation: Equation

    @property
    def count(self) -> int:
        """How many there are."""
        return self.targets.size

    @cached_property
    def targets(self) -> Integers:
        """The entry of the target that every assignment leads to."""
        return self.entries(self.equation.target)

    @cached_property
    def reads(self) -> dict[Indexed, Integers]:
        """For each access of the value, the entry that it reads in every assignment."""
        return {read: self.entries(read) for read in accesses(self.equation.value)}

    def of_target(self, entry: int) -> Integers:
        """Return the numbers of the assignments that lead to one entry of the target."""
        first, last = np.searchsorted(self._sorted_targets, [entry, entry + 1])
        return self.order[first:last]

    def by_target(self) -> Iterator[tuple[int, list[int]]]:
        """Run over the entries of the target that have assignments, with their numbers."""
        entries, starts = self.windows
        order, ends = self.order.tolist(), [*starts.tolist(), self.count]
        for entry, (start, end) in zip(entries.tolist(), pairwise(ends), strict=True):
            yield entry, order[start:end]

    def number(self, assignment: Sequence[int]) -> int | None:
        """Return the number of an assignment; None if a guard leaves it out."""
        sizes = tuple(loop.size for loop in self.equation.loops)
        kept, place = self._kept.ravel(), entry_at(assignment, sizes)
        return int(np.count_nonzero(kept[:place])) if kept[place] else None

    @cached_property
    def order(self) -> Integers:
        """The assignments by their targets, in the order of the loops for each."""
        return np.argsort(self.targets, kind="stable").astype(_COUNTED, copy=False)

    @property
    def windows(self) -> tuple[Integers, Integers]:
        """The entries of the target that have assignments, and where those of each begin."""
        return np.unique(self._sorted_targets, return_index=True)

    @cached_property
    def _sorted_targets(self) -> Integers:
        return self.targets[self.order]

    @cached_property
    def _axes(self) -> dict[Symbol, Integers]:
        return axes(self.equation.loops)

    @cached_property
    def _kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return admitted(self.equation, self._axes, [loop.size for loop in self.equation.loops])

    def entries(self, read: Indexed) -> Integers:
        """Return the entry that an access of a tensor names in every assignment."""
        entries = entry_form(read).at(self._axes)
        entries = np.asarray(entries).astype(_COUNTED, copy=False)
        return np.asarray(np.broadcast_to(entries, self._kept.shape)[self._kept])


def admitted(
    equation: Equation, values: Mapping[Symbol, Integers], shape: Sequence[int]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which assignments the guards of an equation let through, by the values of its loops."""
    kept = np.ones(shape, dtype=bool)
    for guard in equation.guards:
        index = affine(guard.expression).at(values)
        kept &= (index >= 0) & (index < guard.size)
    return kept


def axes(loops: Sequence[Loop]) -> dict[Symbol, Integers]:
    """Return the values of every loop, each along an axis of its own."""
    grids = np.ogrid[tuple(slice(loop.size) for loop in loops)]
    return {loop.symbol: grid for loop, grid in zip(loops, grids, strict=True)}


def columns(loops: Sequence[Loop]) -> dict[Symbol, Integers]:
    """Return the values of every loop in all assignments, the last loop running fastest."""
    shape = [loop.size for loop in loops]
    return {symbol: np.broadcast_to(axis, shape).ravel() for symbol, axis in axes(loops).items()}


def every(loops: Sequence[Loop]) -> Iterator[dict[Symbol, int]]:
    """Run over the assignments of some loops one by one, the last loop running fastest."""
    for values in product(*(range(loop.size) for loop in loops)):
        yield {loop.symbol: value for loop, value in zip(loops, values, strict=True)}


def entry_form(read: Indexed) -> Affine:
    """Return the entry of a tensor that an access reads, counted in row-major order."""
    return affine(entry_at(read.indices, read.shape))


Columns = dict[Symbol, Integers]
"""The values of loops, each in a row of assignments."""

_NUMBER = Symbol("number of the entry")
"""The column that says which entry a row of assignments belongs to."""


def meeting(equation: Equation, access: Indexed, entries: Integers) -> Columns:
    """Return the assignments in which the target, or an access, is one of some entries.

    Args:
        equation: The equation.
        access: Its target, or what its value reads.
        entries: The entries, counted in row-major order, each once.
    """
    positions = np.unravel_index(entries, [int(n) for n in access.shape])
    found: Columns = {_NUMBER: np.arange(entries.size)}
    for index, wanted in zip(access.indices, positions, strict=True):
        found = _met(found, wanted, sympify(index), equation)
    del found[_NUMBER]
    free = [loop for loop in equation.loops if loop.symbol not in found]
    return through_guards(equation, _with_free(found, free, entries.size))


def through_guards(equation: Equation, found: Columns) -> Columns:
    """Return the assignments that the guards of an equation let through."""
    if not found:
        return found
    kept = admitted(equation, found, next(iter(found.values())).shape)
    return {symbol: column[kept] for symbol, column in found.items()}


def _met(found: Columns, wanted: Integers, index: Expr, equation: Equation) -> Columns:
    """Keep the assignments in which an index has the value that is wanted in their entry."""
    form = affine(index)
    loops = [loop for loop in equation.loops if form.coefficient(loop.symbol) != 0]
    taken = columns(loops)
    values = np.broadcast_to(np.asarray(form.at(taken)), prod(loop.size for loop in loops))
    order = np.argsort(values, kind="stable")
    values = values[order]
    searched = wanted[found[_NUMBER]]
    first, last = (np.searchsorted(values, searched, side) for side in ("left", "right"))
    rows = np.repeat(np.arange(searched.size), last - first)
    within = np.arange(rows.size) - np.repeat(
        np.cumsum(last - first) - (last - first), last - first
    )
    picked = order[np.repeat(first, last - first) + within]
    new = {loop.symbol: taken[loop.symbol][picked] for loop in loops}
    kept = np.ones(rows.size, dtype=bool)
    for symbol in new.keys() & found.keys():
        kept &= new[symbol] == found[symbol][rows]
    old = {symbol: column[rows] for symbol, column in found.items()}
    return {symbol: column[kept] for symbol, column in (old | new).items()}


def _with_free(found: Columns, loops: Sequence[Loop], count: int) -> Columns:
    """Let the loops that no index holds take all their values."""
    count = next((column.size for column in found.values()), count)
    free, each = columns(loops), prod(loop.size for loop in loops)
    tiled = {symbol: np.tile(column, count) for symbol, column in free.items()}
    return {symbol: np.repeat(column, each) for symbol, column in found.items()} | tiled


@dataclass(frozen=True, eq=False)
class Selected(Assignments):
    """The assignments in some columns; guards let all of them through.

    Attributes:
        columns: The values of the loops, each in a row of assignments.
    """

    columns: Columns

    @property
    def _axes(self) -> dict[Any, Integers]:
        return self.columns

    @cached_property
    def _kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        count = next((column.size for column in self.columns.values()), 1)
        return np.ones(count, dtype=bool)


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

    def assignment(self, number: Any) -> Mapping[object, Any]:
        """Return the values of the loops."""
        values = position_of(number, self._sizes)
        return {loop.symbol: v for loop, v in zip(self.equation.loops, values, strict=True)}


@dataclass(frozen=True)
class Entry:
    """The entry of a tensor that an access names, by the number of the assignment."""

    listed: OnDemand
    access: Indexed

    @cached_property
    def _form(self) -> Affine:
        return entry_form(self.access)

    def __getitem__(self, number: Any) -> Any:
        """Return the entry, counted in row-major order; of several assignments those of each."""
        found = self._form.at(self.listed.assignment(number))
        return int(found) if isinstance(number, int) else np.broadcast_to(found, np.shape(number))
