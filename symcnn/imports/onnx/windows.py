"""ONNX: convolutions and pools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations.windows import (
    Pads,
    convolution,
    narrow,
    of_axes,
    other,
    padding,
    pool,
    transposed,
)
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators()


def _pads(n: Node, x: Placed, kernel: Sequence[int]) -> Pads:
    """Return what is added on both sides of each axis, however that is stated."""
    axes = len(kernel)
    auto = n.get("auto_pad", "NOTSET")
    if auto == "VALID":
        return [(0, 0)] * axes
    if auto == "NOTSET":
        pads = n.get("pads") or [0] * (2 * axes)
        return list(zip(pads[:axes], pads[axes:], strict=True))
    total = [
        max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0)
        for size, k, s, d in zip(x.stated[2:], kernel, *_steps(n, axes), strict=True)
    ]
    less, more = [t // 2 for t in total], [t - t // 2 for t in total]
    sides = (less, more) if auto == "SAME_UPPER" else (more, less)
    return list(zip(*sides, strict=True))


def _steps(n: Node, axes: int) -> tuple[Sequence[int], Sequence[int]]:
    return n.get("strides") or [1] * axes, n.get("dilations") or [1] * axes


@OPERATORS.of("Conv")
def _convolution(b: Builder, n: Node) -> Placed:
    x, weight = b.tensor(n, "X"), b.array(n, "W")
    kernel = weight.array.shape[2:]
    stride, dilation = _steps(n, len(kernel))
    return convolution(
        b,
        x,
        weight,
        b.constant(n, "B"),
        stride=stride,
        pads=_pads(n, x, kernel),
        dilation=dilation,
        groups=n.get("group", 1),
    )


@OPERATORS.of("ConvTranspose")
def _transposed(b: Builder, n: Node) -> Placed:
    weight = b.array(n, "W")
    axes = weight.array.ndim - 2
    if n.get("output_shape") or n.get("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        raise SymcnnError("output_shape or auto_pad is given: give pads and output_padding")
    stride, dilation = _steps(n, axes)
    pads = n.get("pads") or [0] * (2 * axes)
    return transposed(
        b,
        b.batch(n, "X"),
        weight,
        b.constant(n, "B"),
        stride=stride,
        pads=list(zip(pads[:axes], pads[axes:], strict=True)),
        dilation=dilation,
        groups=n.get("group", 1),
        more=n.get("output_padding") or [0] * axes,
    )


@OPERATORS.of("MaxPool")
def _max_pool(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "X")
    axes = len(x.shape) - 2
    dilation = narrow(_steps(n, axes)[1])
    made = of_axes(axes, layers.MaxPool1D, layers.MaxPool2D, layers.MaxPool3D)
    return pool(b, x, made(**_pool(n, x), dilation=dilation))


@OPERATORS.of("AveragePool")
def _avg_pool(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "X")
    if any(d != 1 for d in _steps(n, len(x.shape) - 2)[1]):
        raise SymcnnError("the mean of a dilated window is not known: use a dilation of 1")
    made = of_axes(len(x.shape) - 2, layers.AvgPool1D, layers.AvgPool2D, layers.AvgPool3D)
    counted = bool(n.get("count_include_pad", 0))
    return pool(b, x, made(**_pool(n, x), count_include_pad=counted))


@OPERATORS.of("LpPool")
def _norm_pool(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "X")
    if len(x.shape) != 4 or any(d != 1 for d in _steps(n, len(x.shape) - 2)[1]):
        raise SymcnnError("a norm along other axes, or dilated, is not known: use images")
    return pool(b, x, layers.LPPool2D(**_pool(n, x), norm=n.get("p", 2)))


@OPERATORS.of("LRN")
def _response_norm(b: Builder, n: Node) -> Placed:
    size = n.arguments["size"]
    if size % 2 == 0:
        raise SymcnnError("size is even, so that channels behind outnumber those before: use odd")
    layer = layers.LocalResponseNorm(size, n.get("alpha"), n.get("beta"), n.get("bias"))
    return pool(b, b.batch(n, "X"), layer)


def _pool(n: Node, x: Placed) -> dict[str, Any]:
    """Return size, stride, padding and rounding of a pool."""
    kernel = n.arguments["kernel_shape"]
    return {
        "pool_size": narrow(kernel),
        "stride": other(_steps(n, len(kernel))[0], kernel),
        "padding": padding(_pads(n, x, kernel)),
        "ceil_mode": bool(n.get("ceil_mode", 0)),
    }


@OPERATORS.of("GlobalAveragePool")
def _global_average(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "X")
    if len(x.shape) == 4:
        return pool(b, x, layers.AdaptiveAvgPool2D(1))
    made = of_axes(len(x.shape) - 2, layers.AvgPool1D, layers.AvgPool2D, layers.AvgPool3D)
    return pool(b, x, made(narrow(x.shape[2:])))


@OPERATORS.of("GlobalMaxPool")
def _global_maximum(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "X")
    made = of_axes(len(x.shape) - 2, layers.MaxPool1D, layers.MaxPool2D, layers.MaxPool3D)
    return pool(b, x, made(narrow(x.shape[2:])))
