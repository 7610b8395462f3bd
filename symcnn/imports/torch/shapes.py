"""PyTorch: axes that are split, merged, moved and sliced; images that are padded and resized."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations.images import channels, padded, resized
from symcnn.imports.operations.linear import mixed
from symcnn.imports.operations.reshaping import (
    concatenable,
    concatenated,
    selected,
    sliced,
    split,
    unsqueezed,
)
from symcnn.imports.operations.windows import pool
from symcnn.imports.placed import Placed
from symcnn.imports.torch.moves import alone
from symcnn.network import layers

OPERATORS = Operators("aten.")

_AXES = {"linear1d": 1, "bilinear2d": 2, "bicubic2d": 2, "trilinear3d": 3}
_NEAREST = {f"{way}{axes}d": axes for way in ("nearest", "nearest_exact") for axes in (1, 2, 3)}
_NAMES = [
    *(f"upsample_{way}" for way in (*_AXES, *(w for w in _NEAREST if "exact" not in w))),
    *(f"_upsample_{way}" for way in _NEAREST if "exact" in way),
    *(f"_upsample_{way}_aa" for way in ("bilinear2d", "bicubic2d")),
]


@OPERATORS.of(*(f"{name}.{kind}" for name in _NAMES for kind in ("vec", "default")))
def _resize(b: Builder, n: Node) -> Placed:
    """Nearest and bilinear images have a layer of their own, where it takes the same entries."""
    x = b.batch(n, "input" if "input" in n.arguments else "self")
    sizes, corners = n.shape[2:], bool(n.get("align_corners", False))
    if "nearest2d" in n.operator and _is_nearest(n, x):
        return resized(b, x, sizes, "nearest")
    if ".upsample_bilinear2d." in n.operator and _is_bilinear(n, x):
        return resized(b, x, sizes, "bilinear", corners)
    return mixed(b, x, lambda axis: weights(n, x, axis))


def _is_nearest(n: Node, x: Placed) -> bool:
    """Tell whether PyTorch takes the entries at quotients of whole numbers, and no others."""
    return all(
        np.array_equal(weights(n, x, axis), np.eye(x.shape[axis])[_quotients(n, x, axis)])
        for axis in (2, 3)
    )


def _quotients(n: Node, x: Placed, axis: int) -> Array:
    return np.arange(n.shape[axis]) * x.shape[axis] // n.shape[axis]


def _is_bilinear(n: Node, x: Placed) -> bool:
    """Tell whether positions follow from the ratios of sizes."""
    scales = n.get("scale_factors") or [n.get("scales_h"), n.get("scales_w")]
    pairs = zip(x.shape[2:], n.shape[2:], scales, strict=True)
    return n.get("align_corners", False) or all(
        not scale or new in (old, scale * old) for old, new, scale in pairs
    )


_OTHER = 2
"""The length of images along the other axes: with one of 1, PyTorch smooths edges wrongly."""


def weights(n: Node, x: Placed, axis: int) -> Array:
    """Return what a row of ones among zeros becomes: images with one row each, resized at once."""
    length, place, axes = x.shape[axis], axis - 2, len(x.shape) - 2
    sizes = [length if a == place else _OTHER for a in range(axes)]
    rows = np.eye(length).reshape(1, length, *(n if a == place else 1 for a, n in enumerate(sizes)))
    images = np.broadcast_to(rows, (1, length, *sizes)).copy()
    given = {key: _along(value, key, place, axes) for key, value in n.arguments.items()}
    made = np.moveaxis(np.asarray(alone(n, [images], given))[0], axis - 1, -1)
    found: Array = made.reshape(length, -1, n.shape[axis])[:, 0].T
    return found


def _along(value: Any, key: str, place: int, axes: int) -> Any:
    """Return an argument for images that keep their size along the other axes."""
    if key in ("output_size", "scale_factors") and value is not None:
        same: float = _OTHER if key == "output_size" else 1.0
        return [value[a] if a == place else same for a in range(axes)]
    names = ["scales_d", "scales_h", "scales_w"][-axes:] if axes > 1 else ["scales"]
    return 1.0 if key in names and key != names[place] and value is not None else value


@OPERATORS.of("permute.default")
def _permute(b: Builder, n: Node) -> Placed:
    x = b.plain(b.tensor(n, "self"))
    return x.permuted(tuple(axis % len(x.stated) for axis in n.arguments["dims"]))


@OPERATORS.of("transpose.int")
def _transpose(b: Builder, n: Node) -> Placed:
    return _swapped(b, b.tensor(n, "self"), n.arguments["dim0"], n.arguments["dim1"])


@OPERATORS.of("t.default", "numpy_T.default")
def _t(b: Builder, n: Node) -> Placed:
    return _swapped(b, b.tensor(n, "self"), 0, 1)


def _swapped(b: Builder, x: Placed, first: int, second: int) -> Placed:
    x = b.plain(x)
    axes = [*range(len(x.stated))]
    axes[first], axes[second] = axes[second], axes[first]
    return x.permuted(tuple(axes))


@OPERATORS.of("slice.Tensor")
def _slice(b: Builder, n: Node) -> Placed:
    x, axis = b.tensor(n, "self"), n.get("dim", 0)
    most = x.stated[axis]
    start, end = n.get("start", 0), min(n.get("end", most), most)
    return sliced(b, x, axis, start, end, n.get("step", 1))


@OPERATORS.of("narrow.default")
def _narrow(b: Builder, n: Node) -> Placed:
    start = n.arguments["start"]
    return sliced(b, b.tensor(n, "self"), n.arguments["dim"], start, start + n.arguments["length"])


@OPERATORS.of("select.int")
def _select(b: Builder, n: Node) -> Placed:
    return selected(b, b.tensor(n, "self"), n.arguments["dim"], n.arguments["index"])


@OPERATORS.of("unbind.int")
def _unbind(b: Builder, n: Node) -> Sequence[Placed]:
    x, axis = b.tensor(n, "self"), n.get("dim", 0)
    return [selected(b, x, axis, at) for at in range(x.stated[axis])]


@OPERATORS.of("chunk.default")
def _chunk(b: Builder, n: Node) -> Sequence[Placed]:
    x, axis = b.tensor(n, "self"), n.get("dim", 0)
    return _split_by(b, x, axis, ceil(x.stated[axis] / n.arguments["chunks"]))


@OPERATORS.of("split.Tensor")
def _split(b: Builder, n: Node) -> Sequence[Placed]:
    return _split_by(b, b.tensor(n, "self"), n.get("dim", 0), n.arguments["split_size"])


@OPERATORS.of("split_with_sizes.default", "split.sizes")
def _split_with_sizes(b: Builder, n: Node) -> Sequence[Placed]:
    sizes = n.get("split_sizes") or n.get("split_size")
    return split(b, b.tensor(n, "self"), n.get("dim", 0), sizes)


def _split_by(b: Builder, x: Placed, axis: int, size: int) -> Sequence[Placed]:
    length = x.stated[axis]
    return split(b, x, axis, [min(size, length - at) for at in range(0, length, size)])


@OPERATORS.of("stack.default")
def _stack(b: Builder, n: Node) -> Placed:
    """The new axis is the last one, and then moved: so a single sample stays at its own axis."""
    parts, rank = concatenable(b, n, n.arguments["tensors"]), len(n.shape) - 1
    axis = n.get("dim", 0) % (rank + 1)
    made = concatenated(b, [unsqueezed(b, x, [rank]) for x in parts], rank)
    return made.permuted((*range(axis), rank, *range(axis, rank)))


@OPERATORS.of("channel_shuffle.default", "native_channel_shuffle.default")
def _channel_shuffle(b: Builder, n: Node) -> Placed:
    return pool(b, b.batch(n, "self"), layers.ChannelShuffle(n.arguments["groups"]))


@OPERATORS.of("pixel_shuffle.default")
def _pixel_shuffle(b: Builder, n: Node) -> Placed:
    return pool(b, b.batch(n, "self"), layers.PixelShuffle(n.arguments["upscale_factor"]))


@OPERATORS.of("pixel_unshuffle.default")
def _pixel_unshuffle(b: Builder, n: Node) -> Placed:
    return channels(b, b.batch(n, "self"), n.arguments["downscale_factor"], (0, 1, 3, 5, 2, 4))


@OPERATORS.of(
    *("pad.default", "constant_pad_nd.default"),
    *(f"{way}_pad{axes}d.default" for way in ("reflection", "replication") for axes in (1, 2, 3)),
)
def _pad(b: Builder, n: Node) -> Placed:
    """Pads are listed from the last axis on, before and behind each."""
    x, listed = b.tensor(n, "self"), n.get("pad") or n.get("padding")
    named = {"reflection": "reflect", "replication": "replicate", "constant": "constant"}
    way = n.operator.removeprefix("aten.").split("_")[0]
    mode = named.get(way) or n.get("mode", "constant")
    pairs = zip(listed[::2], listed[1::2], strict=True)
    pads = {len(x.stated) - 1 - at: pair for at, pair in enumerate(pairs)}
    return padded(b, x, pads, mode, n.get("value", 0))
