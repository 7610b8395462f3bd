"""ONNX: axes that are split, moved and sliced; images that are padded, resized and pooled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node
from symcnn.imports.onnx.moves import weights
from symcnn.imports.operations.images import channels, padded, pixels, resized
from symcnn.imports.operations.linear import mixed
from symcnn.imports.operations.moving import gathered
from symcnn.imports.operations.reshaping import reshaped, sliced, split, unsqueezed
from symcnn.imports.operations.shared_windows import pool_settings
from symcnn.imports.operations.windows import pool, pooled
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators()


@OPERATORS.of("Transpose")
def _transpose(b: Builder, n: Node) -> Placed:
    x = b.plain(b.tensor(n, "data"))
    return x.permuted(tuple(n.get("perm") or reversed(range(len(x.stated)))))


@OPERATORS.of("Slice")
def _slice(b: Builder, n: Node) -> Placed:
    x, starts, ends = b.tensor(n, "data"), n.integers("starts") or [], n.integers("ends") or []
    axes = n.integers("axes") or list(range(len(starts)))
    steps = n.integers("steps") or [1] * len(starts)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        length = x.stated[axis]
        if step < 0:
            x = gathered(b, x, axis, np.arange(length)[_within(start, end, step, length)])
        else:
            x = sliced(b, x, axis, start, end, step)
    return x


def _within(start: int, end: int, step: int, length: int) -> slice:
    """Return what is taken backwards; an end below -length is one before the first entry."""
    return slice(start, None if end < -length else end, step)


@OPERATORS.of("Split")
def _split(b: Builder, n: Node) -> Sequence[Placed]:
    axis = n.get("axis", 0)
    return split(b, b.tensor(n, "input"), axis, [shape[axis] for shape in n.shapes])


@OPERATORS.of("DepthToSpace")
def _depth_to_space(b: Builder, n: Node) -> Placed:
    first = n.get("mode", "DCR") == "CRD"
    return pixels(b, b.batch(n, "input"), n.arguments["blocksize"], channels_first=first)


@OPERATORS.of("SpaceToDepth")
def _space_to_depth(b: Builder, n: Node) -> Placed:
    order = (0, 1, 3, 5, 2, 4) if n.get("mode", "DCR") == "CRD" else (0, 3, 5, 1, 2, 4)
    return channels(b, b.batch(n, "input"), n.arguments["blocksize"], order)


@OPERATORS.of("Pad")
def _pad(b: Builder, n: Node) -> Placed:
    x, pads = b.tensor(n, "data"), n.integers("pads") or []
    axes = n.integers("axes") or list(range(len(pads) // 2))
    value = n.get("constant_value", n.get("value", 0))
    number = float(value.array.item()) if isinstance(value, Constant) else float(value or 0)
    pairs = zip(pads[: len(axes)], pads[len(axes) :], strict=True)
    by_axis = {a % len(x.stated): pair for a, pair in zip(axes, pairs, strict=True)}
    given = {axis: pair for axis, pair in by_axis.items() if pair != (0, 0)}
    return padded(b, x, given, n.get("mode", "constant"), number)


@OPERATORS.of("Resize", "Upsample")
def _resize(b: Builder, n: Node) -> Placed:
    """Nearest and bilinear images have a layer of their own, where it takes the same entries."""
    x = b.batch(n, "X")
    if n.shape[0] != x.shape[0]:
        raise SymcnnError("samples are resized: resize images alone")
    mode, where = n.get("mode", "nearest"), _place(n)
    if n.operator == "Resize" and not _has_layer(n, x, mode, where):
        return mixed(b, x, lambda axis: weights(n, x, axis), first=1)
    if mode == "nearest":
        return resized(b, x, n.shape[2:], "nearest")
    return resized(b, x, n.shape[2:], "bilinear", where.startswith("align_corners"))


def _has_layer(n: Node, x: Placed, mode: str, where: str) -> bool:
    """Tell whether a layer resizes images like this."""
    if len(x.shape) != 4 or n.shape[1] != x.shape[1] or n.get("antialias", 0):
        return False
    scales = n.get("scales")
    if isinstance(scales, Constant) and scales.array.size:
        pairs = zip(scales.array[-2:].tolist(), n.shape[2:], x.shape[2:], strict=False)
        if any(abs(scale * old - new) > 1e-5 for scale, new, old in pairs):
            return False
    if mode == "nearest":
        whole = all(new % old == 0 for new, old in zip(n.shape, x.shape, strict=True))
        return where == "asymmetric floor" or (whole and where in _BLOCKS)
    halves = where.startswith("half_pixel ") or (
        where.startswith("pytorch_half_pixel ") and min(n.shape[2:]) > 1
    )
    return mode in ("linear", "bilinear") and (where.startswith("align_corners") or halves)


_BLOCKS = {
    f"{where} round_prefer_{way}"
    for where in ("half_pixel", "pytorch_half_pixel")
    for way in ("floor", "ceil")
}
"""Ways of finding nearest entries that give blocks of copies, where a size is a multiple."""


def _place(n: Node) -> str:
    """Return how places in an image are found, and rounded to entries."""
    if n.operator == "Upsample":
        return "asymmetric floor"
    where = n.get("coordinate_transformation_mode", "half_pixel")
    return f"{where} {n.get('nearest_mode', 'round_prefer_floor')}"


@OPERATORS.of("LpPool")
def _norm_pool(b: Builder, n: Node) -> Placed:
    """A sequence is an image of one column."""
    x = b.batch(n, "X")
    if len(x.shape) not in (3, 4):
        raise SymcnnError("a norm along three axes is not supported: use images or sequences")
    settings, axes = pool_settings(n, x), len(x.shape) - 2
    thin = [1] * (2 - axes)
    settings |= {key: [*settings[key], *thin] for key in ("size", "stride", "dilation")}
    settings["pads"] = [*settings["pads"], *((0, 0) for _ in thin)]
    image = unsqueezed(b, x, [3]) if thin else x
    made = pooled(b, image, [None, layers.LPPool2D], **settings, norm=n.get("p", 2))
    return reshaped(b, made, n.shape)


@OPERATORS.of("LRN")
def _response_norm(b: Builder, n: Node) -> Placed:
    """Of an even number of channels more are behind, not before: both are in the opposite order."""
    x, size = b.batch(n, "X"), n.arguments["size"]
    layer = layers.LocalResponseNorm(size, n.get("alpha"), n.get("beta"), n.get("bias"))
    if size % 2:
        return pool(b, x, layer)
    back = np.arange(x.shape[1])[::-1]
    return gathered(b, pool(b, gathered(b, x, 1, back), layer), 1, back)
