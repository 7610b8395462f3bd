"""A weight of the source that two layers read with its axes in different orders is one tensor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.imports.graph import Constant, Graph
from symcnn.network.layers.layer import WEIGHT


class Taken(NamedTuple):
    """A tensor of symcnn, and the array of the source that its numbers are from."""

    tensor: str
    constant: Constant


class Tie(NamedTuple):
    """Whose weight it is, and in which order of its axes; see ``Layer.weight_axes``."""

    owner: str
    axes: tuple[int, ...]


def tie_of(
    weight: Constant | None, taken: Sequence[Taken], parameters: Mapping[str, Shape]
) -> Tie | None:
    """Return the earlier layer that has the same entries of the same parameter, if there is one.

    Args:
        weight: The weight of a layer.
        taken: The tensors of earlier layers.
        parameters: The shapes of what the source learns.
    """
    if weight is None or weight.parameter not in parameters:
        return None
    shape, entries = parameters[weight.parameter], None
    for tensor, constant in taken:
        owner, _, key = tensor.rpartition(".")
        if constant.parameter != weight.parameter or key != WEIGHT:
            continue
        if constant.array.size == weight.array.size:
            entries = weight.entries(shape) if entries is None else entries
            axes = next(_axes(entries, constant.entries(shape)), None)
            if axes is not None:
                return Tie(owner, axes)
    return None


def used_again(graph: Graph) -> set[str]:
    """Return the parameters that several arguments of operators are."""
    every = (value for node in graph.nodes for value in node.arguments.values())
    counts = Counter(value.parameter for value in every if isinstance(value, Constant))
    return {name for name, count in counts.items() if count > 1}


def _axes(own: Array, other: Array) -> Iterator[tuple[int, ...]]:
    """Run over the orders of the axes of one array that make the other, but for single ones."""
    long, theirs = _long(own.shape), _long(other.shape)
    for order in permutations(theirs) if len(long) == len(theirs) else ():
        if [other.shape[axis] for axis in order] == [own.shape[axis] for axis in long]:
            turned = np.transpose(other.squeeze(), [theirs.index(axis) for axis in order])
            if np.array_equal(own.squeeze(), turned):
                found = dict(zip(long, order, strict=True))
                yield tuple(found.get(axis, -1) for axis in range(own.ndim))


def _long(shape: Shape) -> list[int]:
    return [axis for axis, length in enumerate(shape) if length != 1]
