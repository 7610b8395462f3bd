"""Where the entries of a source's tensor are in symcnn: the one place that knows of layouts.

A source has the channels first, (samples, channels, height, width), and symcnn has them last. For
every tensor an order of axes is kept, so that a permutation costs nothing until its order is
needed. What flattens an image in another order than the source keeps which entry stands where.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from symcnn.notation import Shape
from symcnn.values import Array

Order = tuple[int, ...]


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
        shape: The tensor's shape in the source, with the samples.
        order: For each axis of symcnn, the samples first, the source's axis.
        folded: What was flattened, if the entries of the single axis stand in another order.
    """

    layer: str
    shape: Shape
    order: Order
    folded: Folded | None = None

    @property
    def own_shape(self) -> Shape:
        """The shape of one sample in symcnn."""
        return tuple(self.shape[axis] for axis in self.order[1:])

    @property
    def samples(self) -> int:
        """The source's axis that counts the samples."""
        return self.order[0]

    def position(self, axis: int) -> int:
        """Return the axis of one sample that is an axis of the source."""
        return self.order.index(axis % len(self.shape)) - 1

    def permuted(self, axes: Order) -> Placed:
        """Return the same entries, with the source's axes in another order."""
        order = tuple(axes.index(axis) for axis in self.order)
        return replace(self, shape=tuple(self.shape[axis] for axis in axes), order=order)

    def own(self, array: Array) -> Array:
        """Return an array of the source in the layout of symcnn, with the samples."""
        return array.transpose(self.order)


def channels_last(rank: int) -> Order:
    """Return the order of axes in which the channels, the source's axis 1, come last."""
    return (0, *range(2, rank), 1) if rank > 1 else (0,)


def with_last(order: Order, axis: int) -> Order:
    """Return an order of axes with one of them moved to the end."""
    return (*(a for a in order if a != axis), axis)
