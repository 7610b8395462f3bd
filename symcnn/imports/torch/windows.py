"""PyTorch: convolutions and pools."""

from __future__ import annotations

from math import ceil
from typing import Any, NoReturn

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations.images import padded, resized
from symcnn.imports.operations.windows import (
    convolution,
    narrow,
    of_axes,
    other,
    padding,
    per_axis,
    pool,
    symmetric,
    transposed,
)
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators("aten.")


@OPERATORS.of(*(f"conv{axes}d.{way}" for axes in (1, 2, 3) for way in ("default", "padding")))
def _convolution(b: Builder, n: Node) -> Placed:
    x, weight = b.tensor(n, "input"), b.array(n, "weight")
    axes = len(x.stated) - 2
    stride, dilation = (per_axis(n.get(key, 1), axes) for key in ("stride", "dilation"))
    pads = n.get("padding", 0)
    if isinstance(pads, str):
        sizes = zip(weight.array.shape[2:], dilation, strict=True)
        total = [d * (k - 1) if pads == "same" else 0 for k, d in sizes]
        pads = [(n // 2, n - n // 2) for n in total]
    else:
        pads = symmetric(pads, axes)
    return convolution(
        b,
        x,
        weight,
        b.constant(n, "bias"),
        stride=stride,
        pads=pads,
        dilation=dilation,
        groups=n.get("groups", 1),
    )


@OPERATORS.of(
    *(f"conv_transpose{axes}d.{way}" for axes in (1, 2, 3) for way in ("input", "default"))
)
def _transposed(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "input")
    axes = len(x.shape) - 2
    return transposed(
        b,
        x,
        b.array(n, "weight"),
        b.constant(n, "bias"),
        stride=per_axis(n.get("stride", 1), axes),
        pads=symmetric(n.get("padding", 0), axes),
        dilation=per_axis(n.get("dilation", 1), axes),
        groups=n.get("groups", 1),
        more=per_axis(n.get("output_padding", 0), axes),
    )


@OPERATORS.of("max_pool1d.default", "max_pool2d.default", "max_pool3d.default")
def _max_pool(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "self")
    axes = len(x.shape) - 2
    made = of_axes(axes, layers.MaxPool1D, layers.MaxPool2D, layers.MaxPool3D)
    dilation = narrow(per_axis(n.get("dilation", 1), axes))
    return pool(b, x, made(**_pool(n, axes), dilation=dilation))


@OPERATORS.of("avg_pool1d.default", "avg_pool2d.default", "avg_pool3d.default")
def _avg_pool(b: Builder, n: Node) -> Placed:
    if n.get("divisor_override") is not None:
        raise SymcnnError("divisor_override is given: leave it out")
    x = b.batch(n, "self")
    axes = len(x.shape) - 2
    made = of_axes(axes, layers.AvgPool1D, layers.AvgPool2D, layers.AvgPool3D)
    counted = n.get("count_include_pad", True)
    return pool(b, x, made(**_pool(n, axes), count_include_pad=counted))


def _pool(n: Node, axes: int) -> dict[str, Any]:
    """Return size, stride, padding and rounding of a pool."""
    size = per_axis(n.arguments["kernel_size"], axes)
    return {
        "pool_size": narrow(size),
        "stride": other(per_axis(n.get("stride") or size, axes), size),
        "padding": padding(symmetric(n.get("padding", 0), axes)),
        "ceil_mode": bool(n.get("ceil_mode", False)),
    }


@OPERATORS.of("adaptive_avg_pool2d.default")
def _adaptive_average(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "self")
    size = [m or own for m, own in zip(n.arguments["output_size"], x.shape[2:], strict=True)]
    return pool(b, x, layers.AdaptiveAvgPool2D(narrow(size)))


@OPERATORS.of("adaptive_avg_pool1d.default", "adaptive_avg_pool3d.default")
def _adaptive_average_of_others(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "self")
    made = of_axes(len(x.shape) - 2, layers.AvgPool1D, layers.AvgPool2D, layers.AvgPool3D)
    return pool(b, x, made(_window(x, n)))


@OPERATORS.of(*(f"adaptive_max_pool{axes}d.default" for axes in (1, 2, 3)))
def _adaptive_maximum(b: Builder, n: Node) -> Placed:
    x = b.batch(n, "self")
    made = of_axes(len(x.shape) - 2, layers.MaxPool1D, layers.MaxPool2D, layers.MaxPool3D)
    return pool(b, x, made(_window(x, n)))


def _window(x: Placed, n: Node) -> Any:
    """Return the windows of an adaptive pool, if all have one size."""
    counts = per_axis(n.arguments["output_size"], len(x.shape) - 2)
    pairs = list(zip(x.shape[2:], counts, strict=True))
    if any(length % count for length, count in pairs):
        raise SymcnnError("the windows differ in size: use an image whose size is a multiple")
    return narrow([ceil(length / count) for length, count in pairs])


@OPERATORS.of(
    *("pad.default", "constant_pad_nd.default"),
    *(f"{way}_pad{axes}d.default" for way in ("reflection", "replication") for axes in (1, 2, 3)),
)
def _pad(b: Builder, n: Node) -> Placed:
    """Pads are listed from the last axis on, before and behind each."""
    x, listed = b.batch(n, "self"), n.get("pad") or n.get("padding")
    named = {"reflection": "reflect", "replication": "replicate", "constant": "constant"}
    way = n.operator.removeprefix("aten.").split("_")[0]
    mode = named.get(way) or n.get("mode", "constant")
    pairs = zip(listed[::2], listed[1::2], strict=True)
    pads = {len(x.shape) - 1 - at: pair for at, pair in enumerate(pairs)}
    return padded(b, x, pads, mode, n.get("value", 0))


@OPERATORS.of("upsample_nearest2d.vec", "upsample_nearest2d.default")
def _nearest(b: Builder, n: Node) -> Placed:
    """PyTorch finds the nearest entries in 32 bits."""
    x = _input(b, n)
    for length, made, scale in zip(x.shape[2:], n.shape[2:], _scales(n), strict=True):
        step = np.float32(1 / scale if scale else np.float32(length) / np.float32(made))
        taken = (np.arange(made, dtype=np.float32) * step).astype(int).clip(max=length - 1)
        if made != length and (taken != np.arange(made) * length // made).any():
            _refuse_ratio(length, made, scale)
    return resized(b, x, n.shape[2:], "nearest")


@OPERATORS.of("upsample_bilinear2d.vec", "upsample_bilinear2d.default")
def _bilinear(b: Builder, n: Node) -> Placed:
    x, corners = _input(b, n), n.get("align_corners", False)
    for length, made, scale in zip(x.shape[2:], n.shape[2:], _scales(n), strict=True):
        if scale and not corners and made not in (length, scale * length):
            _refuse_ratio(length, made, scale)
    return resized(b, x, n.shape[2:], "bilinear", corners)


def _scales(n: Node) -> list[float | None]:
    """Return by what the positions of entries are divided; None stands for the ratio of sizes."""
    return n.get("scale_factors") or [n.get("scales_h"), n.get("scales_w")]


def _refuse_ratio(length: int, made: int, scale: float | None) -> NoReturn:
    """Say why entries of the source are found elsewhere than at the ratio of both sizes."""
    if scale:
        raise SymcnnError(
            f"positions are divided by the factor {scale:g}, not by {made}/{length}: set "
            "recompute_scale_factor=True"
        )
    raise SymcnnError(
        f"PyTorch rounds {length}/{made} to 32 bits and takes other entries: choose another size"
    )


def _input(b: Builder, n: Node) -> Placed:
    return b.batch(n, "input" if "input" in n.arguments else "self")
