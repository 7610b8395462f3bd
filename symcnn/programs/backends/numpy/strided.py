"""A strided access: entries of one array, one loop an axis.

v[i, j, ...] = a.flat[start + step_i i + step_j j + ...]

An access with affine indices to an array in memory is affine in the loops as well, so
windows, phases of windows, groups of channels and flattened images are all of this form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise
from math import prod

from sympy import Symbol

from symcnn.equations import are_injective, strides
from symcnn.programs.backends.numpy.arrays import Array, Grid, Grids
from symcnn.programs.backends.numpy.statements import Reduce
from symcnn.programs.backends.python.names import identifier

Loops = tuple[Symbol, ...]


_called = lru_cache(maxsize=2**12)(str)


@dataclass(frozen=True)
class Strided:
    """Entries of an array over loops.

    Attributes:
        array: Where they lie.
        start: The entry at which all loops are 0.
        sizes: How far each loop runs.
        steps: How many entries each loop moves on.
    """

    array: Array
    start: int
    sizes: Mapping[Symbol, int]
    steps: Mapping[Symbol, int]

    @property
    def size(self) -> int:
        """How many entries there are."""
        return prod(self.sizes.values())

    @property
    def in_memory(self) -> tuple[Symbol, ...]:
        """The loops, the one that moves farthest first."""
        return tuple(sorted(self.sizes, key=lambda loop: (-abs(self.steps[loop]), _called(loop))))

    def merges(self, loops: Sequence[Symbol]) -> bool:
        """Tell whether the loops, the last one running fastest, make one axis."""
        return all(self.steps[a] == self.steps[b] * self.sizes[b] for a, b in pairwise(loops))

    def axis(self, loops: Sequence[Symbol]) -> tuple[int, int]:
        """Return size and step of loops that merge; those it lacks have length 1."""
        own = [loop for loop in loops if loop in self.sizes]
        size = prod(self.sizes[loop] for loop in own)
        return size, self.steps[own[-1]] if size > 1 else 0

    def grid(self, groups: Iterable[Sequence[Symbol]], *hint: Array | str) -> Grid:
        """Return the entries with one axis for each group of loops."""
        low, high = self.bounds
        assert 0 <= low <= high < self.array.size, f"{self} leaves its array"
        axes = [self.axis(group) for group in groups]
        shape, steps = tuple(size for size, _ in axes), tuple(step for _, step in axes)
        return Grid(self.array, self.start, shape, steps, hint or (self.array,))

    def over(self, order: Sequence[Symbol], *hint: Array | str) -> Grid:
        """Return the entries with one axis for each loop."""
        return self.grid([[loop] for loop in order], *hint)

    def grids(self, moving: Sequence[Symbol], order: Sequence[Symbol], *hint: Array | str) -> Grids:
        """Return the entries over some loops, for each position of the moving ones."""
        loops = ((identifier(loop.name), self.sizes[loop], self.steps[loop]) for loop in moving)
        return Grids(self.without(moving).over(order, *hint), tuple(loops))

    def matrices(
        self, moving: Symbol, size: int, groups: Iterable[Sequence[Symbol]], *hint: Array | str
    ) -> Grids:
        """Return the entries with an axis for each group, for each position of a moving loop."""
        loops = ((identifier(moving.name), size, self.steps.get(moving, 0)),)
        return Grids(self.without([moving]).grid(groups, *hint), loops)

    def matrix(self, stack: Sequence[Loops], rows: Loops, columns: Loops) -> Grid:
        """Return the entries as matrices; one matrix for all if there is just one."""
        own = stack if any(loop in self.sizes for (loop,) in stack) else []
        return self.grid([*own, rows, columns], self.array, "_matrix")

    def at(self, position: Mapping[Symbol, int]) -> Strided:
        """Return what is left when some loops stand still."""
        moved = self.start + sum(self.steps[loop] * n for loop, n in position.items())
        return replace(self.without(position), start=moved)

    def without(self, loops: Iterable[Symbol]) -> Strided:
        """Return the entries where these loops are 0."""
        gone = set(loops)
        sizes = {loop: size for loop, size in self.sizes.items() if loop not in gone}
        return replace(self, sizes=sizes, steps={loop: self.steps[loop] for loop in sizes})

    def exchanged(self, loops: Iterable[Symbol], new: Mapping[Symbol, tuple[int, int]]) -> Strided:
        """Return the access with others, each of a size and a step, in the place of loops."""
        rest = self.without(loops)
        sizes = {loop: size for loop, (size, _) in new.items()}
        steps = {loop: step for loop, (_, step) in new.items()}
        return replace(rest, sizes={**rest.sizes, **sizes}, steps={**rest.steps, **steps})

    def cut(self, loops: Loops, count: int, number: Symbol, within: Symbol) -> Strided:
        """Return the access with two loops, the block and the place in it, for loops that merge."""
        if not set(loops) & self.sizes.keys():
            return self
        length, step = self.axis(loops)
        piece = length // count
        return self.exchanged(loops, {number: (count, piece * step), within: (piece, step)})

    @property
    def unrolled(self) -> Loops:
        """The loops to run one value after the other: the fewest steps that suffice.

        No two of the entries over the others are the same one.
        """
        counts = range(len(self.sizes) + 1)
        choices: Iterator[Loops] = (c for n in counts for c in combinations(self.sizes, n))
        safe = (c for c in choices if self.without(c).is_injective)
        return min(safe, key=lambda c: prod(self.sizes[loop] for loop in c))

    @property
    def is_injective(self) -> bool:
        """Tell whether different loop values surely lead to different entries."""
        return are_injective((size, self.steps[loop]) for loop, size in self.sizes.items())

    @property
    def is_dense(self) -> bool:
        """Tell whether the entries follow each other without a gap."""
        order = self.in_memory
        return self.merges(order) and (not order or self.steps[order[-1]] == 1)

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest entry."""
        reach = [self.steps[loop] * (size - 1) for loop, size in self.sizes.items()]
        low, high = sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)
        return self.start + low, self.start + high


def dense(
    order: Sequence[Symbol], sizes: Mapping[Symbol, int], *hint: Array | str, truth: bool = False
) -> Strided:
    """Return an access to a new array that holds these loops one inside the other."""
    shape, axes = tuple(sizes[loop] for loop in order), tuple(loop.name for loop in order)
    return over_all(Array(hint, shape, axes, truth=truth), order)


def over_all(array: Array, order: Sequence[Symbol]) -> Strided:
    """Return the access to a whole array, one loop an axis."""
    sizes = dict(zip(order, array.shape, strict=True))
    return Strided(array, 0, sizes, dict(zip(order, strides(array.shape), strict=True)))


def add_up(function: str, terms: Strided, reduced: Loops, out: Strided) -> Reduce:
    """Return the reduction of terms over some of their loops."""
    order = [loop for loop in terms.in_memory if loop in out.sizes or loop in reduced]
    kept = [loop for loop in order if loop not in reduced]
    axes = tuple(axis for axis, loop in enumerate(order) if loop in reduced)
    return Reduce(function, terms.over(order), axes, out.over(kept))
