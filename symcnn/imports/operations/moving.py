"""Operators that move entries and compute nothing: the source itself says where each one goes.

Such an operator is run on the numbers of the entries, 1, 2, 3, ...; where a number is found, its
entry goes, and 0 stands for what it fills in. If each axis of the result follows one axis of the
tensor, that axis is sliced or gathered; otherwise the tensor is flattened before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import shifted
from symcnn.imports.operations.images import repeated
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.operations.tables import (
    MIXED,
    Table,
    back,
    check_terms,
    groups,
    local_shape,
    numbered,
    own_axes,
    table_of,
)
from symcnn.imports.placed import Placed, with_length
from symcnn.network.layers import Concatenate, Flatten, Gather, Pad, Slice

Move = Callable[..., Any]
"""Takes one array for each tensor, and returns one of the same entries in other places."""


def moved(b: Builder, xs: Sequence[Placed], move: Move, fill: float = 0) -> Placed:
    """Return what an operator makes of tensors that moves their entries.

    It is run on arrays of whole numbers; where it leaves 0, the tensor is filled.
    """
    xs = [b.plain(x) for x in xs]
    made = np.asarray(move(*numbered(xs))).astype(int)
    table = table_of(xs, made)
    if not table.entries.ndim:
        raise SymcnnError("one number per sample is left: keep an axis")
    if len(xs) == 1 and (table.entries >= 0).all():
        x, own = xs[0], table.entries
        if np.array_equal(own.ravel(), np.arange(prod(local_shape(x)))):
            return reshaped(b, x, np.shape(made))
        if (found := groups(own, local_shape(x))) is not None:
            return _along_axes(b, x, table, found)
    return _anywhere(b, xs, table, fill)


def moved_with(
    b: Builder,
    xs: Sequence[Placed],
    move: Callable[[Sequence[Array], Mapping[str, Array]], Any],
    constants: Mapping[str, Array],
) -> Placed:
    """Return what an operator makes that puts entries of tensors and constants side by side.

    A single number is filled in; different ones are added, with zeros where tensors have entries.
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
        raise SymcnnError(MIXED)
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


def _along_axes(b: Builder, x: Placed, table: Table, found: list[list[int]]) -> Placed:
    """Return a tensor each of whose axes is gathered by itself."""
    entries, lengths = table.entries, local_shape(x)
    coordinates = np.unravel_index(entries, lengths)
    x = replace(x, merged=(0, 0)).permuted(
        (x.samples, *(axis for axis in range(len(x.shape)) if axis != x.samples))
    )
    at, order = 1, list[int]()
    for own, group in zip(coordinates, found, strict=True):
        index = tuple(slice(None) if a in group else 0 for a in range(own.ndim))
        x = gathered(b, x, at, own[index] if group else own.ravel()[:1])
        order, at = [*order, *group], at + max(1, len(group))
    new = [axis for axis in range(entries.ndim) if axis not in order]
    x = reshaped(b, x, (x.shape[0], *(entries.shape[a] for a in order), *(1 for _ in new)))
    order += new
    x = x.permuted((0, *(order.index(axis) + 1 for axis in range(entries.ndim))))
    x = repeated(b, x, (x.shape[0], *entries.shape))
    return replace(x.permuted(back(len(x.shape), table.samples)), merged=table.merged)


def flattened(b: Builder, x: Placed) -> str:
    """Return the layer of a tensor with a single axis, in symcnn's order."""
    return b.add(Flatten(), [x], part="flatten") if len(x.shape) > 2 else x.layer


def _anywhere(b: Builder, xs: Sequence[Placed], table: Table, fill: float) -> Placed:
    """Return entries that are taken from any places of tensors that are flattened before."""
    check_terms(table.entries.size, sum(prod(local_shape(x)) for x in xs))
    begin, own = 0, list[Array]()
    for x in xs:
        size = prod(local_shape(x))
        number = np.arange(begin, begin + size).reshape(local_shape(x))
        own.append(number.transpose(own_axes(x.order, x.samples)).ravel())
        begin += size
    count = xs[0].shape[xs[0].samples]
    flats = [Placed(flattened(b, x), (count, prod(local_shape(x))), (0, 1)) for x in xs]
    flat = flats[0]
    if len(flats) > 1:
        name = b.add(Concatenate(), flats, part="concatenate")
        flat = replace(flat, layer=name, shape=(count, begin))
    where = np.append(np.argsort(np.concatenate(own)), begin)
    if (table.entries < 0).any():
        padded: Any = Pad(((0, 1),), value=fill)
        flat = replace(flat, layer=b.add(padded, [flat], part="pad"))
        flat = replace(flat, shape=with_length(flat.shape, 1, begin + 1))
    at, rank = table.samples, len(table.shape)
    order = (at, *(axis for axis in range(rank) if axis != at))
    if at == 0 and rank > 2:
        order = (0, *range(2, rank), 1)
    places = where[table.entries].transpose(own_axes(order, at))
    name = b.add(Gather(places.shape), [flat], {"indices": Constant(places)})
    return Placed(name, table.shape, order, merged=table.merged)
