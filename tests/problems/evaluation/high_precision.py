"""A network in mpmath, to hundreds of digits: its loss, and derivatives as quotients.

    dL/dv = (L(v + h) - L(v - h)) / 2 h + O(h^2),    h = 10^-100

The layers are those of ``tests/network/layers/reference.py``, which come from their definitions
alone.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import add, mul, sub, truediv

import mpmath
import numpy as np

from symcnn.network import layers, losses
from tests.network.layers import products
from tests.network.layers import rearranged as moved
from tests.network.layers import reference as r
from tests.network.layers.formulas import elementwise

DIGITS = 800
STEP = 100
"""Decimal places; the quotient of a smooth function is right to some 2 STEP digits. Of one whose
second derivative jumps there, as that of an ELU does at 0, it is right to STEP digits."""

LAYERS = {
    **dict.fromkeys([layers.Conv1D, layers.Conv2D, layers.Conv3D], r.conv),
    **dict.fromkeys(
        [layers.ConvTranspose1D, layers.ConvTranspose2D, layers.ConvTranspose3D], r.conv_transpose
    ),
    **dict.fromkeys([layers.MaxPool1D, layers.MaxPool2D, layers.MaxPool3D], r.max_pool),
    **dict.fromkeys([layers.AvgPool1D, layers.AvgPool2D, layers.AvgPool3D], r.avg_pool),
    layers.LPPool2D: r.lp_pool2d,
    layers.LocalResponseNorm: r.local_response_norm,
    layers.GlobalAvgPool2D: r.global_avg_pool2d,
    layers.GlobalMaxPool2D: r.global_max_pool2d,
    layers.AdaptiveAvgPool2D: r.adaptive_avg_pool2d,
    layers.Flatten: r.flatten,
    layers.Reshape: r.reshape,
    layers.Transpose: r.transpose,
    layers.Slice: r.slice_of,
    layers.ReduceSum: r.reduce_sum,
    layers.ReduceMean: r.reduce_mean,
    layers.ReduceMax: r.reduce_max,
    layers.ReduceProd: r.reduce_prod,
    layers.ReduceLogSumExp: r.reduce_log_sum_exp,
    layers.Elementwise: elementwise,
    layers.Scale: r.scale,
    layers.AddParameter: lambda layer, x, bias: x + bias,
    layers.MultiplyParameter: lambda layer, x, weight: x * weight,
    layers.Pad: moved.pad,
    layers.Upsample2D: lambda layer, x: getattr(moved, layer.mode)(layer, x),
    layers.PixelShuffle: moved.pixel_shuffle,
    layers.ChannelShuffle: moved.channel_shuffle,
    layers.Dense: r.dense,
    layers.Sigmoid: r.sigmoid,
    layers.Tanh: r.tanh,
    layers.ReLU: r.relu,
    layers.LeakyReLU: r.leaky_relu,
    layers.ELU: r.elu,
    layers.Softplus: r.softplus,
    layers.SiLU: r.silu,
    layers.GELU: r.gelu,
    layers.Mish: r.mish,
    layers.Clip: r.clip,
    layers.ReLU6: r.relu6,
    layers.HardSigmoid: r.hard_sigmoid,
    layers.HardSwish: r.hard_swish,
    layers.PReLU: r.prelu,
    layers.LayerNorm: r.layer_norm,
    layers.RMSNorm: r.rms_norm,
    layers.GroupNorm: r.group_norm,
    layers.InstanceNorm: r.instance_norm,
    layers.Softmax: r.softmax,
    layers.LogSoftmax: r.log_softmax,
    layers.Dropout: lambda layer, x, mask=None: x if mask is None else r.dropout(layer, x, mask),
    layers.Input: lambda layer, x, value: value,
    layers.Embedding: r.embedding,
}

ARITHMETIC = {
    layers.Add: add,
    layers.Subtract: sub,
    layers.Multiply: mul,
    layers.Divide: truediv,
}


def _cross_entropy(t, y):
    return -t * mpmath.log(y) if t else 0


def _binary(t, y):
    return _cross_entropy(t, y) + _cross_entropy(1 - t, 1 - y)


ENTRYWISE = {
    losses.HalfSquaredError: lambda t, y: (t - y) ** 2 / 2,
    losses.SquaredError: lambda t, y: (t - y) ** 2,
    losses.MeanSquaredError: lambda t, y: (t - y) ** 2,
    losses.BinaryCrossEntropy: _binary,
    losses.CrossEntropy: _cross_entropy,
    losses.Huber: lambda t, y: (t - y) ** 2 / 2 if abs(t - y) <= 1 else abs(t - y) - 0.5,
    losses.Hinge: lambda t, y: max(0, 1 - t * y),
    losses.KLDivergence: lambda t, y: _cross_entropy(t, y) - _cross_entropy(t, t),
    losses.Focal: lambda t, y: (
        _cross_entropy(t, y) * (1 - y) ** 2 + _cross_entropy(1 - t, 1 - y) * y**2
    ),
    losses.SumOfOutputs: lambda t, y: y,
    losses.Upstream: lambda t, y: t * y,
}


def _of_logits(t, y):
    """Add up log(sum of exp(y)) - sum of t y, which is the cross-entropy if the sum of t is 1.

    Decimals of a target sum to 1 within rounding, and no printed digit may depend on that.
    """
    classes = y.shape[-1]
    rows = zip(t.reshape(-1, classes), y.reshape(-1, classes), strict=True)
    return mpmath.fsum(
        mpmath.log(mpmath.fsum(map(mpmath.exp, b))) - mpmath.fsum(map(mul, a, b)) for a, b in rows
    )


def _dice(t, y):
    return 1 - (2 * mpmath.fsum(t * y) + 1) / (mpmath.fsum(t + y) + 1)


class HighPrecision:
    """The values of a network at given numbers, which are read as the decimals they show."""

    def __init__(self, network, values, digits=DIGITS):
        self._network, self._digits = network, digits
        with mpmath.workdps(digits):
            self._given = {name: _numbers(array) for name, array in values.items()}
            self._unmoved, self._loss_here = self._pass({})

    def outputs(self):
        """Return every layer's output by its name."""
        return {stage.output.name: self._unmoved[stage.output.name] for stage in self._stages}

    def loss(self):
        return self._loss_here

    def derivative(self, name, position):
        """Return dL/d(an entry), or None where the loss has a kink.

        The logarithm of what is nearly 0 takes steps that are as small.
        """
        with mpmath.workdps(self._digits):
            step = mpmath.mpf(10) ** -STEP
            array = self._given[name] if name in self._given else self._unmoved[name]
            size = abs(r.real(array[position]))
            found = self._quotient(name, position, step)
            if found is None and 0 < size < 1:
                found = self._quotient(name, position, step * size)
            return found

    def _quotient(self, name, position, step):
        here = self._loss_here
        below, above = (self._pass({name: (position, k * step)})[1] for k in (-1, 1))
        left, right = (here - below) / step, (above - here) / step
        if abs(left - right) > mpmath.mpf(10) ** (-STEP / 2) * max(abs(left), abs(right)):
            return None
        return (above - below) / (2 * step)

    @property
    def _stages(self):
        return self._network.stages

    def _pass(self, moved):
        """Return all arrays and the loss; what does not depend on a moved entry stays as it is."""
        arrays = {name: _moved(array, moved.get(name)) for name, array in self._given.items()}
        others = set(moved)
        for stage in self._stages:
            name = stage.output.name
            own = (*stage.parameters.values(), *stage.givens.values())
            reads = {t.name for t in (*stage.inputs, *own)}
            if not moved or reads & others:
                arrays[name] = self._output(stage, arrays)
                others.add(name)
            else:
                arrays[name] = self._unmoved[name]
            arrays[name] = _moved(arrays[name], moved.get(name))
        return arrays, self._loss(arrays[name], arrays)

    def _output(self, stage, arrays):
        inputs = [arrays[tensor.name] for tensor in stage.inputs]
        learned = {key: arrays[tensor.name] for key, tensor in stage.parameters.items()}
        given = {key: arrays[tensor.name] for key, tensor in stage.givens.items()}
        if isinstance(stage.layer, layers.BatchNorm):
            made = r.normalised if given else r.batch_norm
            return made(stage.layer, *inputs, **learned, **given)
        if self._network.batch is None:
            return _layer(stage.layer, inputs, {**learned, **given})
        samples = range(len(inputs[0]))
        return np.array([self._sample(stage, n, inputs, learned, given) for n in samples])

    def _sample(self, stage, n, inputs, learned, given):
        own = {k: given[k][n] if t.batched else given[k] for k, t in stage.givens.items()}
        return _layer(stage.layer, [x[n] for x in inputs], {**learned, **own})

    def _loss(self, y, arrays):
        loss = self._network.loss
        given = y if self._network.target is None else arrays[self._network.target.name]
        given = self._smoothed(given, y)
        if isinstance(loss, losses.SoftmaxCrossEntropy):
            total = _of_logits(given, y)
        elif isinstance(loss, losses.Dice):
            total = mpmath.fsum(map(_dice, *self._samples_of(given, y)))
        else:
            weight = arrays.get("loss.weight", np.ones(y.shape, object))
            terms = map(ENTRYWISE[type(loss)], given.ravel(), y.ravel())
            total = mpmath.fsum(map(mul, np.broadcast_to(weight, y.shape).ravel(), terms))
        samples = self._network.batch or 1
        if isinstance(loss, losses.MeanSquaredError):
            total = total * samples / y.size
        if getattr(loss, "reduction", "sum") == "mean":
            total /= samples
        return total + self._penalty(arrays)

    def _smoothed(self, given, y):
        share = r.real(Fraction(str(getattr(self._network.loss, "label_smoothing", 0))))
        binary = isinstance(self._network.loss, losses.BinaryCrossEntropy)
        return (1 - share) * given + share / (2 if binary else y.shape[-1])

    def _samples_of(self, *arrays):
        return (a.reshape(self._network.batch or 1, -1) for a in arrays)

    def _penalty(self, arrays):
        stages = {stage.output.name: stage.layer for stage in self._stages}
        norms = layers.LayerNorm | layers.RMSNorm | layers.GroupNorm | layers.InstanceNorm
        without = layers.BatchNorm | layers.PReLU | layers.MultiplyParameter | norms
        scales = {name for name, layer in stages.items() if isinstance(layer, without)}
        weights = [t.name for t in self._network.parameters if t.name.endswith(".weight")]
        names = [name for name in weights if name.partition(".")[0] not in scales]
        squares = mpmath.fsum(v**2 for name in names for v in arrays[name].ravel())
        return r.real(Fraction(str(self._network.loss.l2))) * squares


def _layer(layer, inputs, learned):
    if type(layer) in ARITHMETIC:
        return reduce(ARITHMETIC[type(layer)], inputs)
    if isinstance(layer, layers.MaxUnpool2D):
        pooled, x = inputs
        return products.put_back(layer, pooled, x)
    if isinstance(layer, layers.MatMul | layers.Attention):
        made = products.matmul if isinstance(layer, layers.MatMul) else products.attention
        return made(layer, *inputs)
    if isinstance(layer, layers.Concatenate):
        return np.concatenate(inputs, axis=-1)
    return LAYERS[type(layer)](layer, *inputs, **learned)


def _numbers(array):
    return np.vectorize(lambda v: r.real(Fraction(str(v))), otypes=[object])(np.asarray(array))


def _moved(array, move):
    if move is None:
        return array
    position, step = move
    array = array.copy()
    array[position] = array[position] + step
    return array
