"""Where the entries of a source's tensor are in symcnn: the one place that knows of layouts.

A source has the channels first, (samples, channels, height, width), and symcnn has them last. For
every tensor an order of axes is kept, so that a permutation costs nothing until its order is
needed. What flattens an image in another order than the source keeps which entry stands where.
A layer of symcnn has no axis of samples, so that one which the source has merged with others, such
as (samples heads) of attention, is kept apart from them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError

Order = tuple[int, ...]

_APART = "keep the samples as an axis of their own"


@dataclass(frozen=True)
class Folded:
    """An image that was flattened in symcnn's order of axes.

    Attributes:
        shape: Its shape in symcnn, without samples.
        order: Which of these axes the source has first, second, ...
    """

    shape: Shape
    order: Order

    def columns(self) -> Array:
        """Return for each entry of the flat tensor its place in that of the source."""
        number = np.arange(prod(self.shape)).reshape([self.shape[a] for a in self.order])
        return number.transpose(np.argsort(self.order)).ravel()


@dataclass(frozen=True)
class Placed:
    """A tensor of the source as a layer of symcnn.

    Attributes:
        layer: The layer's name, or "x".
        shape: The tensor's shape in the source, with the samples as an axis of their own.
        order: For each axis of symcnn, the samples first, the axis of this shape.
        folded: What was flattened, if the entries of the single axis stand in another order.
        merged: How many axes before and behind that of the samples the source merges with it.
    """

    layer: str
    shape: Shape
    order: Order
    folded: Folded | None = None
    merged: tuple[int, int] = (0, 0)

    @property
    def own_shape(self) -> Shape:
        """The shape of one sample in symcnn."""
        return tuple(self.shape[axis] for axis in self.order[1:])

    @property
    def samples(self) -> int:
        """The axis that counts the samples."""
        return self.order[0]

    @property
    def stated(self) -> Shape:
        """The tensor's shape as the source has it, with the samples merged with other axes."""
        return tuple(prod(self.shape[axis] for axis in parts) for parts in self._parts)

    def axis(self, axis: int) -> int:
        """Return where an axis of the source is in this shape.

        Raises:
            SymcnnError: If several samples are merged with it.
        """
        parts = self._parts[axis]
        if len(parts) == 2 and self.shape[self.samples] == 1:
            parts = tuple(part for part in parts if part != self.samples)
        if len(parts) > 1:
            raise SymcnnError("the samples are merged with the axis that this is along: " + _APART)
        return parts[0]

    def position(self, axis: int) -> int:
        """Return the axis of one sample that is an axis of this shape."""
        return self.order.index(axis % len(self.shape)) - 1

    def permuted(self, axes: Order) -> Placed:
        """Return the same entries, with the source's axes in another order."""
        moved = tuple(part for axis in axes for part in self._parts[axis])
        order = tuple(moved.index(axis) for axis in self.order)
        return replace(self, shape=tuple(self.shape[axis] for axis in moved), order=order)

    def in_front(self) -> Placed:
        """Return the same entries with a single sample in front: it may stand at any place."""
        left = [axis for axis in range(len(self.shape)) if axis != self.samples]
        order = (0, *(left.index(axis) + 1 for axis in self.order[1:]))
        shape = (self.shape[self.samples], *(self.shape[axis] for axis in left))
        return replace(self, shape=shape, order=order, merged=(0, 0))

    @property
    def _parts(self) -> list[Order]:
        """Which axes of this shape each axis of the source consists of."""
        before, behind = self.merged
        first, last = self.samples - before, self.samples + behind
        single = [(axis,) for axis in range(len(self.shape))]
        return [*single[:first], tuple(range(first, last + 1)), *single[last + 1 :]]

    def apart(self, array: Array) -> Array:
        """Return an array that is broadcast to the source's tensor as one that is to this shape."""
        lengths: list[int] = []
        for parts, length in zip(self._parts, array.shape, strict=True):
            several = [min(length, self.shape[axis]) for axis in parts]
            lengths += several if len(parts) > 1 else [length]
        return array.reshape(lengths)

    def own(self, array: Array) -> Array:
        """Return an array of the source in the layout of symcnn, with the samples."""
        return self.apart(array).transpose(self.order)


def channels_last(rank: int) -> Order:
    """Return the order of axes in which the channels, the source's axis 1, come last."""
    return (0, *range(2, rank), 1) if rank > 1 else (0,)


def with_last(order: Order, axis: int) -> Order:
    """Return an order of axes with one of them moved to the end."""
    return (*(a for a in order if a != axis), axis)


def with_length(shape: Shape, axis: int, length: int) -> Shape:
    """Return a shape with another length of an axis."""
    return (*shape[:axis], length, *shape[axis + 1 :])


def one_a_sample(layer: str, samples: int) -> Placed:
    """Return where a single number for each sample is: its axis is one that the source lacks."""
    return Placed(layer, (samples, 1), (0, 1), merged=(0, 1))
