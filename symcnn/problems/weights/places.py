"""Which entries of an array stand in a tensor, however they were permuted, cut or flattened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array


@dataclass(frozen=True)
class Places:
    """Which entry of an array each entry of a tensor is, both counted from 0 row by row.

        e(i_1, ..., i_n) = start + s_1 i_1 + ... + s_n i_n,    0 <= i_k < n_k

    The tensor's entries are counted by i_1, ..., i_n, row by row. A kernel (2, 1, 3, 3) as one of
    shape (3, 3, 1, 2) has the sizes (9, 2) and the steps (1, 9). What no steps describe, such as a
    table that is read at computed places, is listed.

    Attributes:
        sizes: The lengths n_1, ..., n_n.
        steps: The steps s_1, ..., s_n.
        start: The first entry.
        listed: All entries, where there are no such steps.
    """

    sizes: Shape
    steps: Shape
    start: int = 0
    listed: tuple[int, ...] | None = None

    @property
    def size(self) -> int:
        """How many entries the tensor has."""
        return prod(self.sizes) if self.listed is None else len(self.listed)

    @property
    def range(self) -> tuple[int, int]:
        """The first and the last entry of the array that is used."""
        if self.listed is not None:
            return min(self.listed), max(self.listed)
        ends = [(n - 1) * step for n, step in zip(self.sizes, self.steps, strict=True)]
        return self.start + sum(min(0, e) for e in ends), self.start + sum(max(0, e) for e in ends)

    def taken(self, flat: Array) -> Array:
        """Return the entries of the tensor, of those of the array."""
        if self.listed is not None:
            return flat[[*self.listed]]
        return self._view(flat).ravel()

    def put(self, flat: Array, entries: Array) -> None:
        """Write the entries of the tensor into the array; of several for one place, the last."""
        if self.listed is not None:
            flat[[*self.listed]] = entries
        else:
            self._view(flat)[...] = entries.reshape(self.sizes)

    def added(self, flat: Array, entries: Array) -> None:
        """Add the entries of the tensor to those of the array."""
        if self._is_one_to_one:
            self._view(flat)[...] += entries.reshape(self.sizes)
        else:
            np.add.at(flat, self.taken(np.arange(flat.size)), entries.ravel())

    @property
    def _is_one_to_one(self) -> bool:
        """Whether each step is longer than what all shorter ones reach, so that no two meet."""
        reached = 0
        for step, size in sorted((abs(s), n) for s, n in zip(self.steps, self.sizes, strict=True)):
            if step <= reached:
                return False
            reached += step * (size - 1)
        return self.listed is None

    def _view(self, flat: Array) -> Array:
        steps = [step * flat.itemsize for step in self.steps]
        return np.lib.stride_tricks.as_strided(flat[self.start :], self.sizes, steps)


def whole(size: int) -> Places:
    """Return the places of all entries in their order."""
    return Places((size,), (1,))


def places_of(entries: Array) -> Places:
    """Return the places of a tensor, of which entry of an array each of its entries is."""
    flat = entries.ravel()
    sizes, steps, left = list[int](), list[int](), flat
    while left.size > 1:
        step = int(left[1]) - int(left[0])
        length = _run(left, step)
        rows = left.reshape(-1, length) if left.size % length == 0 else None
        if rows is None or (rows != rows[:, :1] + (rows[0] - rows[0, 0])).any():
            return Places((), (), 0, tuple(flat.tolist()))
        sizes.append(length)
        steps.append(step)
        left = rows[:, 0]
    return Places(tuple(sizes[::-1]), tuple(steps[::-1]), int(left[0]))


def _run(row: Array, step: int) -> int:
    """Return how many entries of a row are a step apart, from the first one on."""
    seen = 1
    while seen < row.size:
        seen = min(2 * seen, row.size)
        breaks = np.flatnonzero(np.diff(row[:seen]) != step)
        if breaks.size:
            return int(breaks[0]) + 1
    return row.size


def transposed(shape: Shape, axes: Sequence[int]) -> Places:
    """Return the places of an array of a shape whose axes stand in another order."""
    return places_of(np.arange(prod(shape)).reshape(shape).transpose(axes))
