"""Convolutions and pools of PyTorch and of ONNX: settings under two names, and one reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symcnn.equations.notation import dimensions
from symcnn.equations.values import Array
from symcnn.imports.builder import Builder, OfBoth
from symcnn.imports.graph import Node, Ref
from symcnn.imports.operations.linear import mixed
from symcnn.imports.operations.moving import gathered
from symcnn.imports.operations.shared import X
from symcnn.imports.operations.shared_reductions import reduced
from symcnn.imports.operations.windows import (
    Pads,
    convolution,
    image,
    narrow,
    of_axes,
    per_axis,
    pool,
    pooled,
    symmetric,
    transposed,
)
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = OfBoth()

_AXES = (1, 2, 3)
MAXIMA = layers.MaxPool1D, layers.MaxPool2D, layers.MaxPool3D
AVERAGES = layers.AvgPool1D, layers.AvgPool2D, layers.AvgPool3D


def _steps(n: Node, axes: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return stride and dilation along each axis."""
    stride, dilation = (n.get(key, n.get(f"{key}s", 1)) for key in ("stride", "dilation"))
    return per_axis(stride, axes), per_axis(dilation, axes)


def _pads(n: Node, x: Placed, kernel: Sequence[int]) -> Pads:
    """Return what is added on both sides of each axis, however that is stated."""
    axes, given = len(kernel), n.get("padding", 0)
    way = given if isinstance(given, str) else n.get("auto_pad", "NOTSET")
    if way.upper() == "VALID":
        return [(0, 0)] * axes
    if way == "NOTSET":
        pads = n.get("pads")
        return list(zip(pads[:axes], pads[axes:], strict=True)) if pads else symmetric(given, axes)
    total = [
        max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0)
        for size, k, s, d in zip(x.stated[2:], kernel, *_steps(n, axes), strict=True)
    ]
    less, more = [t // 2 for t in total], [t - t // 2 for t in total]
    return list(zip(*((more, less) if way == "SAME_LOWER" else (less, more)), strict=True))


def _settings(n: Node, x: Placed, kernel: Sequence[int]) -> dict[str, Any]:
    """Return where the kernels of a convolution, or of a transposed one, lie."""
    stride, dilation = _steps(n, len(kernel))
    groups, pads = n.get("groups", n.get("group", 1)), _pads(n, x, kernel)
    return {"stride": stride, "pads": pads, "dilation": dilation, "groups": groups}


@OPERATORS.of([f"conv{axes}d.{way}" for axes in _AXES for way in ("default", "padding")], ["Conv"])
def _convolution(b: Builder, n: Node) -> Placed:
    x, weight = b.tensor(n, *X), b.array(n, "weight", "W")
    settings = _settings(n, x, weight.array.shape[2:])
    return convolution(b, x, weight, b.constant(n, "bias", "B"), **settings)


@OPERATORS.of(
    [f"conv_transpose{axes}d.{way}" for axes in _AXES for way in ("input", "default")],
    ["ConvTranspose"],
)
def _transposed(b: Builder, n: Node) -> Placed:
    x, weight = b.batch(n, *X), b.array(n, "weight", "W")
    kernel = weight.array.shape[2:]
    more = per_axis(n.get("output_padding") or 0, len(kernel))
    settings = {**_settings(n, x, kernel), "more": more}
    if n.get("output_shape") or n.get("auto_pad", "NOTSET").startswith("SAME"):
        settings |= _stated(n, x, kernel, more)
    return transposed(b, x, weight, b.constant(n, "bias", "B"), **settings)


def _stated(n: Node, x: Placed, kernel: Sequence[int], more: Sequence[int]) -> dict[str, Any]:
    """Return what is cut off the output of a transposed convolution, or added, by its shape."""
    total = [
        (old - 1) * s + d * (k - 1) + 1 + extra - made
        for old, k, s, d, extra, made in zip(
            x.stated[2:], kernel, *_steps(n, len(kernel)), more, n.shape[2:], strict=True
        )
    ]
    halves = [(max(t, 0) // 2, max(t, 0) - max(t, 0) // 2) for t in total]
    is_upper = n.get("auto_pad", "NOTSET") == "SAME_UPPER"
    pads = halves if is_upper else [(behind, before) for before, behind in halves]
    return {"pads": pads, "more": [n - min(t, 0) for n, t in zip(more, total, strict=True)]}


_POOLS = [f"max_pool{axes}d{places}.default" for axes in _AXES for places in ("", "_with_indices")]


@OPERATORS.of(_POOLS, ["MaxPool"])
def _max_pool(b: Builder, n: Node) -> Placed:
    """The places of maxima are no tensor of the network, but unpooling reads them."""
    x = b.tensor(n, *X)
    settings = pool_settings(n, x)
    for places in n.outputs[1:]:
        b.pools[places] = x, settings
    return pooled(b, x, MAXIMA, **settings)


@OPERATORS.of([f"max_unpool{axes}d.default" for axes in _AXES], ["MaxUnpool"])
def _max_unpool(b: Builder, n: Node) -> Placed:
    """Entries go where the maxima of an earlier pool were."""
    places = n.get(n.called("indices", "I"))
    if not isinstance(places, Ref) or places.name not in b.pools:
        n.refused("its indices are not those of a pool", "give those that a max pool returns")
    x, settings = b.pools[places.name]
    if n.shape[2:] != x.stated[2:]:
        sizes = f"{dimensions(n.shape[2:])}, but {dimensions(x.stated[2:])} was pooled"
        n.refused(f"it makes {sizes}", "give the size of what was pooled, output_size=x.size()")
    plain = all(pair == (0, 0) for pair in settings["pads"]) and {*settings["dilation"]} == {1}
    if len(x.stated) != 4 or not plain or x.merged != (0, 0):
        n.refused(
            "its windows are not those of images, without padding and dilation",
            "pool images by kernel_size and stride alone",
        )
    parts = [image(b, b.tensor(n, *X)), image(b, x)]
    layer = layers.MaxUnpool2D(narrow(settings["size"]), narrow(settings["stride"]))
    return replace(parts[0], layer=b.add(layer, parts), shape=n.shape)


@OPERATORS.of([f"avg_pool{axes}d.default" for axes in _AXES], ["AveragePool"])
def _avg_pool(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, *X)
    counted, divisor = bool(n.get("count_include_pad", True)), n.get("divisor_override")
    settings = pool_settings(n, x)
    return pooled(b, x, AVERAGES, **settings, count_include_pad=counted, divisor=divisor)


@OPERATORS.of([f"adaptive_avg_pool{axes}d.default" for axes in _AXES], ["GlobalAveragePool"])
def _adaptive_average(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, *X)
    if all(length == 1 for length in n.shape[2:]):
        return _mean(b, x)
    counts = _counts(n, b.batch(n, *X))
    if len(x.shape) == 4:
        return pool(b, x, layers.AdaptiveAvgPool2D(narrow(counts)))
    if (blocks := _blocks(counts, x)) is None:
        return mixed(b, x, lambda axis: _means(x.shape[axis], counts[axis - 2]))
    return pool(b, x, of_axes(len(x.shape) - 2, *AVERAGES)(blocks))


def _mean(b: Builder, x: Placed) -> Placed:
    if len(x.shape) == 4:
        return pool(b, x, layers.AdaptiveAvgPool2D(1))
    if x.merged == (0, 0):
        return pool(b, x, of_axes(len(x.shape) - 2, *AVERAGES)(narrow(x.shape[2:])))
    return reduced(b, x, layers.ReduceMean(), range(2, len(x.stated)), True)


@OPERATORS.of([f"adaptive_max_pool{axes}d.default" for axes in _AXES], ["GlobalMaxPool"])
def _adaptive_maximum(b: Builder, n: Node) -> Placed:
    """Of windows that differ in size, the last entries of shorter ones are repeated."""
    x = b.batch(n, *X)
    counts, made = _counts(n, x), of_axes(len(x.shape) - 2, *MAXIMA)
    if (blocks := _blocks(counts, x)) is not None:
        return pool(b, x, made(blocks))
    listed = [_windows(length, count) for length, count in zip(x.shape[2:], counts, strict=True)]
    size = [max(map(len, of)) for of in listed]
    for axis, (of, most) in enumerate(zip(listed, size, strict=True)):
        places = [min(w.start + u, w.stop - 1) for w in of for u in range(most)]
        x = gathered(b, x, axis + 2, np.array(places))
    return pool(b, x, made(narrow(size)))


def _windows(length: int, count: int) -> list[range]:
    """Return the windows of an adaptive pool, which may overlap by one entry."""
    return [range(i * length // count, -(-(i + 1) * length // count)) for i in range(count)]


def _means(length: int, count: int) -> Array:
    """Return the weights of the means over these windows."""
    weights = np.zeros((count, length))
    for i, window in enumerate(_windows(length, count)):
        weights[i, window] = 1 / len(window)
    return weights


def _counts(n: Node, x: Placed) -> list[int]:
    """Return how many windows there are along each axis: one, if nothing is said."""
    listed = per_axis(n.get("output_size", 1), len(x.shape) - 2)
    return [count or own for count, own in zip(listed, x.shape[2:], strict=True)]


def _blocks(counts: Sequence[int], x: Placed) -> Any:
    """Return the windows of an adaptive pool, if all have one size."""
    pairs = list(zip(x.shape[2:], counts, strict=True))
    if any(length % count for length, count in pairs):
        return None
    return narrow([length // count for length, count in pairs])


def pool_settings(n: Node, x: Placed) -> dict[str, Any]:
    """Return size, stride, padding and rounding of a pool; the usual stride of ONNX is 1."""
    axes = len(x.stated) - 2
    size = per_axis(n.get("kernel_size", n.get("kernel_shape")), axes)
    stride = n.get("stride") or n.get("strides") or (size if "kernel_size" in n.arguments else 1)
    return {
        "size": size,
        "stride": per_axis(stride, axes),
        "pads": _pads(n, x, size),
        "dilation": _steps(n, axes)[1],
        "ceil_mode": bool(n.get("ceil_mode", False)),
    }
