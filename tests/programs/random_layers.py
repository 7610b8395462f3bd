"""Random layers of every type, for an input of a given shape."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod

from symcnn.equations.notation import Shape
from symcnn.network import layers
from tests.network.layers.formulas import FORMULAS

Draw = Callable[[random.Random, Shape], layers.Layer]
"""Draws a layer for an input shape; it need not fit."""


def _convolution(kind: type, axes: int) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        size, stride, padding = _window(drawn, axes, most_padding=3)
        dilation = tuple(drawn.choice([1, 1, 2, 3]) for _ in range(axes))
        groups, bias = drawn.choice([1, 1, 2]), drawn.random() < 0.5
        filters = drawn.choice([1, 2, 4])
        return kind(filters, size, stride, padding, dilation=dilation, groups=groups, bias=bias)

    return draw


def _transposed(kind: type, axes: int) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        size, stride, padding = _window(drawn, axes, most_padding=2)
        further = tuple(drawn.choice([0, step - 1]) for step in stride)
        dilation, groups = drawn.choice([1, 1, 2]), drawn.choice([1, 1, 2])
        settings = {"output_padding": further, "dilation": dilation, "groups": groups}
        return kind(drawn.choice([1, 2]), size, stride, padding, **settings)

    return draw


def _max_pool(kind: type, axes: int) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        ties, dilation = drawn.choice(["first", "first", "split"]), drawn.choice([1, 1, 2])
        window, ceil_mode = _window(drawn, axes), drawn.random() < 0.3
        return kind(*window, ties=ties, dilation=dilation, ceil_mode=ceil_mode)

    return draw


def _avg_pool(kind: type, axes: int) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        window, counted = _window(drawn, axes), drawn.random() < 0.5
        return kind(*window, count_include_pad=counted, ceil_mode=_can_count(drawn, window))

    return draw


def _can_count(drawn: random.Random, window: tuple) -> bool:
    """Choose whether positions are rounded up; the reference in PyTorch has symmetric padding."""
    return drawn.random() < 0.4 and window[2] == 0


def _batch_norm(drawn: random.Random, shape: Shape) -> layers.Layer:
    # A large epsilon: without it few values of a channel are ±1 whatever the input, and
    # the derivative is a rounding error.
    mode = drawn.choice(["training", "training", "inference"])
    epsilon, affine = drawn.choice([1, 0.5, 3]), drawn.random() < 0.7
    return layers.BatchNorm(epsilon=epsilon, affine=affine, mode=mode)


def _group_norm(drawn: random.Random, shape: Shape) -> layers.Layer:
    groups = drawn.choice([1, 1, 2, shape[-1]])
    return layers.GroupNorm(groups, epsilon=drawn.choice([1, 3]), affine=drawn.random() < 0.6)


def _layer_norm(kind: type) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        over, affine = drawn.randint(1, len(shape)), drawn.random() < 0.6
        return kind(over, epsilon=drawn.choice([1, 0.5, 3]), affine=affine)

    return draw


def _window(drawn: random.Random, axes: int, most_padding: int = 1) -> tuple:
    size = tuple(drawn.randint(1, 3) for _ in range(axes))
    stride = tuple(drawn.randint(1, 3) for _ in range(axes))
    pads = tuple((drawn.randint(0, most_padding), drawn.randint(0, most_padding)) for _ in size)
    return size, stride, drawn.choice([0, pads, "same"])


def _reshape(drawn: random.Random, shape: Shape) -> layers.Layer:
    """Draw a shape with as many entries: factors of their number in some order."""
    left, lengths = prod(shape), []
    while left > 1 and len(lengths) < 2:
        lengths.append(drawn.choice([n for n in range(2, left + 1) if left % n == 0]))
        left //= lengths[-1]
    return layers.Reshape(tuple(drawn.sample([*lengths, left], len(lengths) + 1)))


def _transpose(drawn: random.Random, shape: Shape) -> layers.Layer:
    return layers.Transpose(tuple(drawn.sample(range(len(shape)), len(shape))))


def _slice(drawn: random.Random, shape: Shape) -> layers.Layer:
    axis, step = drawn.randrange(-len(shape), len(shape)), drawn.choice([1, 1, 2, -1, -2])
    start = drawn.choice([None, drawn.randrange(shape[axis])])
    return layers.Slice(axis, start, step=step)


def _reduce(kind: type) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        axes = drawn.sample(range(len(shape)), drawn.randint(1, len(shape)))
        axis = drawn.choice([axes[0] - len(shape), tuple(axes), None])
        return kind(axis, drawn.random() < 0.5)

    return draw


def _reduce_max(drawn: random.Random, shape: Shape) -> layers.Layer:
    made = _reduce(layers.ReduceMax)(drawn, shape)
    return replace(made, ties=drawn.choice(["first", "first", "split"]))


def _elementwise(drawn: random.Random, shape: Shape) -> layers.Layer:
    text = drawn.choice([text for text in FORMULAS if "x1" not in text])
    own = {"weight_shape": "w" in text.replace("where", ""), "constant_shape": " c" in text}
    return layers.Elementwise(text, **{key: shape[-1:] for key, held in own.items() if held})


def _learned(kind: type) -> Draw:
    def draw(drawn: random.Random, shape: Shape) -> layers.Layer:
        own = tuple(drawn.choice([1, n]) for n in shape)
        return kind(own[drawn.randrange(len(shape)) :])

    return draw


def _pad(drawn: random.Random, shape: Shape) -> layers.Layer:
    pads = tuple(
        drawn.choice([0, (drawn.randint(0, 2), drawn.randint(0, 2))])
        for _ in shape[: 2 + len(shape) % 2]
    )
    mode = drawn.choice(["constant", "constant", "reflect", "replicate", "circular"])
    return layers.Pad(pads, mode, drawn.choice([0, 0.5]) if mode == "constant" else 0)


def _upsample(drawn: random.Random, shape: Shape) -> layers.Layer:
    mode, corners = drawn.choice(["nearest", "bilinear"]), drawn.random() < 0.5
    size = (drawn.randint(1, 4), drawn.randint(1, 4))
    if drawn.random() < 0.5:
        return layers.Upsample2D(drawn.choice([1, 2, (2, 1)]), mode=mode, align_corners=corners)
    return layers.Upsample2D(size=size, mode=mode, align_corners=corners)


def _channel_shuffle(drawn: random.Random, shape: Shape) -> layers.Layer:
    return layers.ChannelShuffle(
        drawn.choice([n for n in range(1, shape[-1] + 1) if shape[-1] % n == 0])
    )


def _plain(kind: type) -> Draw:
    return lambda drawn, shape: kind()


IMAGE: Mapping[str, Draw] = {
    "Conv2D": _convolution(layers.Conv2D, 2),
    "ConvTranspose2D": _transposed(layers.ConvTranspose2D, 2),
    "LPPool2D": lambda drawn, shape: layers.LPPool2D(*_window(drawn, 2), norm=1),
    "MaxPool2D": _max_pool(layers.MaxPool2D, 2),
    "AvgPool2D": _avg_pool(layers.AvgPool2D, 2),
    "GlobalAvgPool2D": _plain(layers.GlobalAvgPool2D),
    "GlobalMaxPool2D": lambda drawn, shape: layers.GlobalMaxPool2D(
        drawn.choice(["first", "split"])
    ),
    "AdaptiveAvgPool2D": lambda drawn, shape: layers.AdaptiveAvgPool2D(
        drawn.choice([1, 2, (2, 3)])
    ),
    "Upsample2D": _upsample,
    "PixelShuffle": lambda drawn, shape: layers.PixelShuffle(2 if shape[-1] % 4 == 0 else 1),
    "Flatten": _plain(layers.Flatten),
}
SEQUENCE: Mapping[str, Draw] = {
    "Conv1D": _convolution(layers.Conv1D, 1),
    "ConvTranspose1D": _transposed(layers.ConvTranspose1D, 1),
    "MaxPool1D": _max_pool(layers.MaxPool1D, 1),
    "AvgPool1D": _avg_pool(layers.AvgPool1D, 1),
    "Flatten": _plain(layers.Flatten),
}
VOLUME: Mapping[str, Draw] = {
    "Conv3D": _convolution(layers.Conv3D, 3),
    "ConvTranspose3D": _transposed(layers.ConvTranspose3D, 3),
    "MaxPool3D": _max_pool(layers.MaxPool3D, 3),
    "AvgPool3D": _avg_pool(layers.AvgPool3D, 3),
    "Flatten": _plain(layers.Flatten),
}
VECTOR: Mapping[str, Draw] = {
    "Dense": lambda drawn, shape: layers.Dense(drawn.randint(1, 4), bias=drawn.random() < 0.5),
}
ENTRYWISE: Mapping[str, Draw] = {
    **{
        kind.__name__: _plain(kind)
        for kind in (
            *(layers.Sigmoid, layers.Tanh, layers.ReLU, layers.Softplus, layers.SiLU),
            *(layers.Mish, layers.ReLU6, layers.HardSigmoid, layers.HardSwish),
        )
    },
    "Softmax": lambda drawn, shape: layers.Softmax(drawn.choice([-1, -1, 0])),
    "LogSoftmax": lambda drawn, shape: layers.LogSoftmax(drawn.choice([-1, -1, 0])),
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Slice": _slice,
    "Pad": _pad,
    "LocalResponseNorm": lambda drawn, shape: layers.LocalResponseNorm(
        drawn.randint(1, 3), drawn.choice([0.5, 1]), drawn.choice([0.5, 0.75]), 2
    ),
    "ChannelShuffle": _channel_shuffle,
    "ReduceSum": _reduce(layers.ReduceSum),
    "ReduceMean": _reduce(layers.ReduceMean),
    "ReduceMax": _reduce_max,
    "ReduceProd": _reduce(layers.ReduceProd),
    "ReduceLogSumExp": _reduce(layers.ReduceLogSumExp),
    "Elementwise": _elementwise,
    "Scale": lambda drawn, shape: layers.Scale(drawn.choice([-1, 0.5, 2]), drawn.choice([0, 0.25])),
    "AddParameter": _learned(layers.AddParameter),
    "MultiplyParameter": _learned(layers.MultiplyParameter),
    "LeakyReLU": lambda drawn, shape: layers.LeakyReLU(drawn.choice([0, 0.2, 0.01])),
    "ELU": lambda drawn, shape: layers.ELU(drawn.choice([1, 0.5])),
    "GELU": lambda drawn, shape: layers.GELU(drawn.choice(["none", "tanh"])),
    "Clip": lambda drawn, shape: layers.Clip(drawn.choice([-1, -0.5]), drawn.choice([0, 0.25])),
    "PReLU": lambda drawn, shape: layers.PReLU(shared=drawn.random() < 0.3),
    "BatchNorm": _batch_norm,
    "LayerNorm": _layer_norm(layers.LayerNorm),
    "RMSNorm": _layer_norm(layers.RMSNorm),
    "GroupNorm": _group_norm,
    "InstanceNorm": lambda drawn, shape: layers.InstanceNorm(1, affine=drawn.random() < 0.5),
    "Input": lambda drawn, shape: layers.Input(shape),
    "Dropout": lambda drawn, shape: layers.Dropout(drawn.choice([0, 0.2, 0.5])),
}


KINDS = {**VOLUME, **IMAGE, **SEQUENCE, **VECTOR, **ENTRYWISE}


def drawn_layer(drawn: random.Random, shape: Shape) -> layers.Layer:
    """Draw a layer of a type that takes inputs of this rank."""
    moving = {1: VECTOR, 2: SEQUENCE, 3: IMAGE, 4: VOLUME}[len(shape)]
    kinds = moving if drawn.random() < 0.6 else ENTRYWISE
    return kinds[drawn.choice(list(kinds))](drawn, shape)
