"""What the layers mean, in plain loops over NumPy arrays of exact or mpmath numbers.

Nothing here comes from symcnn but the layers' declared fields.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np


def conv2d(layer, x, weight, bias=None):
    strides, dilations = both(layer.stride), both(layer.dilation)
    kernel = weight.shape[:2]
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, kernel, strict=True)]
    x = padded(x, pads(layer.padding, x.shape, spans, strides))
    y = zeros(*places(x.shape, spans, strides), weight.shape[3])
    seen = weight.shape[3] // layer.groups  # filters a group
    for i, j, k in np.ndindex(y.shape):
        block = (k // seen) * weight.shape[2]
        for u, v, c in np.ndindex(weight.shape[:3]):
            row, column = strides[0] * i + dilations[0] * u, strides[1] * j + dilations[1] * v
            y[i, j, k] += weight[u, v, c, k] * x[row, column, block + c]
        y[i, j, k] += 0 if bias is None else bias[k]
    return y


def max_pool2d(layer, x):
    return pool(layer, x, None, lambda window: max(v for v in window if v is not None))


def avg_pool2d(layer, x):
    return pool(layer, x, Fraction(0), lambda window: sum(window) / len(window))


def pool(layer, x, filling, reduce):
    size = both(layer.pool_size)
    strides = size if layer.stride is None else both(layer.stride)
    x = padded(x, pads(layer.padding, x.shape, size, strides), filling)
    y = zeros(*places(x.shape, size, strides), x.shape[2])
    for i, j, c in np.ndindex(y.shape):
        offsets = product(range(size[0]), range(size[1]))
        y[i, j, c] = reduce([x[strides[0] * i + u, strides[1] * j + v, c] for u, v in offsets])
    return y


def dense(layer, x, weight, bias=None):
    y = zeros(weight.shape[0])
    for m, q in np.ndindex(weight.shape):
        y[m] += weight[m, q] * x[q]
    return y if bias is None else y + bias


def flatten(layer, x):
    return np.array([x[position] for position in np.ndindex(x.shape)], dtype=object)


def entrywise(function):
    def apply(layer, x):
        return np.vectorize(lambda v: function(v), otypes=[object])(x)

    return apply


sigmoid = entrywise(lambda v: 1 / (1 + mpmath.exp(-real(v))))
tanh = entrywise(lambda v: mpmath.tanh(real(v)))
relu = entrywise(lambda v: v if v > 0 else v * 0)


def real(v):
    return mpmath.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else v


def both(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


def zeros(*shape):
    return np.full(shape, Fraction(0), dtype=object)


def places(shape, spans, strides):
    """Count the positions of the window by trying every one."""
    return [
        sum(1 for start in range(0, size, step) if start + span <= size)
        for size, span, step in zip(shape, spans, strides, strict=False)
    ]


def pads(padding, shape, spans, strides):
    if padding == "same":
        return [same(n, span, step) for n, span, step in zip(shape, spans, strides, strict=False)]
    sides = both(0 if padding == "valid" else padding)
    return [both(side) for side in sides]


def same(size, span, step):
    """Pad one entry after the other, behind first, until ceil(size/step) windows fit."""
    before = after = 0
    while len([s for s in range(0, size + before + after, step)
               if s + span <= size + before + after]) < (size + step - 1) // step:  # fmt: skip
        before, after = (before, after + 1) if after <= before else (before + 1, after)
    return before, after


def padded(x, sides, filling=Fraction(0)):
    (top, bottom), (left, right) = sides
    height, width, channels = x.shape
    wide = np.full((top + height + bottom, left + width + right, channels), filling, dtype=object)
    wide[top : top + height, left : left + width] = x
    return wide
