"""Operators that move entries and compute nothing: the source itself says where each one goes.

Such an operator is run on the numbers of the entries, 1, 2, 3, ...; where a number is found, its
entry goes, and 0 stands for what it fills in. If each axis of the result follows one axis of the
tensor, that axis is sliced or gathered; otherwise the tensor is flattened before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import shifted
from symcnn.imports.operations.images import repeated
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Order, Placed, with_length
from symcnn.network.layers import Concatenate, Flatten, Gather, Pad, ScatterAdd, Slice

Move = Callable[..., Any]
"""Takes one array for each tensor, and returns one of the same entries in other places."""

_MIXED = "entries of several samples are mixed: keep the samples as an axis of their own"


def moved(b: Builder, xs: Sequence[Placed], move: Move, fill: float = 0) -> Placed:
    """Return what an operator makes of tensors that moves their entries.

    Args:
        b: The layers.
        xs: The tensors.
        move: The operator, which is run on arrays of whole numbers.
        fill: What stands where it leaves 0.
    """
    xs = [b.plain(x) for x in xs]
    made = np.asarray(move(*_numbered(xs))).astype(int)
    table = _local(xs, made)
    if not table.entries.ndim:
        raise SymcnnError("one number per sample is left: keep an axis")
    if len(xs) == 1 and (table.entries >= 0).all():
        x, own = xs[0], table.entries
        if np.array_equal(own.ravel(), np.arange(prod(_local_shape(x)))):
            return reshaped(b, x, np.shape(made))
        if (groups := _groups(own, _local_shape(x))) is not None:
            return _along_axes(b, x, table, groups)
    return _anywhere(b, xs, table, fill)


def moved_with(
    b: Builder,
    xs: Sequence[Placed],
    move: Callable[[Sequence[Array], Mapping[str, Array]], Any],
    constants: Mapping[str, Array],
) -> Placed:
    """Return what an operator makes that puts entries of tensors and constants side by side.

    A single number is filled in; different ones are added, with zeros where tensors have entries.

    Args:
        b: The layers.
        xs: The tensors.
        move: The operator, which takes arrays for the tensors, and for the constants by name.
        constants: The constants.
    """
    zeros = {key: np.zeros(array.shape) for key, array in constants.items()}
    numbers = {n for array in constants.values() for n in np.unique(array).tolist()}
    fill = numbers.pop() if len(numbers) == 1 else 0
    made = moved(b, xs, lambda *arrays: move(arrays, zeros), fill)
    if not numbers:
        return made
    added = np.asarray(move([np.zeros(x.stated) for x in xs], constants))
    return shifted(b, made, Constant(added))


def gathered(b: Builder, x: Placed, axis: int, places: Array) -> Placed:
    """Return entries along an axis of the source at these places, whose axes stand in its place."""
    x = b.plain(x)
    axis, places = x.axis(axis), np.asarray(places, dtype=int) % x.stated[axis]
    count, length = places.ndim, x.shape[axis]
    if places.ndim == 1 and np.array_equal(places, np.arange(length)):
        return x
    if axis == x.samples:
        raise SymcnnError(_MIXED)
    if not places.size:
        raise SymcnnError("nothing is left of a tensor: take one entry at least")
    at = x.position(axis)
    layer = _sliced(at, places, length) or Gather(places.shape, at)
    given = {"indices": Constant(places)} if isinstance(layer, Gather) else {}
    name = b.add(layer, [x], given)
    order = [new for a in x.order for new in _shifted(a, axis, count)]
    shape = (*x.shape[:axis], *places.shape, *x.shape[axis + 1 :])
    return replace(x, layer=name, shape=shape, order=tuple(order))


def _shifted(axis: int, gone: int, count: int) -> list[int]:
    """Return what an axis is called where another one has become several."""
    if axis == gone:
        return [*range(gone, gone + count)]
    return [axis if axis < gone else axis + count - 1]


def _sliced(at: int, places: Array, length: int) -> Slice | None:
    """Return a slice, if the places have equal distances."""
    if places.ndim != 1 or not places.size:
        return None
    first, step = int(places[0]), int(places[1] - places[0]) if len(places) > 1 else 1
    if step == 0 or not np.array_equal(places, first + step * np.arange(len(places))):
        return None
    stop = first + step * len(places)
    if step > 0:
        return Slice(at, first, min(stop, length), step)
    return Slice(at, first, stop if stop >= 0 else None, step)


def scattered(b: Builder, x: Placed, shape: Shape, move: Move) -> Placed:
    """Return a tensor of a shape in which entries are added to others: the transpose of a move.

    Args:
        b: The layers.
        x: The tensor whose entries are added.
        shape: The shape, in the source.
        move: Takes an array of this shape, and says for each entry of x where it is added.
    """
    x = b.plain(x)
    number = np.arange(1, prod(shape) + 1).reshape(shape)
    target = np.asarray(move(number)).astype(int)
    if target.shape != x.stated:
        raise SymcnnError("other entries are added than those of a tensor: slice it before")
    at, count = x.samples, x.shape[x.samples]
    if x.merged != (0, 0) or len(shape) <= at or shape[at] != count:
        raise SymcnnError(_MIXED)
    found = _Numbers.of(shape, at).found(target, target > 0)
    entries = _same_for_all(found, target.shape, at, count)
    if (along := _scattered_along(b, x, shape, entries)) is not None:
        return along
    own = entries.transpose(_without(x.order, at)).ravel()
    flat, size = _flat(b, x), prod(shape) // count
    if (own < 0).any():
        kept = np.flatnonzero(own >= 0)
        flat, own = _taken(b, x, flat, kept), own[kept]
    name = b.add(ScatterAdd(size), [replace(x, layer=flat)], {"indices": Constant(own)})
    made = Placed(name, (count, size), (0, 1))
    made = reshaped(b, made, (count, *(n for axis, n in enumerate(shape) if axis != at)))
    return made.permuted(_back(len(shape), at))


def _scattered_along(b: Builder, x: Placed, shape: Shape, entries: Array) -> Placed | None:
    """Return entries that are added along one axis, if they keep their places along the others."""
    lengths = tuple(n for axis, n in enumerate(shape) if axis != x.samples)
    if len(lengths) != entries.ndim or (entries < 0).any():
        return None
    places = [*np.unravel_index(entries, lengths)]
    usual = np.indices(entries.shape)
    (*axes,) = (a for a, p in enumerate(places) if not np.array_equal(p, usual[a]))
    if len(axes) != 1:
        return None
    local = axes[0]
    own = np.moveaxis(places[local], local, 0).reshape(entries.shape[local], -1)
    if not (own == own[:, :1]).all():
        return None
    axis = local + (local >= x.samples)
    layer = ScatterAdd(shape[axis], x.position(axis))
    name = b.add(layer, [x], {"indices": Constant(own[:, 0])})
    return replace(x, layer=name, shape=shape)


def _taken(b: Builder, x: Placed, flat: str, kept: Array) -> str:
    layer = Gather((len(kept),))
    return b.add(layer, [replace(x, layer=flat)], {"indices": Constant(kept)}, part="kept")


@dataclass(frozen=True)
class _Table:
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


class _Numbers(NamedTuple):
    """The numbers of entries, from 1 on, with their samples and their places in one sample."""

    sample: Array
    place: Array

    @classmethod
    def of(cls, shape: Shape, samples: int, begin: int = 0) -> _Numbers:
        """Return those of a tensor, whose entries in one sample are counted from ``begin`` on."""
        count, rest = shape[samples], prod(shape) // shape[samples]
        own = np.arange(count * rest).reshape(count, *np.delete(shape, samples))
        own = np.moveaxis(own, 0, samples).ravel()
        return cls(own // rest, begin + own % rest)

    def found(self, numbers: Array, known: Array) -> tuple[Array, Array]:
        """Return sample and place of numbers, -1 for those that stand for nothing."""
        at = np.where(known, numbers - 1, 0)
        return np.where(known, self.sample[at], -1), np.where(known, self.place[at], -1)


def _numbered(xs: Sequence[Placed]) -> list[Array]:
    """Return the numbers of the entries of tensors, in the source's shapes."""
    ends = np.cumsum([prod(x.shape) for x in xs])
    if ends[-1] > limits.IMPORTED_ENTRIES:
        raise TooLargeError(f"{ends[-1]:,} entries are moved: use smaller tensors")
    return [
        np.arange(end - prod(x.shape) + 1, end + 1).reshape(x.stated)
        for x, end in zip(xs, ends.tolist(), strict=True)
    ]


def _local(xs: Sequence[Placed], made: Array) -> _Table:
    """Return what an operator does with each sample."""
    known, begin = list[_Numbers](), 0
    for x in xs:
        known.append(_Numbers.of(x.shape, x.samples, begin))
        begin += prod(_local_shape(x))
    every = _Numbers(*(np.concatenate([getattr(k, a) for k in known]) for a in _Numbers._fields))
    found = every.found(made, made > 0)
    count, usual = xs[0].shape[xs[0].samples], xs[0].samples - xs[0].merged[0]
    if any(x.shape[x.samples] != count for x in xs):
        raise SymcnnError("the samples are not at the same place in all: keep them in front")
    for shape, at, merged in _with_samples(made.shape, count, usual):
        try:
            return _Table(shape, at, merged, _same_for_all(found, shape, at, count))
        except SymcnnError:
            continue
    raise SymcnnError(_MIXED)


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


def _same_for_all(found: tuple[Array, Array], shape: Shape, at: int, count: int) -> Array:
    """Return the places of one sample's entries, which are those of every sample's.

    Raises:
        SymcnnError: If a sample has entries of another one, or other entries.
    """
    sample, place = (np.moveaxis(array.reshape(shape), at, 0) for array in found)
    own = np.arange(count).reshape(count, *(1,) * (len(shape) - 1))
    if not (((sample == own) | (sample < 0)).all() and (place == place[:1]).all()):
        raise SymcnnError(_MIXED)
    first: Array = place[0]
    return first


def _local_shape(x: Placed) -> Shape:
    return tuple(n for axis, n in enumerate(x.shape) if axis != x.samples)


def _without(order: Order, samples: int) -> tuple[int, ...]:
    """Return the axes of one sample in symcnn's order, counted without that of the samples."""
    return tuple(axis - (axis > samples) for axis in order[1:])


def _back(rank: int, samples: int) -> Order:
    """Return the order that puts the first axis to the place of the samples."""
    others = iter(range(1, rank))
    return tuple(0 if axis == samples else next(others) for axis in range(rank))


def _groups(entries: Array, shape: Shape) -> list[list[int]] | None:
    """Return which axes of a result each axis follows, if none follows several."""
    coordinates = np.unravel_index(entries, shape)
    found = [
        [axis for axis in range(entries.ndim) if (c != c.take([0], axis)).any()]
        for c in coordinates
    ]
    every = [axis for group in found for axis in group]
    return found if len({*every}) == len(every) else None


def _along_axes(b: Builder, x: Placed, table: _Table, groups: list[list[int]]) -> Placed:
    """Return a tensor each of whose axes is gathered by itself."""
    entries, lengths = table.entries, _local_shape(x)
    coordinates = np.unravel_index(entries, lengths)
    x = replace(x, merged=(0, 0)).permuted(
        (x.samples, *(axis for axis in range(len(x.shape)) if axis != x.samples))
    )
    at, order = 1, list[int]()
    for own, group in zip(coordinates, groups, strict=True):
        index = tuple(slice(None) if a in group else 0 for a in range(own.ndim))
        x = gathered(b, x, at, own[index] if group else own.ravel()[:1])
        order, at = [*order, *group], at + max(1, len(group))
    new = [axis for axis in range(entries.ndim) if axis not in order]
    x = reshaped(b, x, (x.shape[0], *(entries.shape[a] for a in order), *(1 for _ in new)))
    order += new
    x = x.permuted((0, *(order.index(axis) + 1 for axis in range(entries.ndim))))
    x = repeated(b, x, (x.shape[0], *entries.shape))
    return replace(x.permuted(_back(len(x.shape), table.samples)), merged=table.merged)


def _flat(b: Builder, x: Placed) -> str:
    """Return the layer of a tensor with a single axis, in symcnn's order."""
    return b.add(Flatten(), [x], part="flatten") if len(x.shape) > 2 else x.layer


def _anywhere(b: Builder, xs: Sequence[Placed], table: _Table, fill: float) -> Placed:
    """Return entries that are taken from any places of tensors that are flattened before."""
    begin, own = 0, list[Array]()
    for x in xs:
        size = prod(_local_shape(x))
        number = np.arange(begin, begin + size).reshape(_local_shape(x))
        own.append(number.transpose(_without(x.order, x.samples)).ravel())
        begin += size
    flats = [Placed(_flat(b, x), (x.shape[x.samples], prod(_local_shape(x))), (0, 1)) for x in xs]
    flat = flats[0]
    if len(flats) > 1:
        name = b.add(Concatenate(), flats, part="concatenate")
        flat = replace(flat, layer=name, shape=(flat.shape[0], begin))
    where = np.append(np.argsort(np.concatenate(own)), begin)
    if (table.entries < 0).any():
        padded: Any = Pad(((0, 1),), value=fill)
        flat = replace(flat, layer=b.add(padded, [flat], part="pad"))
        flat = replace(flat, shape=with_length(flat.shape, 1, begin + 1))
    at, rank = table.samples, len(table.shape)
    order = (at, *(axis for axis in range(rank) if axis != at))
    if at == 0 and rank > 2:
        order = (0, *range(2, rank), 1)
    places = where[table.entries].transpose(_without(order, at))
    name = b.add(Gather(places.shape), [flat], {"indices": Constant(places)})
    return Placed(name, table.shape, order, merged=table.merged)
