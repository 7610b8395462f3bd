"""Where operators that move entries take them from: tables of the numbers of entries.

The entries of the tensors that an operator reads are numbered from 1 on, sample by sample. What it
makes of the numbers says for each entry of its result where that is from; 0 stands for what it
fills in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.imports.placed import Order, Placed

MIXED = "entries of several samples are mixed: keep the samples as an axis of their own"


@dataclass(frozen=True)
class Table:
    """Where the entries of one sample are taken from.

    Attributes:
        shape: The result's shape, with the samples as an axis of their own.
        samples: Which axis that is.
        merged: How many axes before and behind it the source merges with it.
        entries: For each entry of a sample its number in the inputs, and -1 for what is filled in.
    """

    shape: Shape
    samples: int
    merged: tuple[int, int]
    entries: Array


class Numbers(NamedTuple):
    """The numbers of entries, from 1 on, with their samples and their places in one sample."""

    sample: Array
    place: Array

    @classmethod
    def of(cls, shape: Shape, samples: int, begin: int = 0) -> Numbers:
        """Return those of a tensor, whose entries in one sample are counted from ``begin`` on."""
        count, rest = shape[samples], prod(shape) // shape[samples]
        own = np.arange(count * rest).reshape(count, *np.delete(shape, samples))
        own = np.moveaxis(own, 0, samples).ravel()
        return cls(own // rest, begin + own % rest)

    def found(self, numbers: Array, known: Array) -> tuple[Array, Array]:
        """Return sample and place of numbers, -1 for those that stand for nothing."""
        at = np.where(known, numbers - 1, 0)
        return np.where(known, self.sample[at], -1), np.where(known, self.place[at], -1)


def numbered(xs: Sequence[Placed]) -> list[Array]:
    """Return the numbers of the entries of tensors, in the source's shapes."""
    ends = np.cumsum([prod(x.shape) for x in xs])
    if ends[-1] > limits.IMPORTED_ENTRIES:
        raise TooLargeError(f"{ends[-1]:,} entries are moved: use smaller tensors")
    return [
        np.arange(end - prod(x.shape) + 1, end + 1).reshape(x.stated)
        for x, end in zip(xs, ends.tolist(), strict=True)
    ]


def table_of(xs: Sequence[Placed], made: Array) -> Table:
    """Return what an operator does with each sample."""
    known, begin = list[Numbers](), 0
    for x in xs:
        known.append(Numbers.of(x.shape, x.samples, begin))
        begin += prod(local_shape(x))
    every = Numbers(*(np.concatenate([getattr(k, a) for k in known]) for a in Numbers._fields))
    found = every.found(made, made > 0)
    count, usual = xs[0].shape[xs[0].samples], xs[0].samples - xs[0].merged[0]
    if any(x.shape[x.samples] != count for x in xs):
        raise SymcnnError("the samples are not at the same place in all: keep them in front")
    for shape, at, merged in _with_samples(made.shape, count, usual):
        try:
            return Table(shape, at, merged, same_for_all(found, shape, at, count))
        except SymcnnError:
            continue
    raise SymcnnError(MIXED)


def _with_samples(
    shape: Shape, count: int, usual: int
) -> Iterator[tuple[Shape, int, tuple[int, int]]]:
    """Yield the ways to see so many samples in a shape, the usual axis and whole axes first."""
    axes = sorted(range(len(shape)), key=lambda axis: axis != usual)
    yield from ((shape, axis, (0, 0)) for axis in axes if shape[axis] == count)
    for axis in axes:
        others = shape[axis] // count if shape[axis] % count == 0 else 0
        for left in (n for n in range(1, others + 1) if others % n == 0 and others > 1):
            before, after = ([n] if n > 1 else [] for n in (left, others // left))
            made = (*shape[:axis], *before, count, *after, *shape[axis + 1 :])
            yield made, axis + len(before), (len(before), len(after))


def same_for_all(found: tuple[Array, Array], shape: Shape, at: int, count: int) -> Array:
    """Return the places of one sample's entries, which are those of every sample's.

    Raises:
        SymcnnError: If a sample has entries of another one, or other entries.
    """
    sample, place = (np.moveaxis(array.reshape(shape), at, 0) for array in found)
    own = np.arange(count).reshape(count, *(1,) * (len(shape) - 1))
    if not (((sample == own) | (sample < 0)).all() and (place == place[:1]).all()):
        raise SymcnnError(MIXED)
    first: Array = place[0]
    return first


def local_shape(x: Placed) -> Shape:
    """Return the shape of one sample, in the source's order of axes."""
    return tuple(n for axis, n in enumerate(x.shape) if axis != x.samples)


def own_axes(order: Order, samples: int) -> tuple[int, ...]:
    """Return the axes of one sample in symcnn's order, counted without that of the samples."""
    return tuple(axis - (axis > samples) for axis in order[1:])


def back(rank: int, samples: int) -> Order:
    """Return the order that puts the first axis to the place of the samples."""
    others = iter(range(1, rank))
    return tuple(0 if axis == samples else next(others) for axis in range(rank))


def groups(entries: Array, shape: Shape) -> list[list[int]] | None:
    """Return which axes of a result each axis follows, if none follows several."""
    coordinates = np.unravel_index(entries, shape)
    found = [
        [axis for axis in range(entries.ndim) if (c != c.take([0], axis)).any()]
        for c in coordinates
    ]
    every = [axis for group in found for axis in group]
    return found if len({*every}) == len(every) else None


def check_terms(places: int, entries: int) -> None:
    """Refuse a table in which each of many places may hold any of many entries.

    Raises:
        TooLargeError: If it has too many pairs of these.
    """
    if places * entries > limits.IMPORTED_ENTRIES:
        raise TooLargeError(
            f"each of {places:,} places may hold any of {entries:,} entries: index one axis after "
            "the other, or use a smaller input"
        )
