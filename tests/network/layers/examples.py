"""One line a layer: shape, forward and derivative tests come by parametrisation.

    Example(layer, input shape, output shape, parameter count, reference, layers before it)

The shapes and counts are worked out by hand; the reference is an independent
function of (layer, x, **parameters) in ``reference.py``, or a lambda.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from symcnn.network.layers import *  # noqa: F403 - every layer: a new one is one line below
from tests.network.layers import products
from tests.network.layers import rearranged as moved
from tests.network.layers import reference as r


class Example(NamedTuple):
    layer: Layer
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int
    reference: Callable[..., Any]
    before: tuple[Layer, ...] = ()

    @property
    def layers(self) -> list[Layer]:
        """The layer behind those that it reads besides x."""
        return [*self.before, self.layer]

    def __str__(self) -> str:
        fields = ", ".join(f"{k}={v}" for k, v in self.layer.settings().items())
        others = "".join(f" behind {layer!r}" for layer in self.before)
        return f"{type(self.layer).__name__}({fields}){others}"


def pooled(x, size, stride):
    return r.max_pool(MaxPool2D(size, stride), x)


# fmt: off
EXAMPLES = [
    Example(Conv2D(3, (2, 1), bias=False), (3, 1, 1), (2, 1, 3), 6, r.conv),
    Example(Conv2D(2, 3), (4, 5, 2), (2, 3, 2), 38, r.conv),
    Example(Conv2D(2, 2, stride=(2, 3)), (5, 5, 1), (2, 2, 2), 10, r.conv),
    Example(Conv2D(1, 2, stride=3), (7, 4, 1), (2, 1, 1), 5, r.conv),
    Example(Conv2D(2, (3, 2), padding=((2, 0), (1, 3))), (2, 3, 1), (2, 6, 2), 14, r.conv),
    Example(Conv2D(1, 3, padding="same"), (4, 3, 1), (4, 3, 1), 10, r.conv),
    Example(Conv2D(1, 2, stride=2, padding="same"), (5, 3, 1), (3, 2, 1), 5, r.conv),
    Example(Conv2D(1, (4, 3), stride=(2, 1), padding="same"), (5, 3, 1), (3, 3, 1), 13, r.conv),
    Example(Conv2D(1, 2, dilation=(2, 3)), (5, 5, 1), (3, 2, 1), 5, r.conv),
    Example(Conv2D(1, 2, stride=2, padding=2, dilation=2), (4, 3, 1), (3, 3, 1), 5, r.conv),
    Example(Conv2D(4, (2, 1), groups=2), (3, 1, 4), (2, 1, 4), 20, r.conv),
    Example(Conv2D(6, (1, 2), groups=3, bias=False), (2, 3, 3), (2, 2, 6), 12, r.conv),
    Example(MaxPool2D((2, 1), stride=1), (2, 1, 3), (1, 1, 3), 0, r.max_pool),
    Example(MaxPool2D(2), (5, 4, 2), (2, 2, 2), 0, r.max_pool),
    Example(MaxPool2D(3, stride=(1, 2)), (4, 5, 1), (2, 2, 1), 0, r.max_pool),
    Example(MaxPool2D(2, stride=1, padding=1), (2, 2, 1), (3, 3, 1), 0, r.max_pool),
    Example(MaxPool2D(3, stride=2, padding="same", ties="split"), (3, 4, 1), (2, 2, 1), 0,
            r.max_pool),
    Example(MaxPool2D((1, 2), stride=(3, 2)), (4, 4, 1), (2, 2, 1), 0, r.max_pool),
    Example(AvgPool2D(2), (4, 5, 2), (2, 2, 2), 0, r.avg_pool),
    Example(AvgPool2D((3, 2), stride=1), (4, 3, 1), (2, 2, 1), 0, r.avg_pool),
    Example(AvgPool2D(2, padding=((0, 1), (3, 0))), (3, 1, 1), (2, 2, 1), 0, r.avg_pool),
    Example(Flatten(), (2, 3, 2), (12,), 0, r.flatten),
    Example(Flatten(), (4,), (4,), 0, r.flatten),
    Example(Reshape((2, 6)), (4, 3), (2, 6), 0, r.reshape),
    Example(Reshape((3, 2)), (2, 3), (3, 2), 0, r.reshape),
    Example(Reshape((2, -1, 1)), (3, 2, 1), (2, 3, 1), 0, r.reshape),
    Example(Transpose(), (2, 3), (3, 2), 0, r.transpose),
    Example(Transpose((1, 2, 0)), (2, 1, 3), (1, 3, 2), 0, r.transpose),
    Example(Slice(0, 1), (3, 2), (2, 2), 0, r.slice_of),
    Example(Slice(-1, -1, step=-2), (2, 4), (2, 2), 0, r.slice_of),
    Example(ReduceSum(0), (3, 2), (2,), 0, r.reduce_sum),
    Example(ReduceSum((0, -1), keepdims=True), (2, 3, 2), (1, 3, 1), 0, r.reduce_sum),
    Example(ReduceMean(), (2, 3), (1,), 0, r.reduce_mean),
    Example(ReduceMean((0, 1)), (2, 3, 2), (2,), 0, r.reduce_mean),
    Example(Scale(-2, 0.5), (2, 2), (2, 2), 0, r.scale),
    Example(Scale(Fraction(1, 3)), (3,), (3,), 0, r.scale),
    Example(AddParameter((3, 2)), (3, 2), (3, 2), 6, lambda layer, x, bias: x + bias),
    Example(AddParameter((2,)), (2, 2, 2), (2, 2, 2), 2, lambda layer, x, bias: x + bias),
    Example(MultiplyParameter((2, 1)), (2, 3), (2, 3), 2, lambda layer, x, weight: x * weight),
    Example(Pad(((1, 2), 0)), (2, 1, 2), (5, 1, 2), 0, moved.pad),
    Example(Pad((1, (0, 2)), value=0.5), (2, 2), (4, 4), 0, moved.pad),
    Example(Pad(1, "reflect"), (3, 2, 1), (5, 4, 1), 0, moved.pad),
    Example(Pad(((0, 3), 0), "replicate"), (2, 2), (5, 2), 0, moved.pad),
    Example(Pad(((2, 1),), "circular"), (2, 2), (5, 2), 0, moved.pad),
    Example(Upsample2D(2), (2, 2, 1), (4, 4, 1), 0, moved.nearest),
    Example(Upsample2D(size=(3, 2)), (2, 3, 1), (3, 2, 1), 0, moved.nearest),
    Example(Upsample2D((2, 1), mode="bilinear"), (2, 2, 1), (4, 2, 1), 0, moved.bilinear),
    Example(Upsample2D(size=(2, 3), mode="bilinear", align_corners=True), (3, 2, 2), (2, 3, 2), 0,
            moved.bilinear),
    Example(PixelShuffle(2), (1, 2, 8), (2, 4, 2), 0, moved.pixel_shuffle),
    Example(ChannelShuffle(2), (2, 6), (2, 6), 0, moved.channel_shuffle),
    Example(Dense(3), (4,), (3,), 15, r.dense),
    Example(Dense(1, bias=False), (3,), (1,), 3, r.dense),
    Example(Sigmoid(), (3,), (3,), 0, r.sigmoid),
    Example(Sigmoid(), (2, 2, 1), (2, 2, 1), 0, r.sigmoid),
    Example(Tanh(), (2, 1, 3), (2, 1, 3), 0, r.tanh),
    Example(ReLU(), (2, 3, 1), (2, 3, 1), 0, r.relu),
    Example(Conv1D(2, 3), (5, 2), (3, 2), 14, r.conv),
    Example(Conv1D(1, 2, stride=2, padding="same"), (5, 1), (3, 1), 3, r.conv),
    Example(Conv1D(2, 2, padding=(1, 2), dilation=2), (3, 1), (4, 2), 6, r.conv),
    Example(Conv1D(4, 2, stride=3, padding=1, groups=2, bias=False), (6, 4), (3, 4), 16, r.conv),
    Example(ConvTranspose2D(2, 2), (2, 3, 2), (3, 4, 2), 18, r.conv_transpose),
    Example(ConvTranspose2D(1, 3, stride=2, padding=1), (2, 3, 1), (3, 5, 1), 10,
            r.conv_transpose),
    Example(ConvTranspose2D(1, (1, 2), stride=(2, 3), bias=False), (2, 2, 1), (3, 5, 1), 2,
            r.conv_transpose),
    Example(ConvTranspose2D(1, 3, stride=(1, 2), padding=((2, 0), (1, 0))), (3, 2, 1), (3, 4, 1),
            10, r.conv_transpose),
    Example(ConvTranspose2D(1, (3, 1), stride=2, padding="same"), (2, 2, 1), (4, 4, 1), 4,
            r.conv_transpose),
    Example(ConvTranspose1D(1, 3, stride=2, padding=1), (3, 2), (5, 1), 7, r.conv_transpose),
    Example(ConvTranspose1D(4, 2, dilation=2, groups=2), (2, 2), (4, 4), 12, r.conv_transpose),
    Example(ConvTranspose2D(2, 2, stride=(2, 3), output_padding=(1, 2), groups=2), (2, 1, 2),
            (5, 4, 2), 10, r.conv_transpose),
    Example(ConvTranspose2D(1, 2, padding=((1, 0), 0), dilation=(1, 2)), (2, 2, 1), (2, 4, 1), 5,
            r.conv_transpose),
    Example(ConvTranspose3D(1, (2, 1, 2), bias=False), (1, 2, 1, 1), (2, 2, 2, 1), 4,
            r.conv_transpose),
    Example(Conv3D(2, (2, 1, 2)), (2, 2, 3, 1), (1, 2, 2, 2), 10, r.conv),
    Example(Conv3D(2, 2, stride=2, padding=(1, 0, 0), groups=2), (2, 2, 2, 2), (2, 1, 1, 2), 18,
            r.conv),
    Example(MaxPool3D(2, stride=1), (2, 3, 2, 1), (1, 2, 1, 1), 0, r.max_pool),
    Example(AvgPool3D((1, 2, 2), ceil_mode=True), (2, 2, 3, 1), (2, 1, 2, 1), 0, r.avg_pool),
    Example(LPPool2D(2, stride=1), (2, 3, 2), (1, 2, 2), 0, r.lp_pool2d),
    Example(LPPool2D((1, 2), norm=3), (1, 4, 1), (1, 2, 1), 0,
            r.lp_pool2d),
    Example(LPPool2D(2, norm=1), (2, 2, 1), (1, 1, 1), 0, r.lp_pool2d),
    Example(LocalResponseNorm(2), (1, 2, 3), (1, 2, 3), 0, r.local_response_norm),
    Example(LocalResponseNorm(3, alpha=0.5, beta=0.5, k=2), (3, 2), (3, 2), 0,
            r.local_response_norm),
    Example(MaxPool1D(2), (5, 2), (2, 2), 0, r.max_pool),
    Example(MaxPool1D(3, stride=2, padding=1, dilation=2), (6, 1), (2, 1), 0, r.max_pool),
    Example(MaxPool2D(2, stride=1, dilation=(1, 2)), (3, 4, 1), (2, 2, 1), 0, r.max_pool),
    Example(MaxPool2D(2, stride=2, padding="same", dilation=2), (3, 4, 1), (2, 2, 1), 0,
            r.max_pool),
    Example(AvgPool1D(2, stride=1, padding=(0, 1)), (3, 2), (3, 2), 0, r.avg_pool),
    Example(AvgPool1D(3, padding=1, count_include_pad=False), (4, 1), (2, 1), 0, r.avg_pool),
    Example(AvgPool2D(2, count_include_pad=False), (2, 4, 1), (1, 2, 1), 0, r.avg_pool),
    Example(AvgPool2D(3, stride=2, padding="same", count_include_pad=False), (3, 4, 2), (2, 2, 2),
            0, r.avg_pool),
    Example(MaxPool2D(2, ceil_mode=True), (3, 5, 1), (2, 3, 1), 0, r.max_pool),
    Example(MaxPool2D(2, stride=3, padding=1, ceil_mode=True), (3, 4, 1), (2, 2, 1), 0, r.max_pool),
    Example(MaxPool1D(3, stride=2, dilation=2, ceil_mode=True), (6, 1), (2, 1), 0, r.max_pool),
    Example(AvgPool1D(2, ceil_mode=True), (3, 2), (2, 2), 0, r.avg_pool),
    Example(AvgPool2D(3, stride=2, padding=1, ceil_mode=True), (4, 2, 1), (3, 2, 1), 0, r.avg_pool),
    Example(AvgPool2D((2, 3), padding=(1, 0), ceil_mode=True, count_include_pad=False), (2, 4, 1),
            (2, 2, 1), 0, r.avg_pool),
    Example(GlobalAvgPool2D(), (2, 3, 2), (2,), 0, r.global_avg_pool2d),
    Example(GlobalMaxPool2D(), (2, 3, 2), (2,), 0, r.global_max_pool2d),
    Example(GlobalMaxPool2D(ties="split"), (2, 2, 1), (1,), 0, r.global_max_pool2d),
    Example(AdaptiveAvgPool2D(2), (4, 2, 1), (2, 2, 1), 0, r.adaptive_avg_pool2d),
    Example(AdaptiveAvgPool2D((2, 3)), (3, 4, 1), (2, 3, 1), 0, r.adaptive_avg_pool2d),
    Example(AdaptiveAvgPool2D((3, 1)), (2, 3, 2), (3, 1, 2), 0, r.adaptive_avg_pool2d),
    Example(BatchNorm(), (2, 2, 2), (2, 2, 2), 4, r.batch_norm),
    Example(BatchNorm(epsilon=0.25), (3, 1), (3, 1), 2, r.batch_norm),
    Example(BatchNorm(affine=False), (2, 1, 2), (2, 1, 2), 0, r.batch_norm),
    Example(BatchNorm(mode="inference"), (2, 1, 2), (2, 1, 2), 4, r.normalised),
    Example(BatchNorm(0, affine=False, mode="inference"), (3, 2), (3, 2), 0, r.normalised),
    Example(LayerNorm(), (2, 3), (2, 3), 6, r.layer_norm),
    Example(LayerNorm(over=3, epsilon=0.25), (2, 1, 2), (2, 1, 2), 8, r.layer_norm),
    Example(LayerNorm(over=2, affine=False), (2, 2, 2), (2, 2, 2), 0, r.layer_norm),
    Example(RMSNorm(), (2, 3), (2, 3), 3, r.rms_norm),
    Example(RMSNorm(epsilon=0.5, affine=False), (3,), (3,), 0, r.rms_norm),
    Example(GroupNorm(2), (2, 1, 4), (2, 1, 4), 8, r.group_norm),
    Example(GroupNorm(1, affine=False), (3, 2), (3, 2), 0, r.group_norm),
    Example(InstanceNorm(), (2, 2, 2), (2, 2, 2), 0, r.instance_norm),
    Example(InstanceNorm(affine=True, epsilon=0.25), (3, 2), (3, 2), 4, r.instance_norm),
    Example(Dropout(), (2, 3), (2, 3), 0, r.dropout),
    Example(Dropout(rate=0.2), (2, 2, 1), (2, 2, 1), 0, r.dropout),
    Example(Dropout(masked=False), (3,), (3,), 0, lambda layer, x: x),
    Example(Input((2, 1)), (3,), (2, 1), 0, lambda layer, x, value: value),
    Example(Embedding(4, 2), (3,), (3, 2), 8, r.embedding),
    Example(Embedding(3, 1), (2, 2), (2, 2, 1), 3, r.embedding),
    Example(LeakyReLU(), (2, 3, 1), (2, 3, 1), 0, r.leaky_relu),
    Example(LeakyReLU(alpha=0.3), (6,), (6,), 0, r.leaky_relu),
    Example(ELU(), (6,), (6,), 0, r.elu),
    Example(ELU(alpha=Fraction(1, 3)), (2, 3), (2, 3), 0, r.elu),
    Example(Softplus(), (4,), (4,), 0, r.softplus),
    Example(SiLU(), (2, 2), (2, 2), 0, r.silu),
    Example(GELU(), (4,), (4,), 0, r.gelu),
    Example(GELU(approximate="tanh"), (2, 2), (2, 2), 0, r.gelu),
    Example(Mish(), (4,), (4,), 0, r.mish),
    Example(Clip(), (6,), (6,), 0, r.clip),
    Example(Clip(-0.5, Fraction(1, 3)), (2, 3, 1), (2, 3, 1), 0, r.clip),
    Example(ReLU6(), (6,), (6,), 0, r.relu6),
    Example(HardSigmoid(), (2, 3), (2, 3), 0, r.hard_sigmoid),
    Example(HardSwish(), (6,), (6,), 0, r.hard_swish),
    Example(PReLU(), (2, 2, 3), (2, 2, 3), 3, r.prelu),
    Example(PReLU(shared=True), (6,), (6,), 1, r.prelu),
    Example(Softmax(), (4,), (4,), 0, r.softmax),
    Example(Softmax(), (2, 1, 3), (2, 1, 3), 0, r.softmax),
    Example(Softmax(axis=0), (3, 2), (3, 2), 0, r.softmax),
    Example(LogSoftmax(axis=-2), (2, 2, 1), (2, 2, 1), 0, r.log_softmax),
    Example(LogSoftmax(), (3,), (3,), 0, r.log_softmax),
    Example(LogSoftmax(), (2, 2), (2, 2), 0, r.log_softmax),
    Example(Add(inputs=("x", "x")), (2, 3), (2, 3), 0, lambda layer, x: 2 * x),
    Example(Add(inputs=("pool1", "x")), (2, 2, 2), (2, 2, 2), 0,
            lambda layer, x: x + r.global_avg_pool2d(layer, x), (GlobalAvgPool2D(),)),
    Example(Subtract(inputs=("x", "pool1")), (2, 3, 2), (2, 3, 2), 0,
            lambda layer, x: x - r.global_avg_pool2d(layer, x), (GlobalAvgPool2D(),)),
    Example(Multiply(inputs=("x", "x", "x")), (4,), (4,), 0, lambda layer, x: x**3),
    Example(Multiply(inputs=("pool1", "x")), (2, 1, 2), (2, 1, 2), 0,
            lambda layer, x: x * r.global_avg_pool2d(layer, x), (GlobalAvgPool2D(),)),
    Example(Divide(inputs=("x", "softplus1")), (2, 2), (2, 2), 0,
            lambda layer, x: r.entrywise(r.real)(layer, x) / r.softplus(layer, x), (Softplus(),)),
    Example(MatMul(inputs=("x", "transpose1")), (2, 3), (2, 2), 0,
            lambda layer, x: products.matmul(layer, x, x.T), (Transpose(),)),
    Example(MatMul(True, True, inputs=("x", "transpose1")), (2, 3), (3, 3), 0,
            lambda layer, x: products.matmul(layer, x, x.T), (Transpose(),)),
    Example(MatMul(transpose_b=True, inputs=("x", "sum1")), (2, 1, 2), (2, 1, 1), 0,
            lambda layer, x: products.matmul(layer, x, x.sum(axis=0)), (ReduceSum(0),)),
    Example(MaxUnpool2D(2, inputs=("pool1", "x")), (4, 3, 1), (4, 3, 1), 0,
            lambda layer, x: products.put_back(layer, pooled(x, 2, 2), x), (MaxPool2D(2),)),
    Example(MaxUnpool2D((1, 2), (2, 3), inputs=("scale1", "x")), (3, 2, 2), (3, 2, 2), 0,
            lambda layer, x: products.put_back(layer, 2 * pooled(x, (1, 2), (2, 3)) + 1, x),
            (MaxPool2D((1, 2), (2, 3)), Scale(2, 1))),
    Example(Attention(inputs=("x", "x", "x")), (3, 2), (3, 2), 0,
            lambda layer, x: products.attention(layer, x, x, x)),
    Example(Attention(2, causal=True, inputs=("scale1", "x", "x")), (2, 4), (2, 4), 0,
            lambda layer, x: products.attention(layer, 2 * x, x, x), (Scale(2),)),
    Example(Attention(scale=0.5, inputs=("slice1", "x", "x")), (3, 2), (1, 2), 0,
            lambda layer, x: products.attention(layer, x[:1], x, x), (Slice(0, stop=1),)),
    Example(Concatenate(inputs=("x", "x", "x")), (2, 1, 2), (2, 1, 6), 0,
            lambda layer, x: np.concatenate([x, x, x], axis=2)),
]
# fmt: on
