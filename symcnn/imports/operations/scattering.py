"""Entries added to others at given places, the transpose of moving them; im2col and col2im."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.images import padded
from symcnn.imports.operations.moving import Move, flattened, gathered
from symcnn.imports.operations.reshaping import reshaped, sliced
from symcnn.imports.operations.tables import (
    MIXED,
    Numbers,
    back,
    check_terms,
    own_axes,
    same_for_all,
)
from symcnn.imports.placed import Placed, with_length
from symcnn.network.layers import ScatterAdd


def scattered(b: Builder, x: Placed, shape: Shape, move: Move) -> Placed:
    """Return a tensor of a shape in which entries are added to others: the transpose of a move.

    The move takes the numbers of entries of this shape, and says to which one each of x is added.
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
    name = b.add(ScatterAdd(size), [replace(x, layer=flat)], {"indices": Constant(own)})
    made = Placed(name, (count, size), (0, 1))
    made = reshaped(b, made, (count, *(n for axis, n in enumerate(shape) if axis != at)))
    return made.permuted(back(len(shape), at))


def _scattered_along(b: Builder, x: Placed, shape: Shape, entries: Array) -> Placed | None:
    """Return entries that are added along one axis, if they keep their places along the others."""
    lengths = tuple(n for axis, n in enumerate(shape) if axis != x.samples)
    if len(lengths) != entries.ndim:
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
    return added(b, x, axis, own[:, 0], shape[axis])


def added(b: Builder, x: Placed, axis: int, places: Array, length: int) -> Placed:
    """Return entries along an axis of the source, added at these places of a new length."""
    x = b.plain(x)
    axis = x.axis(axis)
    if axis == x.samples:
        raise SymcnnError(MIXED)
    layer = ScatterAdd(length, x.position(axis))
    name = b.add(layer, [x], {"indices": Constant(places)})
    return replace(x, layer=name, shape=with_length(x.shape, axis, length))


@dataclass(frozen=True)
class Patches:
    """The windows over an image, whose axes stand behind those of samples and channels.

        y[c u v, i j] = x[c, s i + d u - p, s j + d v - p]

    Axes are taken one after the other, so that channels, places in a window and windows are axes of
    their own until they are merged in the end.

    Attributes:
        kernel: The lengths of a window.
        stride: How far one window is from the next along each axis.
        dilation: How far entries of a window are apart.
        pads: How many zeros stand before and behind along each axis.
    """

    kernel: Sequence[int]
    stride: Sequence[int]
    dilation: Sequence[int]
    pads: Sequence[tuple[int, int]]

    def places(self, sizes: Sequence[int]) -> Iterator[Array]:
        """Yield for each axis of an image where entry u of window i is, with the padding."""
        rows = zip(sizes, self.kernel, self.stride, self.dilation, self.pads, strict=True)
        for size, kernel, stride, dilation, pads in rows:
            windows = (size + sum(pads) - dilation * (kernel - 1) - 1) // stride + 1
            yield np.add.outer(dilation * np.arange(kernel), stride * np.arange(windows))


def unfolded(b: Builder, x: Placed, patches: Patches) -> Placed:
    """Return the entries of all windows, of shape (samples, channels windows, positions)."""
    samples, channels, *sizes = x.stated
    count = len(sizes)
    x = padded(b, x, dict(enumerate(patches.pads, 2)), "constant", 0)
    places = [*patches.places(sizes)]
    for at, where in enumerate(places):
        x = gathered(b, x, 2 + 2 * at, where)
    x = x.permuted((0, 1, *range(2, 2 + 2 * count, 2), *range(3, 3 + 2 * count, 2)))
    windows, positions = zip(*(where.shape for where in places), strict=True)
    return reshaped(b, x, (samples, channels * prod(windows), prod(positions)))


def folded(b: Builder, x: Placed, sizes: Sequence[int], patches: Patches) -> Placed:
    """Return an image of these sizes to which the entries of all windows are added."""
    places, count = [*patches.places(sizes)], len(sizes)
    windows, positions = zip(*(where.shape for where in places), strict=True)
    samples, entries, _ = x.stated
    x = reshaped(b, x, (samples, entries // prod(windows), *windows, *positions))
    pairs = (axis for at in range(count) for axis in (2 + at, 2 + count + at))
    x = x.permuted((0, 1, *pairs))
    x = reshaped(b, x, (samples, x.stated[1], *(where.size for where in places)))
    rows = enumerate(zip(sizes, places, patches.pads, strict=True), 2)
    for axis, (size, where, (before, behind)) in rows:
        x = added(b, x, axis, where.ravel(), before + size + behind)
        x = sliced(b, x, axis, before, before + size)
    return x
