"""Padding and resizing, and channels that become blocks of pixels, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.operations.entrywise import HUGE
from symcnn.imports.operations.reshaping import reshaped, sliced, unsqueezed
from symcnn.imports.operations.windows import image, narrow, pool
from symcnn.imports.placed import Order, Placed
from symcnn.network.layers import Pad, Upsample2D

_MODES: dict[str, Any] = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "edge": "replicate",
    "circular": "circular",
    "wrap": "circular",
}
"""What PyTorch and ONNX call the ways of padding."""


def padded(
    b: Builder, x: Placed, pads: Mapping[int, tuple[int, int]], mode: str, value: float
) -> Placed:
    """Return a tensor with entries before and behind those of some axes of the source.

    Fewer than 0 are cut off; a constant that is infinite, as in front of a maximum, is huge.
    """
    value = min(max(value, -HUGE), HUGE)
    if mode not in _MODES:
        raise SymcnnError(f"padding by {mode} is not supported: choose from {', '.join(_MODES)}")
    x = b.plain(x)
    for axis, (before, after) in pads.items():
        if before < 0 or after < 0:
            length = x.stated[axis]
            x = sliced(b, x, axis, max(0, -before), length - max(0, -after))
    more = {x.axis(axis): (max(0, p), max(0, q)) for axis, (p, q) in pads.items() if max(p, q) > 0}
    if not more:
        return x
    if x.samples in more:
        raise SymcnnError("samples are added: pad the other axes alone")
    listed = [more.get(axis, (0, 0)) for axis in x.order[1:]]
    while listed[-1] == (0, 0):
        listed.pop()
    made: Any = Pad(tuple(listed), mode=_MODES[mode], value=value if mode == "constant" else 0)
    shape = tuple(n + sum(more.get(axis, (0, 0))) for axis, n in enumerate(x.shape))
    return replace(x, layer=b.add(made, [x]), shape=shape)


def repeated(b: Builder, x: Placed, shape: Shape) -> Placed:
    """Return a tensor whose axes of length 1 are repeated up to these lengths."""
    x = unsqueezed(b, x, range(len(shape) - len(x.stated)))
    pairs = enumerate(zip(x.stated, shape, strict=True))
    return padded(b, x, {axis: (0, new - old) for axis, (old, new) in pairs}, "replicate", 0)


def resized(b: Builder, x: Placed, size: Sequence[int], mode: str, corners: bool = False) -> Placed:
    """Return an image of another height and width; the centres of corner pixels may stay."""
    if len(x.shape) != 4:
        raise SymcnnError(f"a tensor of {len(x.shape)} axes is resized: resize images alone")
    pairs = list(zip(size, x.shape[2:], strict=True))
    if all(new == old for new, old in pairs):
        return x
    settings: dict[str, Any] = {"mode": mode, "align_corners": corners}
    if all(new % old == 0 for new, old in pairs):
        layer = Upsample2D(factor=narrow([new // old for new, old in pairs]), **settings)
    else:
        layer = Upsample2D(size=narrow(size), **settings)
    return pool(b, image(b, x), layer)


def pixels(b: Builder, x: Placed, size: int, *, channels_first: bool = True) -> Placed:
    """Return an image whose channels have become blocks of so many rows and columns.

    The channels of a block are neighbours, as in PyTorch, or as far apart as can be.
    """
    samples, count, height, width = x.shape
    left = count // size**2
    if channels_first:
        shape, order = (samples, left, size, size, height, width), (0, 1, 4, 2, 5, 3)
    else:
        shape, order = (samples, size, size, left, height, width), (0, 3, 4, 1, 5, 2)
    turned = b.plain(reshaped(b, x, shape)).permuted(order)
    return reshaped(b, turned, (samples, left, height * size, width * size))


def channels(b: Builder, x: Placed, size: int, order: Order) -> Placed:
    """Return an image whose blocks of so many rows and columns have become channels.

    The order is that of samples, channels, rows, rows of a block, columns, columns of a block.
    """
    samples, count, height, width = x.shape
    shape = (samples, count, height // size, size, width // size, size)
    turned = b.plain(reshaped(b, x, shape)).permuted(order)
    return reshaped(b, turned, (samples, count * size**2, height // size, width // size))
