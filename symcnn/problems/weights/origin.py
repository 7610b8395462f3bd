"""Where a network is from: its source's arrays, and where their entries stand in its tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import prod
from typing import Any, NamedTuple

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import Mistakes, SymcnnError, shown

NUMBERS: tuple[str, ...] = ("float64", "float32", "float16")
NUMBERS += ("int64", "int32", "int16", "int8", "uint8", "bool")
"""The types of numbers that NumPy has by itself."""


class Part(NamedTuple):
    """A tensor of the network that holds entries of an array.

    Attributes:
        tensor: Its name.
        places: Which of the array's entries its own entries are.
    """

    tensor: str
    places: Places


@dataclass(frozen=True)
class Stored:
    """An array that a source stores.

    Attributes:
        shape: Its shape there.
        numbers: The type of its numbers there, such as "float32".
        parts: The tensors that hold its entries.
        rest: The entries that no tensor holds, in their order; None where they are not known.
    """

    shape: Shape
    numbers: str
    parts: tuple[Part, ...]
    rest: Array | None = None

    @property
    def size(self) -> int:
        """How many entries it has."""
        return prod(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of its numbers in NumPy: that of 32 bits for those that NumPy has not."""
        return np.dtype(self.numbers if self.numbers in NUMBERS else "float32")

    def left(self) -> Array:
        """Return for each entry whether no tensor holds it."""
        is_left = np.ones(self.size, dtype=bool)
        for part in self.parts:
            part.places.put(is_left, np.zeros(part.places.size, dtype=bool))
        return is_left

    def filled(self, name: str, tensors: Mapping[str, Array], base: Array | None) -> Array | None:
        """Return the array with the numbers of tensors.

        Args:
            name: What it is called.
            tensors: The numbers of the network's tensors, by name.
            base: The array's own numbers, which stand where no tensor holds an entry and the rest
                is not known.

        Returns:
            The array; None, if nothing of it is known.

        Raises:
            SymcnnError: If its entries are not known, or are several weights that differ.
        """
        made, is_left = np.zeros(self.size), self.left()
        if base is not None:
            made = base.ravel().astype(np.result_type(base, np.float64))
        if self.rest is not None:
            if is_left.all():
                return self.rest.reshape(self.shape)
            made[is_left] = self.rest
        elif base is None and is_left.any():
            if not self.parts:
                return None
            raise SymcnnError(
                f"the problem file does not hold {int(is_left.sum()):,} entries of {shown(name)}, "
                "which the network does not use: import it again, or use to_torch or to_onnx"
            )
        for part in self.parts:
            part.places.put(made, tensors[part.tensor].ravel())
        for part in self.parts:
            if not np.array_equal(part.places.taken(made), tensors[part.tensor].ravel()):
                raise SymcnnError(
                    f"{shown(name)} is one weight of the source and several here, which are no "
                    "longer equal: freeze them in training, or let the source have several"
                )
        return made.reshape(self.shape)


@dataclass(frozen=True)
class Origin:
    """What a source stores, and where it is in the network.

    Attributes:
        arrays: The arrays by their names, in the order of the source.
        fixed: What the network learns and no array holds, because the source computes it: the
            tensors by name, each with a digest of its numbers.
    """

    arrays: Mapping[str, Stored]
    fixed: Mapping[str, str] = field(default_factory=dict)

    def check(self, tensors: Mapping[str, Array]) -> None:
        """Refuse numbers that no array of the source could hold.

        Raises:
            SymcnnError: A line for each tensor that is not there, or was changed.
        """
        mistakes = Mistakes()
        named = {part.tensor for stored in self.arrays.values() for part in stored.parts}
        for tensor in mistakes.first([name for name in sorted(named) if name not in tensors]):
            with mistakes.collected():
                raise SymcnnError(
                    f"the network has no {shown(tensor)}, which its source has: take the network "
                    "as it was imported"
                )
        for tensor, stated in self.fixed.items():
            with mistakes.collected():
                if tensor in tensors and digest(tensors[tensor]) != stated:
                    raise SymcnnError(
                        f"{shown(tensor)} was changed, and no array of the source holds it, since "
                        "the source computes it: import the network without what computes it"
                    )
        mistakes.end()

    def filled(
        self, tensors: Mapping[str, Array], base: Mapping[str, Array] | None = None
    ) -> Iterator[tuple[str, Array]]:
        """Run over the arrays with the numbers of tensors, those of which anything is known.

        Args:
            tensors: The numbers of the network's tensors, by name.
            base: The source's own numbers, if they are there.

        Raises:
            SymcnnError: A line for each array that cannot be filled.
        """
        self.check(tensors)
        mistakes = Mistakes()
        for name, stored in self.arrays.items():
            with mistakes.collected():
                made = stored.filled(name, tensors, None if base is None else base.get(name))
                if made is not None:
                    yield name, made
        mistakes.end()


def digest(array: Array) -> str:
    """Return a text that tells whether numbers are the same; -0 is 0."""
    return sha256((np.ascontiguousarray(array, dtype="<f8") + 0.0).tobytes()).hexdigest()[:16]


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
