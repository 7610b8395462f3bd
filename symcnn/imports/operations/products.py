"""Dense layers: weighted sums of the entries along the last axis of the source."""

from __future__ import annotations

from typing import Any

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.norms import last_axes
from symcnn.imports.placed import Placed
from symcnn.layers import Conv1D, Conv2D, Conv3D, Dense


def dense(b: Builder, x: Placed, weight: Constant, bias: Constant | None) -> Placed:
    """Return weighted sums along the last axis: W x + b, with W of the shape (units, inputs).

    Behind an image that was flattened in another order, the columns of W move with the entries.
    With more axes, each of their positions is a window of a convolution.
    """
    units, *_ = weight.array.shape
    shape, has_bias = (*x.shape[:-1], units), bias is not None
    if len(x.shape) == 2:
        if x.folded is not None:
            columns = x.folded.columns()
            weight = weight.moved(lambda array: array[:, columns])
        name = b.add(Dense(units, bias=has_bias), [x], {"weight": weight, "bias": bias})
        return Placed(name, shape, (0, 1))
    classes: dict[int, Any] = {3: Conv1D, 4: Conv2D, 5: Conv3D}
    if len(x.shape) not in classes:
        raise SymcnnError(f"a dense layer along one of {len(x.shape)} axes: flatten some of them")
    ones = (1,) * (len(x.shape) - 2)
    kernel = weight.moved(lambda array: array.T.reshape(*ones, *array.T.shape))
    x, layer = last_axes(b, x, 1), classes[len(x.shape)](units, 1, bias=has_bias)
    name = b.add(layer, [x], {"weight": kernel, "bias": bias})
    return Placed(name, shape, x.order)
