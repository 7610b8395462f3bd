"""Entries that are added to others at given places: the transpose of moving them."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.moving import Move, flattened
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.operations.tables import (
    MIXED,
    Numbers,
    back,
    check_terms,
    own_axes,
    same_for_all,
)
from symcnn.imports.placed import Placed
from symcnn.network.layers import Gather, ScatterAdd


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
        raise SymcnnError(MIXED)
    found = Numbers.of(shape, at).found(target, target > 0)
    entries = same_for_all(found, target.shape, at, count)
    if (along := _scattered_along(b, x, shape, entries)) is not None:
        return along
    check_terms(entries.size, prod(shape) // count)
    own = entries.transpose(own_axes(x.order, at)).ravel()
    flat, size = flattened(b, x), prod(shape) // count
    if (own < 0).any():
        kept = np.flatnonzero(own >= 0)
        flat, own = _taken(b, x, flat, kept), own[kept]
    name = b.add(ScatterAdd(size), [replace(x, layer=flat)], {"indices": Constant(own)})
    made = Placed(name, (count, size), (0, 1))
    made = reshaped(b, made, (count, *(n for axis, n in enumerate(shape) if axis != at)))
    return made.permuted(back(len(shape), at))


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
