"""What the layers mean, in plain loops over NumPy arrays of exact or mpmath numbers.

Nothing here comes from symcnn but the layers' declared fields.
"""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np


def conv(layer, x, weight, bias=None):
    axes = x.ndim - 1
    strides, dilations = each(layer.stride, axes), each(layer.dilation, axes)
    spans = [d * (k - 1) + 1 for d, k in zip(dilations, weight.shape, strict=False)]
    x = padded(x, pads(layer.padding, x.shape, spans, strides))
    y = zeros(*places(x.shape, spans, strides), weight.shape[-1])
    seen = weight.shape[-1] // layer.groups  # filters a group
    for *place, k in np.ndindex(y.shape):
        block = (k // seen) * weight.shape[-2]
        for *taps, c in np.ndindex(weight.shape[:-1]):
            entry = window_entry(place, strides, taps, dilations)
            y[(*place, k)] += weight[(*taps, c, k)] * x[(*entry, block + c)]
        y[(*place, k)] += 0 if bias is None else bias[k]
    return y


def conv_transpose(layer, x, weight, bias=None):
    """Lay all kernels down on a canvas, then crop it, or leave more of it."""
    axes = x.ndim - 1
    strides, apart = each(layer.stride, axes), each(layer.dilation, axes)
    more, kernel = each(layer.output_padding, axes), weight.shape[:axes]
    spans = [d * (n - 1) + 1 for d, n in zip(apart, kernel, strict=True)]
    lengths = [n * step for n, step in zip(x.shape, strides, strict=False)]
    full = zeros(*(n + 2 * span for n, span in zip(lengths, spans, strict=True)), weight.shape[-1])
    members = weight.shape[-1] // layer.groups
    for *taps, c, k in np.ndindex(weight.shape):
        channel = k // members * weight.shape[-2] + c
        for place in np.ndindex(x.shape[:axes]):
            entry = tuple(window_entry(place, strides, taps, apart))
            full[(*entry, k)] += weight[(*taps, c, k)] * x[(*place, channel)]
    for axis, (n, step, span) in enumerate(zip(lengths, strides, spans, strict=True)):
        if layer.padding == "same":
            before = max(span - step, 0) // 2
            end = before + n
        else:
            before, after = pads(layer.padding, x.shape, spans, strides)[axis]
            end = n - step + span - after
        full = full.take(range(before, end + more[axis]), axis)
    return full if bias is None else full + bias


def lp_pool2d(layer, x):
    apart = each(layer.dilation, 2)
    return pool(layer, x, lambda window: root_of_powers(window, layer.norm), apart)


def root_of_powers(window, p):
    total = sum(abs(v) ** p for v in window if v is not None and v is not BEYOND)
    return total if p == 1 else mpmath.root(real(total), p)


def local_response_norm(layer, x):
    y, n = zeros(*x.shape), layer.size
    alpha, beta, k = (real(Fraction(str(v))) for v in (layer.alpha, layer.beta, layer.k))
    for (*place, c), value in np.ndenumerate(x):
        near = range(max(0, c - n // 2), min(x.shape[-1], c - n // 2 + n))
        squares = mpmath.fsum(real(x[(*place, other)]) ** 2 for other in near)
        y[(*place, c)] = real(value) / (k + alpha * squares / n) ** beta
    return y


def max_pool(layer, x):
    apart = each(layer.dilation, x.ndim - 1)
    return pool(layer, x, largest, apart)


def largest(window):
    return max(v for v in window if v is not None and v is not BEYOND)


def avg_pool(layer, x):
    def mean(window):
        inside = [v for v in window if v is not None and v is not BEYOND]
        counted = [v for v in window if v is not BEYOND]
        return sum(inside) / (layer.divisor or len(counted if layer.count_include_pad else inside))

    return pool(layer, x, mean, each(layer.dilation, x.ndim - 1))


BEYOND = object()
"""What a window meets beyond the padding, where the number of positions is rounded up."""


def pool(layer, x, reduce, apart=None):
    """Reduce every window; what lies in the padding is None."""
    axes = x.ndim - 1
    size, apart = each(layer.pool_size, axes), apart or (1,) * axes
    strides = size if layer.stride is None else each(layer.stride, axes)
    spans = [d * (n - 1) + 1 for d, n in zip(apart, size, strict=True)]
    sides, lengths = pads(layer.padding, x.shape, spans, strides), x.shape
    x = padded(x, sides, None)
    if layer.ceil_mode:
        ends = [n + before for n, (before, _) in zip(lengths, sides, strict=False)]
        x = padded(x, further(x.shape, ends, spans, strides), BEYOND)
    y = zeros(*places(x.shape, spans, strides), x.shape[-1])
    for *place, c in np.ndindex(y.shape):
        entries = (window_entry(place, strides, taps, apart) for taps in np.ndindex(*size))
        y[(*place, c)] = reduce([x[(*entry, c)] for entry in entries])
    return y


def further(shape, ends, spans, strides):
    """Continue an axis up to the first window that reaches its end; it begins before ``end``."""
    four = zip(shape, ends, spans, strides, strict=False)
    return [(0, max(0, start_of(n, end, span, step) + span - n)) for n, end, span, step in four]


def start_of(size, end, span, step):
    start = 0
    while start + span < size and start + step < end:
        start += step
    return start


def window_entry(place, strides, taps, apart):
    four = zip(place, strides, taps, apart, strict=True)
    return [step * i + distance * u for i, step, u, distance in four]


def global_avg_pool2d(layer, x):
    height, width, channels = x.shape
    places = [(i, j) for i in range(height) for j in range(width)]
    return np.array([sum(x[i, j, c] for i, j in places) / len(places) for c in range(channels)])


def global_max_pool2d(layer, x):
    return np.array([max(x[..., c].ravel()) for c in range(x.shape[-1])], dtype=object)


def adaptive_avg_pool2d(layer, x):
    rows, columns = each(layer.output_size, 2)
    y = zeros(rows, columns, x.shape[-1])
    for i, j, c in np.ndindex(y.shape):
        top, left = i * x.shape[0] // rows, j * x.shape[1] // columns
        bottom, right = -(-(i + 1) * x.shape[0] // rows), -(-(j + 1) * x.shape[1] // columns)
        window = x[top:bottom, left:right, c].ravel()
        y[i, j, c] = sum(window) / len(window)
    return y


def batch_norm(layer, x, weight=None, bias=None):
    """Normalise every channel over all other axes, the samples' among them."""
    y = zeros(*x.shape)
    for c in range(x.shape[-1]):
        values = [real(v) for v in x[..., c].ravel()]
        mean = mpmath.fsum(values) / len(values)
        variance = mpmath.fsum((v - mean) ** 2 for v in values) / len(values)
        root = mpmath.sqrt(variance + mpmath.mpf(str(layer.epsilon)))
        for place in np.ndindex(x.shape[:-1]):
            normal = (real(x[(*place, c)]) - mean) / root
            y[(*place, c)] = normal if weight is None else weight[c] * normal + bias[c]
    return y


def normalised_over(layer, x, blocks, weight=None, bias=None, centred=True):
    """Normalise every block of places: subtract its mean, divide by the root of its variance."""
    y = np.empty(x.shape, object)
    epsilon = real(Fraction(str(layer.epsilon)))
    for block in blocks:
        values = [real(x[place]) for place in block]
        mean = mpmath.fsum(values) / len(values) if centred else 0
        variance = mpmath.fsum((v - mean) ** 2 for v in values) / len(values)
        for place in block:
            y[place] = (real(x[place]) - mean) / mpmath.sqrt(variance + epsilon)
            if weight is not None:
                own = place[len(place) - weight.ndim :]
                y[place] = y[place] * real(weight[own]) + (0 if bias is None else real(bias[own]))
    return y


def blocks_by(shape, key):
    blocks = {}
    for place in np.ndindex(shape):
        blocks.setdefault(key(place), []).append(place)
    return blocks.values()


def layer_norm(layer, x, **learned):
    return normalised_over(layer, x, blocks_by(x.shape, lambda p: p[: -layer.over]), **learned)


def rms_norm(layer, x, **learned):
    blocks = blocks_by(x.shape, lambda p: p[: -layer.over])
    return normalised_over(layer, x, blocks, **learned, centred=False)


def group_norm(layer, x, **learned):
    share = x.shape[-1] // layer.groups
    return normalised_over(layer, x, blocks_by(x.shape, lambda p: p[-1] // share), **learned)


def instance_norm(layer, x, **learned):
    return normalised_over(layer, x, blocks_by(x.shape, lambda p: p[-1]), **learned)


def dense(layer, x, weight, bias=None):
    y = zeros(weight.shape[0])
    for m, q in np.ndindex(weight.shape):
        y[m] += weight[m, q] * x[q]
    return y if bias is None else y + bias


def flatten(layer, x):
    return np.array([x[position] for position in np.ndindex(x.shape)], dtype=object)


def reshape(layer, x):
    y = np.empty(len(x.ravel()), dtype=object)
    y[:] = [x[position] for position in np.ndindex(x.shape)]
    return y.reshape(layer.shape)


def transpose(layer, x):
    order = layer.permutation or range(x.ndim)[::-1]
    y = zeros(*(x.shape[axis] for axis in order))
    for place in np.ndindex(y.shape):
        y[place] = x[tuple(place[order.index(axis)] for axis in range(x.ndim))]
    return y


def slice_of(layer, x):
    taken = slice(layer.start, layer.stop, layer.step)
    return np.moveaxis(np.moveaxis(x, layer.axis, 0)[taken], 0, layer.axis)


def scale(layer, x):
    factor, offset = (Fraction(str(number)) for number in (layer.factor, layer.offset))
    return entrywise(lambda v: v * exactly(factor, v) + exactly(offset, v))(layer, x)


def reduce_sum(layer, x):
    along = range(x.ndim) if layer.axis is None else np.atleast_1d(layer.axis) % x.ndim
    shape = [1 if axis in along else n for axis, n in enumerate(x.shape)]
    y = zeros(*shape)
    for place, value in np.ndenumerate(x):
        y[tuple(0 if axis in along else i for axis, i in enumerate(place))] += value
    kept = [n for axis, n in enumerate(x.shape) if axis not in along] or [1]
    return y if layer.keepdims else y.reshape(kept)


def reduce_mean(layer, x):
    total = reduce_sum(layer, x)
    return total * total.size / x.size


def reduce_max(layer, x):
    return _reduced(max, layer, x)


def reduce_prod(layer, x):
    return _reduced(math.prod, layer, x)


def reduce_log_sum_exp(layer, x):
    def of(numbers):
        return mpmath.log(mpmath.fsum(mpmath.exp(real(v)) for v in numbers))

    return _reduced(of, layer, x)


def _reduced(function, layer, x):
    along = range(x.ndim) if layer.axis is None else np.atleast_1d(layer.axis) % x.ndim
    rows = np.moveaxis(x, [*along], [*range(len(along))])
    rest = rows.shape[len(along) :]
    made = np.array([function([*row]) for row in rows.reshape(-1, max(1, math.prod(rest))).T])
    shape = [1 if axis in along else n for axis, n in enumerate(x.shape)]
    return made.reshape(shape if layer.keepdims else rest or (1,))


def entrywise(function):
    def apply(layer, x):
        return np.vectorize(lambda v: function(v), otypes=[object])(x)

    return apply


sigmoid = entrywise(lambda v: 1 / (1 + mpmath.exp(-real(v))))
tanh = entrywise(lambda v: mpmath.tanh(real(v)))
relu = entrywise(lambda v: v if v > 0 else v * 0)
softplus = entrywise(lambda v: mpmath.log(1 + mpmath.exp(real(v))))
silu = entrywise(lambda v: real(v) / (1 + mpmath.exp(-real(v))))
mish = entrywise(lambda v: real(v) * mpmath.tanh(mpmath.log(1 + mpmath.exp(real(v)))))
relu6 = entrywise(lambda v: min(max(v, v * 0), v * 0 + 6))
hard_sigmoid = entrywise(lambda v: min(max(v + 3, v * 0), v * 0 + 6) / 6)
hard_swish = entrywise(lambda v: v * min(max(v + 3, v * 0), v * 0 + 6) / 6)


def gelu(layer, x):
    return entrywise(_gelu_by_tanh if layer.approximate == "tanh" else _gelu)(layer, x)


def _gelu(v):
    return real(v) * mpmath.ncdf(real(v))


def _gelu_by_tanh(v):
    v = real(v)
    inside = mpmath.sqrt(2 / mpmath.pi) * (v + mpmath.mpf(44715) / 1000000 * v**3)
    return v * (1 + mpmath.tanh(inside)) / 2


def clip(layer, x):
    low, high = (Fraction(str(bound)) for bound in (layer.low, layer.high))
    return entrywise(lambda v: min(max(v, exactly(low, v)), exactly(high, v)))(layer, x)


def prelu(layer, x, weight):
    y = zeros(*x.shape)
    for (*place, c), v in np.ndenumerate(x):
        y[(*place, c)] = v if v > 0 else v * weight[0 if layer.shared else c]
    return y


def leaky_relu(layer, x):
    slope = Fraction(str(layer.alpha))
    return entrywise(lambda v: v if v > 0 else v * exactly(slope, v))(layer, x)


def elu(layer, x):
    low = real(Fraction(str(layer.alpha)))
    return entrywise(lambda v: real(v) if v > 0 else low * (mpmath.exp(real(v)) - 1))(layer, x)


def softmax(layer, x):
    x = np.moveaxis(x, layer.axis, -1)
    y = zeros(*x.shape)
    for place in np.ndindex(x.shape[:-1]):
        powers = [mpmath.exp(real(v)) for v in x[place]]
        y[place] = [power / mpmath.fsum(powers) for power in powers]
    return np.moveaxis(y, -1, layer.axis)


def log_softmax(layer, x):
    return entrywise(mpmath.log)(layer, softmax(layer, x))


def real(v):
    return mpmath.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else v


def exactly(number, like):
    """Return a fraction as a number of the kind of another one."""
    return number if isinstance(like, Fraction) else real(number)


def each(value, axes):
    return tuple(value) if isinstance(value, tuple | list) else (value,) * axes


def zeros(*shape):
    return np.full(shape, Fraction(0), dtype=object)


def places(shape, spans, strides):
    """Count the positions of the window by trying every one."""
    return [
        sum(1 for start in range(0, size, step) if start + span <= size)
        for size, span, step in zip(shape, spans, strides, strict=False)
    ]


def pads(padding, shape, spans, strides):
    axes = len(shape) - 1
    if padding == "same":
        return [same(n, span, step) for n, span, step in zip(shape, spans, strides, strict=False)]
    if axes == 1 and isinstance(padding, tuple) and len(padding) == 2:
        return [padding]
    return [each(side, 2) for side in each(0 if padding == "valid" else padding, axes)]


def same(size, span, step):
    """Pad one entry after the other, behind first, until ceil(size/step) windows fit."""
    before = after = 0
    while len([s for s in range(0, size + before + after, step)
               if s + span <= size + before + after]) < (size + step - 1) // step:  # fmt: skip
        before, after = (before, after + 1) if after <= before else (before + 1, after)
    return before, after


def padded(x, sides, filling=Fraction(0)):
    shape = [before + n + after for n, (before, after) in zip(x.shape, sides, strict=False)]
    wide = np.full((*shape, x.shape[-1]), filling, dtype=object)
    inside = [slice(before, before + n) for n, (before, _) in zip(x.shape, sides, strict=False)]
    wide[tuple(inside)] = x
    return wide


def normalised(layer, x, mean, variance, weight=None, bias=None):
    y = np.empty(x.shape, object)
    for (*place, c), value in np.ndenumerate(x):
        scale = mpmath.sqrt(real(variance[c]) + real(Fraction(str(layer.epsilon))))
        y[(*place, c)] = real(value - mean[c]) / scale
        if weight is not None:
            y[(*place, c)] = y[(*place, c)] * real(weight[c]) + real(bias[c])
    return y


def dropout(layer, x, mask):
    return x * mask / (1 - Fraction(str(layer.rate)))


def embedding(layer, x, weight):
    y = np.empty((*x.shape, layer.units), object)
    for place, number in np.ndenumerate(x):
        y[place] = weight[int(number)]
    return y
