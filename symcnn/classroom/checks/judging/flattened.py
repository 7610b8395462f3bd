"""Weights of a dense layer behind a flattened image, for functions with channels first.

They have a column for each entry of the image, in its row-major order: height, width, channels
here, and channels, height, width in such a function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from symcnn.classroom.checks.code.callee import Call, Callee, Outcome
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.equations import Tensor
from symcnn.network.layers import Dense, Flatten
from symcnn.network.network import Network

Order = tuple[tuple[int, ...], tuple[int, ...]]
"""The shape of an image, and its axes in the order of the function."""


def flattened(network: Network, order: Sequence[int]) -> dict[str, Order]:
    """Return the weights whose columns stand in another order, by name.

    Args:
        network: The network.
        order: The axes of a batch of images in the order of the function.
    """
    if order[:1] != (0,) or list(order) == sorted(order):
        return {}
    images, found = dict[Tensor, tuple[int, ...]](), dict[str, Order]()
    moved = tuple(axis - 1 for axis in order[1:])
    for stage in network.stages:
        shape = tuple(int(n) for n in stage.input.of_one_sample().shape)
        if isinstance(stage.layer, Flatten) and len(shape) == len(moved):
            images[stage.output] = shape
        elif isinstance(stage.layer, Dense) and stage.input in images:
            found[stage.parameters["weight"].name] = (images[stage.input], moved)
        elif stage.input in images and stage.output.shape == stage.input.shape:
            images[stage.output] = images[stage.input]
    return found


def as_in_function(array: Array, order: Order) -> Array:
    """Return weights with their columns in the order of the function."""
    shape, moved = order
    axes = (0, *(1 + axis for axis in moved))
    return array.reshape(len(array), *shape).transpose(axes).reshape(array.shape)


def as_in_symcnn(array: Array, order: Order) -> Array:
    """Return weights with their columns in the order of symcnn, if they have as many."""
    shape, moved = order
    if array.ndim != 2 or array.shape[1] != prod(shape):
        return array
    back = (0, *(1 + int(axis) for axis in np.argsort(moved)))
    apart = array.reshape(len(array), *(shape[axis] for axis in moved))
    return apart.transpose(back).reshape(array.shape)


class Unflattened:
    """A function whose weights behind flattened images have their columns in its own order.

    Attributes:
        notes: What there is to be said of the function.
        takes: The settings that it is given.
    """

    def __init__(self, callee: Callee, orders: Mapping[str, Order]) -> None:
        """Take the function, and the weights by name."""
        self.notes, self.takes = callee.notes, callee.takes
        self._callee, self._orders = callee, orders

    def run(self, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Return an outcome for each call, in their order."""
        made = [replace(c, inputs=self._changed(c.inputs, as_in_function)) for c in calls]
        back = self._callee.run(made)
        self.notes = self._callee.notes
        return [replace(o, arrays=self._changed(o.arrays, as_in_symcnn)) for o in back]

    def _changed(
        self, arrays: Mapping[str, Array], change: Callable[[Array, Order], Array]
    ) -> dict[str, Array]:
        orders = self._orders
        return {n: change(a, orders[n]) if n in orders else a for n, a in arrays.items()}
