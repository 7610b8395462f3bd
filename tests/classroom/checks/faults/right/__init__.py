"""Right implementations of backward passes, in the styles of others.

A table says how each is called: its layer, the layout of its arrays, and some calls in its own
layout, at numbers and settings that are drawn without symcnn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

import symcnn as sc
from tests.classroom.checks.faults.right import (
    activations,
    average_pooling,
    batch_norm,
    convolution_fft,
    convolution_groups,
    convolution_im2col,
    convolution_line,
    convolution_loops,
    convolution_slices,
    convolution_strides,
    convolution_taps,
    convolution_transposed,
    dense,
    layer_norm,
    max_pooling_flat,
    max_pooling_loops,
    max_pooling_scatter,
)

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Call:
    """One call in the function's own layout: the error signal, and what else is passed.

    With a forward pass, ``others`` are its arguments, and the backward pass takes its cache.
    """

    dout: Any
    others: Arguments


@dataclass(frozen=True)
class Right:
    """A right implementation.

    Attributes:
        name: What it is, and how it is written.
        backward: The backward pass.
        layers: What it is checked as: layers with settings, and the class if it takes these.
        draw: Draws a call.
        forward: The forward pass whose cache the backward pass takes, if it takes one.
        options: The layouts of its arrays.
    """

    name: str
    backward: Callable[..., Any]
    layers: tuple[Any, ...]
    draw: Callable[[np.random.Generator], Call]
    forward: Callable[..., Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> str:
        return self.backward.__module__

    def functions(self, names: Mapping[str, Any]) -> Any:
        """Return what is checked, with the functions of a module by their names."""
        backward = names[self.backward.__name__]
        return backward if self.forward is None else (names[self.forward.__name__], backward)

    def returned(self, functions: Any, call: Call) -> Sequence[Any]:
        """Return the arrays of one call."""
        if self.forward is None:
            made = functions(call.dout, *call.others)
        else:
            forward, backward = functions
            made = backward(call.dout, forward(*call.others)[1])
        return made if isinstance(made, tuple) else (made,)


NCHW, NHWC = {"layout": "NCHW"}, {"layout": "NHWC"}
OIHW, HWIO = {**NCHW, "kernel_layout": "OIHW"}, {**NHWC, "kernel_layout": "HWIO"}


def numbers(rng: np.random.Generator, *shape: int) -> Any:
    """Return normal numbers or, every other time, small integers, 0 among them."""
    if rng.integers(2):
        return rng.normal(size=shape)
    return rng.integers(-2, 3, size=shape).astype(float)


def some(rng: np.random.Generator, number: int, low: int, high: int) -> list[int]:
    return rng.integers(low, high + 1, size=number).tolist()


def _positions(size: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def convolution(
    rng: np.random.Generator,
    settings: Callable[[int, int], Arguments],
    *,
    first: bool = True,
    square: bool = False,
    bias: bool = True,
    stride: int = 3,
) -> Call:
    """Draw a call of a convolution; ``first`` is where channels stand."""
    n, channels, filters = some(rng, 3, 1, 3)
    kh, kw = some(rng, 2, 1, 3)
    kw = kh if square else kw
    step, padding = int(rng.integers(1, stride + 1)), int(rng.integers(0, 3))
    height, width = some(rng, 2, 3, 6)
    rows, columns = _positions(height, kh, step, padding), _positions(width, kw, step, padding)
    if first:
        x, w = numbers(rng, n, channels, height, width), numbers(rng, filters, channels, kh, kw)
        dout = numbers(rng, n, filters, rows, columns)
    else:
        x, w = numbers(rng, n, height, width, channels), numbers(rng, kh, kw, channels, filters)
        dout = numbers(rng, n, rows, columns, filters)
    given = (x, w, numbers(rng, filters)) if bias else (x, w)
    return Call(dout, (*given, *settings(step, padding)))


def dilated(rng: np.random.Generator) -> Call:
    n, channels, filters = some(rng, 3, 1, 3)
    kh, kw, step, dilation = some(rng, 4, 1, 2)
    padding, height, width = int(rng.integers(0, 3)), *some(rng, 2, 4, 6)
    rows = _positions(height, kh, step, padding, dilation)
    columns = _positions(width, kw, step, padding, dilation)
    x, w = numbers(rng, n, height, width, channels), numbers(rng, kh, kw, channels, filters)
    dout = numbers(rng, n, rows, columns, filters)
    return Call(dout, (x, w, numbers(rng, filters), step, padding, dilation))


def in_groups(rng: np.random.Generator) -> Call:
    n, groups, channels, each = some(rng, 4, 1, 2)
    kh, kw, step = some(rng, 3, 1, 3)
    padding, height, width = int(rng.integers(0, 2)), *some(rng, 2, 3, 5)
    rows, columns = _positions(height, kh, step, padding), _positions(width, kw, step, padding)
    x = numbers(rng, n, groups * channels, height, width)
    w = numbers(rng, groups * each, channels, kh, kw)
    dout = numbers(rng, n, groups * each, rows, columns)
    return Call(dout, (x, w, step, padding, groups))


def along_a_line(rng: np.random.Generator) -> Call:
    n, channels, filters, kernel = some(rng, 4, 1, 3)
    length = int(rng.integers(kernel, 7))
    x, w = numbers(rng, n, channels, length), numbers(rng, filters, channels, kernel)
    dout = numbers(rng, n, filters, length - kernel + 1)
    return Call(dout, (x, w, numbers(rng, filters)))


def transposed(rng: np.random.Generator) -> Call:
    n, channels, filters, kh, kw, stride, height, width = some(rng, 8, 1, 3)
    x, w = numbers(rng, n, height, width, channels), numbers(rng, kh, kw, channels, filters)
    dout = numbers(rng, n, stride * (height - 1) + kh, stride * (width - 1) + kw, filters)
    return Call(dout, (x, w, numbers(rng, filters), stride))


def affine(rng: np.random.Generator, *, turned: bool = False) -> Call:
    n, units, inputs = some(rng, 3, 1, 4)
    x, dout = numbers(rng, n, inputs), numbers(rng, n, units)
    if turned:
        return Call(dout, (x, numbers(rng, units, inputs)))
    return Call(dout, (x, numbers(rng, inputs, units), numbers(rng, units)))


def pooling(
    rng: np.random.Generator,
    settings: Callable[[int, int, int], Arguments],
    *,
    first: bool = True,
    padded: bool = False,
    axes: int = 2,
) -> Call:
    """Draw a call of a pooling with square windows; no maxima are tied: any choice were right."""
    n, channels, size, stride = some(rng, 4, 1, 3)
    padding = int(rng.integers(0, size // 2 + 1)) if padded else 0
    sizes = some(rng, axes, 3, 6)
    positions = [_positions(length, size, stride, padding) for length in sizes]
    x = rng.normal(size=(n, channels, *sizes) if first else (n, *sizes, channels))
    dout = numbers(rng, n, channels, *positions) if first else numbers(rng, n, *positions, channels)
    return Call(dout, (x, *settings(size, stride, padding)))


def in_a_dictionary(rng: np.random.Generator) -> Call:
    """Draw a call of a pooling whose windows need not be square."""
    n, channels, height, width, stride = some(rng, 5, 1, 3)
    rows, columns = some(rng, 2, 3, 6)
    given = {"pool_height": height, "pool_width": width, "stride": stride}
    positions = _positions(rows, height, stride, 0), _positions(columns, width, stride, 0)
    x = rng.normal(size=(n, channels, rows, columns))
    return Call(numbers(rng, n, channels, *positions), (x, given))


def entrywise(rng: np.random.Generator, *further: Any) -> Call:
    """Draw a call of a function of entries; none is 0, where a rectifier has any slope."""
    shape = some(rng, 2, 1, 5)
    return Call(numbers(rng, *shape), (rng.normal(size=shape), *further))


def normalised(rng: np.random.Generator, *axes: int, parameters: int = 2) -> Call:
    n, channels = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    shape = (n, channels, *some(rng, len(axes), 1, 3))
    given = [rng.normal(size=channels) for _ in range(parameters)]
    return Call(rng.normal(size=shape), (rng.normal(size=shape), *given, 0.25))


def _as_parameters(stride: int, padding: int) -> Arguments:
    return ({"stride": stride, "pad": padding},)


def _both(stride: int, padding: int) -> Arguments:
    return (stride, padding)


_CONVS = (sc.Conv2D(3, (3, 2), stride=2, padding=1), sc.Conv2D(2, (2, 3)), sc.Conv2D(2, (3, 1)))
_EPSILON = 0.25

RIGHT: tuple[Right, ...] = (
    Right(
        "convolution, loops over windows",
        convolution_loops.conv_backward_naive,
        (*_CONVS, sc.Conv2D),
        partial(convolution, settings=_as_parameters),
        convolution_loops.conv_forward_naive,
        OIHW,
    ),
    Right(
        "convolution, im2col and np.add.at",
        convolution_im2col.backward,
        (*_CONVS, sc.Conv2D),
        partial(convolution, settings=_both),
        convolution_im2col.forward,
        OIHW,
    ),
    Right(
        "convolution, views and einsum",
        convolution_strides.backward,
        (*_CONVS, sc.Conv2D),
        partial(convolution, settings=_both, bias=False),
        options=OIHW,
    ),
    Right(
        "convolution, Fourier transform",
        convolution_fft.backward,
        (sc.Conv2D(3, (3, 2), padding=1), sc.Conv2D),
        partial(convolution, settings=lambda _, padding: (padding,), bias=False, stride=1),
        options=OIHW,
    ),
    Right(
        "convolution, slices of the padded input",
        convolution_slices.conv_backward,
        (sc.Conv2D(4, 3, stride=2, padding=1), sc.Conv2D(3, 2), sc.Conv2D),
        partial(convolution, settings=_as_parameters, first=False, square=True),
        convolution_slices.conv_forward,
        HWIO,
    ),
    Right(
        "convolution, tap by tap",
        convolution_taps.backward,
        (sc.Conv2D(3, (3, 2), stride=2, padding=1, dilation=2), sc.Conv2D),
        dilated,
        options=HWIO,
    ),
    Right(
        "convolution in groups",
        convolution_groups.backward,
        (sc.Conv2D(4, (3, 2), stride=2, padding=1, groups=2), sc.Conv2D),
        in_groups,
        options=OIHW,
    ),
    Right(
        "convolution along a line, np.convolve",
        convolution_line.backward,
        (sc.Conv1D(3, 3), sc.Conv1D),
        along_a_line,
        options={"layout": "NCL", "kernel_layout": "OIL"},
    ),
    Right(
        "transposed convolution, stamps",
        convolution_transposed.backward,
        (sc.ConvTranspose2D(3, (3, 2), stride=2), sc.ConvTranspose2D),
        transposed,
        convolution_transposed.forward,
        HWIO,
    ),
    Right(
        "affine, x w + b",
        dense.affine_backward,
        (sc.Dense(3),),
        affine,
        dense.affine_forward,
        {"kernel_layout": "IO"},
    ),
    Right(
        "linear, einsum",
        dense.linear_backward,
        (sc.Dense(3),),
        partial(affine, turned=True),
        options={"kernel_layout": "OI"},
    ),
    Right(
        "max-pooling, loops and argmax",
        max_pooling_loops.max_pool_backward_naive,
        (sc.MaxPool2D((3, 2), stride=2), sc.MaxPool2D(2, stride=1)),
        in_a_dictionary,
        max_pooling_loops.max_pool_forward_naive,
        NCHW,
    ),
    Right(
        "max-pooling, views and np.add.at",
        max_pooling_scatter.backward,
        (sc.MaxPool2D(3, stride=2), sc.MaxPool2D),
        partial(pooling, settings=lambda size, stride, _: (size, stride), first=False),
        options=NHWC,
    ),
    Right(
        "max-pooling along a line",
        max_pooling_flat.backward,
        (sc.MaxPool1D(3, stride=2, padding=1), sc.MaxPool1D),
        partial(pooling, settings=lambda *all_of_them: all_of_them, padded=True, axes=1),
        options={"layout": "NCL"},
    ),
    Right(
        "average pooling, loops",
        average_pooling.loops_backward,
        (sc.AvgPool2D(3, stride=2), sc.AvgPool2D),
        partial(pooling, settings=lambda size, stride, _: (size, stride)),
        options=NCHW,
    ),
    Right(
        "average pooling, tap by tap",
        average_pooling.taps_backward,
        (sc.AvgPool2D(3, stride=2, padding=1), sc.AvgPool2D),
        partial(pooling, settings=lambda *all_of_them: all_of_them, first=False, padded=True),
        options=NHWC,
    ),
    Right("relu", activations.relu_backward, (sc.ReLU(),), entrywise, activations.relu_forward),
    Right(
        "leaky relu",
        activations.leaky_backward,
        (sc.LeakyReLU(alpha=0.125), sc.LeakyReLU),
        lambda rng: entrywise(rng, 0.125),
    ),
    Right(
        "sigmoid",
        activations.sigmoid_backward,
        (sc.Sigmoid(),),
        entrywise,
        activations.sigmoid_forward,
    ),
    Right("tanh", activations.tanh_backward, (sc.Tanh(),), entrywise),
    Right("softmax", activations.softmax_backward, (sc.Softmax(),), entrywise),
    Right("softmax, Jacobian", activations.softmax_by_jacobian, (sc.Softmax(),), entrywise),
    Right(
        "batch norm, node by node",
        batch_norm.batchnorm_backward,
        (sc.BatchNorm(epsilon=_EPSILON),),
        normalised,
        batch_norm.batchnorm_forward,
    ),
    Right(
        "batch norm, compact",
        batch_norm.batchnorm_backward_alt,
        (sc.BatchNorm(epsilon=_EPSILON),),
        partial(normalised, parameters=1),
    ),
    Right(
        "batch norm of images",
        batch_norm.spatial_backward,
        (sc.BatchNorm(epsilon=_EPSILON),),
        lambda rng: normalised(rng, 1, 1, parameters=1),
        options=NCHW,
    ),
    Right(
        "layer norm",
        layer_norm.layernorm_backward,
        (sc.LayerNorm(epsilon=_EPSILON),),
        normalised,
        layer_norm.layernorm_forward,
    ),
)
