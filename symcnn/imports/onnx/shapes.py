"""ONNX: axes that are split, moved and sliced; images that are padded, resized and pooled."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node
from symcnn.imports.operations.images import channels, padded, pixels, resized
from symcnn.imports.operations.reshaping import reshaped, selected, sliced, split
from symcnn.imports.operations.shared_windows import is_dilated, pool_settings
from symcnn.imports.operations.windows import pool
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
        x = sliced(b, x, axis, start, end, step)
    return x


@OPERATORS.of("Gather")
def _gather(b: Builder, n: Node) -> Placed:
    x, axis, at = b.tensor(n, "data"), n.get("axis", 0), b.array(n, "indices").array
    if at.ndim == 0:
        return selected(b, x, axis, int(at))
    numbers = [int(i) % x.stated[axis] for i in at.ravel()]
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    even = range(numbers[0], numbers[0] + step * len(numbers), step or 1)
    if step < 1 or numbers != [*even]:
        raise SymcnnError("entries at any places are gathered: slice them at equal distances")
    return reshaped(b, sliced(b, x, axis, numbers[0], numbers[-1] + 1, step), n.shape)


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
    x = b.batch(n, "X")
    if n.shape[:2] != x.shape[:2] or n.get("antialias", 0):
        raise SymcnnError("channels or samples are resized, or edges smoothed: resize images alone")
    scales = n.get("scales")
    if isinstance(scales, Constant) and scales.array.size:
        pairs = zip(scales.array[-2:].tolist(), n.shape[2:], x.shape[2:], strict=False)
        if any(abs(scale * old - new) > 1e-5 for scale, new, old in pairs):
            raise SymcnnError("a scale gives a fraction of a pixel: give the sizes instead")
    mode, where = n.get("mode", "nearest"), _place(n)
    if mode == "nearest":
        whole = all(new % old == 0 for new, old in zip(n.shape, x.shape, strict=True))
        if where != "asymmetric floor" and not (whole and where in _BLOCKS):
            raise SymcnnError(
                f"nearest entries by {where} are not supported: use asymmetric and floor"
            )
        return resized(b, x, n.shape[2:], "nearest")
    corners = where.startswith("align_corners")
    halves = where.startswith("half_pixel ") or (
        where.startswith("pytorch_half_pixel ") and min(n.shape[2:]) > 1
    )
    if mode not in ("linear", "bilinear") or not (corners or halves):
        raise SymcnnError(f"{mode} by {where} is not supported: use linear by half_pixel")
    return resized(b, x, n.shape[2:], "bilinear", corners)


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
    x = b.batch(n, "X")
    if len(x.shape) != 4 or is_dilated(n, x):
        raise SymcnnError("a norm along other axes, or dilated, is not supported: use images")
    return pool(b, x, layers.LPPool2D(**pool_settings(n, x), norm=n.get("p", 2)))


@OPERATORS.of("LRN")
def _response_norm(b: Builder, n: Node) -> Placed:
    size = n.arguments["size"]
    if size % 2 == 0:
        raise SymcnnError("size is even, so that channels behind outnumber those before: use odd")
    layer = layers.LocalResponseNorm(size, n.get("alpha"), n.get("beta"), n.get("bias"))
    return pool(b, b.batch(n, "X"), layer)
