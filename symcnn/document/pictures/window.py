"""A window at one position, and the way back to one of its weights.

A window is an equation in which an index of the input, s i + d u - p, is made of an
index i of the result and of an index u of a parameter: w[u] meets x[s i + d u - p] on the
way to z[i]. So the derivative with respect to w[u] comes back from all i, each with the
input met there.

In a transposed convolution, input and result change places: the window covers the result,
and w[u] x[i] is added to z[s i + d u - p].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np
from sympy import Expr, Indexed, Symbol

from symcnn import limits
from symcnn.document.context import Context
from symcnn.document.pictures.grids import Spot
from symcnn.document.pictures.texts import Texts
from symcnn.equations import SAMPLE, Equation, Tensor, affine, columns

_WHOLE = 12
"""The rows and columns of a grid that is drawn to its end, with its padding."""


class Axis(NamedTuple):
    """An axis along which the window moves: position i, offset u, and their ranges."""

    position: Symbol
    offset: Symbol
    index: Expr
    size: int
    positions: int
    offsets: int

    def place(self, position: int, offset: int) -> int:
        """Return the place that a weight meets at a position; it may lie in the padding."""
        return int(affine(self.index).at({self.position: position, self.offset: offset}))

    def meets(self, position: int, offset: int) -> bool:
        """Tell whether a weight meets an entry at a position, not padding."""
        return 0 <= self.place(position, offset) < self.size


@dataclass(frozen=True, eq=False)
class Window:
    """An equation whose weights meet a tensor in windows, and the weight that is looked at.

    Attributes:
        texts: What labels say of the entries.
        equation: The equation.
        covered: The access to the tensor that the window moves over.
        placed: The access to the tensor with an entry for every position of the window.
        weight: What it reads of the parameter.
        axes: The axes along which the window moves, one or two.
        chosen: Which weight is looked at; by default one of the last filter that reads the
            first channel, the last of those that are used most often.
        at: The entry of ``placed`` that is looked at; by default where the most is seen.
    """

    texts: Texts
    equation: Equation
    covered: Indexed
    placed: Indexed
    weight: Indexed
    axes: tuple[Axis, ...]
    chosen: tuple[int, ...] | None = None
    at: tuple[int, ...] | None = None

    @property
    def context(self) -> Context:
        """The derivation with its numbers."""
        return self.texts.context

    @cached_property
    def loops(self) -> dict[Symbol, int]:
        """Where every loop stands, but for the positions of the window."""
        moving = {axis.position for axis in self.axes}
        last: set[Symbol] = self.equation.target.free_symbols - {SAMPLE}
        loops = (loop for loop in self.equation.loops if loop.symbol not in moving)
        usual = {loop.symbol: loop.size - 1 if loop.symbol in last else 0 for loop in loops}
        usual |= {axis.offset: self._busiest(axis) for axis in self.axes}
        usual |= {symbol: n for symbol, n in self._placed.items() if symbol not in moving}
        return usual if self.chosen is None else usual | self._solved(self.chosen)

    @cached_property
    def _placed(self) -> dict[Symbol, int]:
        """Where the loops stand that count the entry that is looked at."""
        counted = zip(self.placed.indices, self.at or (), strict=self.at is not None)
        return {index: n for index, n in counted if isinstance(index, Symbol)}

    def _busiest(self, axis: Axis) -> int:
        """Return the last of the offsets that meet entries at the most positions shown."""

        def uses(offset: int) -> int:
            return sum(axis.meets(p, offset) for p in range(self._shown(axis)))

        return max(reversed(range(axis.offsets)), key=uses)

    def _solved(self, position: Sequence[int]) -> dict[Symbol, int]:
        """Find the loops that lead to a weight."""
        bare = dict(zip(self.weight.indices, position, strict=True))
        own = {s for e in self.weight.indices for s in affine(e).coefficients}
        loops = columns([loop for loop in self.equation.loops if loop.symbol in own])
        hits = (affine(index).at(loops) == p for index, p in bare.items())
        first, *_ = np.flatnonzero(reduce(np.logical_and, hits))
        return {symbol: int(column[first]) for symbol, column in loops.items()}

    @cached_property
    def fixed(self) -> dict[Symbol, int]:
        """The filter, the channel and the sample that are looked at."""
        offsets = {axis.offset for axis in self.axes}
        return {symbol: n for symbol, n in self.loops.items() if symbol not in offsets}

    @cached_property
    def offset(self) -> Spot:
        """The place of the weight in its kernel."""
        return self._spot([self.loops[axis.offset] for axis in self.axes])

    @cached_property
    def position(self) -> Spot:
        """The position at which the window is shown: the one looked at, or the fullest."""
        at = [self._placed.get(axis.position, axis.positions) for axis in self.axes]
        is_shown = all(p < self._shown(axis) for p, axis in zip(at, self.axes, strict=True))
        return self._spot(at if is_shown else [self._fullest(axis) for axis in self.axes])

    def _fullest(self, axis: Axis) -> int:
        """Return a position where the weight meets an entry, and the most others do.

        It is the second, if that is one of them, so that the window has moved.
        """
        shown: list[int] = [min(1, axis.positions - 1), *range(self._shown(axis))]

        def met(position: int) -> tuple[bool, int]:
            every = [axis.meets(position, u) for u in range(axis.offsets)]
            return every[self.loops[axis.offset]], sum(every)

        return max(shown, key=met)

    def _spot(self, numbers: Sequence[int]) -> Spot:
        return numbers[0], numbers[1] if len(numbers) == 2 else 0

    def met(self, position: Spot, offset: Spot) -> Spot:
        """Return the place that a weight meets at a position; it may lie in the padding."""
        pairs = zip(self.axes, position, offset, strict=False)
        return self._spot([axis.place(i, u) for axis, i, u in pairs])

    def is_inside(self, spot: Spot) -> bool:
        """Tell whether a place lies inside of the tensor that the window moves over."""
        return all(0 <= p < axis.size for p, axis in zip(spot, self.axes, strict=False))

    def place(self, read: Indexed, spot: Spot) -> list[int]:
        """Return which entry is read at a spot: of the grid, of the positions, or of the kernel."""
        axes = self.axes
        moving: dict[Indexed, list[Expr]] = {
            self.covered: [axis.index for axis in axes],
            self.placed: [axis.position for axis in axes],
            self.weight: [axis.offset for axis in axes],
        }
        own = dict(zip(moving[read], spot, strict=False))
        return [own[e] if e in own else affine(e).at(self.fixed) for e in read.indices]

    def symbol(self, read: Indexed, spot: Spot) -> Symbol:
        """Return the entry that is read at a spot."""
        return self.tensor(read).symbol(self.place(read, spot))

    def signal(self, spot: Spot) -> Symbol:
        """Return the error signal of the result at a spot."""
        adjoint = self.context.derivation.adjoints[self.output.name]
        return adjoint.symbol(self.place(self.equation.target, spot))

    @property
    def looked_at(self) -> Symbol:
        """The weight that is looked at."""
        return self.symbol(self.weight, self.offset)

    @property
    def slope(self) -> Symbol:
        """The derivative with respect to the weight that is looked at."""
        adjoint = self.context.derivation.adjoints[self.tensor(self.weight).name]
        return adjoint.symbol(self.place(self.weight, self.offset))

    def met_at(self, position: Spot) -> dict[Spot, Spot]:
        """Return what each weight meets at a position, padding left out."""
        met = {offset: self.met(position, offset) for offset in self.offsets()}
        return {offset: spot for offset, spot in met.items() if self.is_inside(spot)}

    def tensor(self, read: Indexed) -> Tensor:
        """Return the tensor that is read or written."""
        return self.context.derivation.tensors[read.base]

    @property
    def is_transposed(self) -> bool:
        """Whether the window covers the result, as in a transposed convolution."""
        return bool(self.covered == self.equation.target)

    @property
    def read(self) -> Indexed:
        """What is read of the input."""
        return self.placed if self.is_transposed else self.covered

    @property
    def input(self) -> Tensor:
        """The tensor that meets the weights."""
        return self.tensor(self.read)

    @property
    def output(self) -> Tensor:
        """The result."""
        return self.tensor(self.equation.target)

    @cached_property
    def channels(self) -> int:
        """Over how many channels a window sums."""
        offsets = {axis.offset for axis in self.axes}
        return prod(int(x.size) for x in self.equation.reduced if x.symbol not in offsets)

    def positions(self) -> list[Spot]:
        """Return the positions that are shown."""
        return _spots([range(n) for n in self.shown])

    @cached_property
    def shown(self) -> list[int]:
        """How many positions are shown along each axis: as many as their windows have room for."""
        return [self._shown(axis) for axis in self.axes]

    @property
    def cut(self) -> list[bool]:
        """Whether there are more positions along each axis."""
        return [n < axis.positions for n, axis in zip(self.shown, self.axes, strict=True)]

    @cached_property
    def uses(self) -> dict[Spot, Spot]:
        """The positions that are shown at which the weight is used, and what it meets there."""
        met = {p: self.met(p, self.offset) for p in self.positions()}
        return {p: spot for p, spot in met.items() if self.is_inside(spot)}

    def _shown(self, axis: Axis) -> int:
        if self._is_drawn_whole(axis):
            return axis.positions
        least = min(2, axis.positions)
        fitting = (
            n
            for n in range(min(axis.positions, limits.DRAWN_CELLS), least, -1)
            if len(self._reach(axis, n)) <= limits.DRAWN_CELLS + 1
        )
        return next(fitting, least)

    def _reach(self, axis: Axis, positions: int) -> range:
        """Return what windows at the first positions cover, and the tensor's beginning."""
        first, last = axis.place(0, 0), axis.place(positions - 1, axis.offsets - 1)
        if self._is_drawn_whole(axis):
            return range(min(0, first), max(last, axis.size - 1) + 1)
        last = max(last, min(axis.size - 1, first + limits.DRAWN_CELLS - 1))
        return range(min(0, first), last + 1)

    def _is_drawn_whole(self, axis: Axis) -> bool:
        """Tell whether everything along an axis is shown, padding included."""
        first, last = axis.place(0, 0), axis.place(axis.positions - 1, axis.offsets - 1)
        length = max(last, axis.size - 1) - min(0, first) + 1
        return max(length, axis.positions) <= _WHOLE

    def covered_spots(self) -> list[Spot]:
        """Return the places that are shown of what the window moves over, padding included."""
        return _spots([self._reach(axis, n) for axis, n in zip(self.axes, self.shown, strict=True)])

    def offsets(self) -> list[Spot]:
        """Return the places of the kernel."""
        return _spots([range(axis.offsets) for axis in self.axes])


def _spots(ranges: Sequence[range]) -> list[Spot]:
    """Return rows and columns; what has one axis is one column."""
    rows, columns = (*ranges, range(1))[:2]
    return list(product(rows, columns))
