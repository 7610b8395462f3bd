"""Linear maps along one axis of an image: resizing by any rule, whose weights the source states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.moving import gathered
from symcnn.imports.placed import Placed, with_length
from symcnn.network.layers import Einsum

Weights = Callable[[int], Array]
"""Returns for an axis of the source the weights (entries of the result, entries of the tensor)."""


def mixed(b: Builder, x: Placed, weights: Weights, first: int = 2) -> Placed:
    """Return a tensor whose axes from the first one on are mapped, one after the other."""
    for axis in range(first, len(x.shape)):
        x = _mixed(b, x, axis, weights(axis))
    return x


def _mixed(b: Builder, x: Placed, axis: int, weights: Array) -> Placed:
    chosen = weights.argmax(axis=1)
    if np.array_equal(weights, np.eye(weights.shape[1])[chosen]):
        return gathered(b, x, axis, chosen)
    if not np.isfinite(weights).all():
        raise SymcnnError("weights are not finite: choose another size")
    x = b.plain(x)
    letters = "".join("abcdefg"[a] for a in x.order[1:])
    own = "abcdefg"[axis]
    equation = f"{letters},z{own}->{letters.replace(own, 'z')}"
    layer = Einsum(equation, factor_shape=weights.shape)
    name = b.add(layer, [x], {"factor": Constant(weights)})
    return replace(x, layer=name, shape=with_length(x.shape, axis, len(weights)))
