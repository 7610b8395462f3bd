"""Convolutions and pools: windows that slide over the axes behind the channels.

Images that the source counts as samples are together one image with an axis more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed, channels_last
from symcnn.network import layers

Pads = Sequence[tuple[int, int]]
"""What is added before and behind, along each axis."""


def image(b: Builder, x: Placed) -> Placed:
    """Return a tensor with the samples first and the channels last."""
    return b.ordered(x, channels_last(len(x.shape)))


def per_axis(value: int | Sequence[int], axes: int) -> tuple[int, ...]:
    """Return one number an axis."""
    listed = [value] if isinstance(value, int) else [*value]
    return tuple(listed * axes if len(listed) == 1 else listed)


def slid(b: Builder, x: Placed, layer: layers.Layer, numbers: dict[str, Constant | None]) -> Placed:
    """Return what a layer with a window makes of an image."""
    rank = len(x.shape)
    name = b.add(layer, [x], numbers)
    *sizes, channels = b.shapes[name]
    made = (x.shape[0], channels, *sizes)
    return Placed(name, made, channels_last(rank))


def convolution(
    b: Builder,
    x: Placed,
    weight: Constant,
    bias: Constant | None,
    *,
    stride: Sequence[int],
    pads: Pads | str,
    dilation: Sequence[int],
    groups: int,
) -> Placed:
    """Return a convolution; the kernel (filters, inputs, height, width) has its axes reversed.

    Images that are merged with samples are one with an axis more, along which it has length 1.
    """
    if x.merged != (0, 0):
        x = images_first(x)
        made = convolution(
            b,
            stacked(b, x),
            weight.moved(lambda array: array[:, :, None]),
            bias,
            stride=(1, *stride),
            pads=pads if isinstance(pads, str) else [(0, 0), *pads],
            dilation=(1, *dilation),
            groups=groups,
        )
        return unstacked(b, made, x)
    axes = len(x.shape) - 2
    made = of_axes(axes, layers.Conv1D, layers.Conv2D, layers.Conv3D)
    filters, _, *kernel = weight.array.shape
    layer = made(
        filters,
        narrow(kernel),
        stride=narrow(stride),
        padding=padding(pads),
        dilation=narrow(dilation),
        groups=groups,
        bias=bias is not None,
    )
    moved = weight.moved(lambda array: array.transpose(*range(2, axes + 2), 1, 0))
    return slid(b, image(b, x), layer, {"weight": moved, "bias": bias})


def transposed(
    b: Builder,
    x: Placed,
    weight: Constant,
    bias: Constant | None,
    *,
    stride: Sequence[int],
    pads: Pads,
    dilation: Sequence[int],
    groups: int,
    more: Sequence[int],
) -> Placed:
    """Return a transposed convolution; its kernel is (inputs, filters / groups, height, width).

    The pads are what is cut off the output, and ``more`` rows and columns are added behind.
    """
    made = of_axes(
        len(x.shape) - 2, layers.ConvTranspose1D, layers.ConvTranspose2D, layers.ConvTranspose3D
    )
    inputs, filters, *kernel = weight.array.shape
    layer = made(
        filters * groups,
        narrow(kernel),
        stride=narrow(stride),
        padding=padding(pads),
        bias=bias is not None,
        output_padding=narrow(more),
        dilation=narrow(dilation),
        groups=groups,
    )

    def in_groups(array: Array) -> Array:
        """Put the filters of all groups beside each other, and the inputs of one before them."""
        blocks = array.reshape(groups, inputs // groups, filters, *kernel)
        turned = blocks.transpose(*range(3, blocks.ndim), 1, 0, 2)
        return turned.reshape(*kernel, inputs // groups, groups * filters)

    return slid(b, image(b, x), layer, {"weight": weight.moved(in_groups), "bias": bias})


def of_axes(axes: int, *made: Any) -> Any:
    """Return the class for windows along one, two or three axes."""
    if not 1 <= axes <= len(made):
        raise SymcnnError(f"a window along {axes} axes is not known: use one to {len(made)}")
    return made[axes - 1]


def pool(b: Builder, x: Placed, layer: layers.Layer) -> Placed:
    """Return what a pool makes of an image."""
    return slid(b, image(b, x), layer, {})


def pooled(
    b: Builder,
    x: Placed,
    made: Sequence[Any],
    *,
    size: Sequence[int],
    stride: Sequence[int],
    pads: Pads,
    dilation: Sequence[int],
    **others: Any,
) -> Placed:
    """Return what a pool makes of an image, or of images that are merged with samples.

    The layers that are made are those for windows along one, two, ... axes.
    """
    if x.merged != (0, 0):
        x = images_first(x)
        steps = {"size": (1, *size), "stride": (1, *stride), "dilation": (1, *dilation)}
        own: Any = {**steps, "pads": [(0, 0), *pads], **others}
        return unstacked(b, pooled(b, stacked(b, x), made, **own), x)
    layer = of_axes(len(size), *made)(
        narrow(size),
        other(stride, size),
        padding(pads),
        dilation=narrow(dilation),
        **others,
    )
    return pool(b, x, layer)


def narrow(numbers: Sequence[int]) -> Any:
    """Return one number for all axes where they are equal: the usual way of writing it."""
    listed = [int(n) for n in numbers]
    return listed[0] if len({*listed}) == 1 else tuple(listed)


def other(stride: Sequence[int], size: Sequence[int]) -> Any:
    """Return the stride of a pool, or None where it is the size: that is the usual one."""
    return None if list(stride) == list(size) else narrow(stride)


def padding(pads: Pads | str) -> Any:
    """Return the padding in the shortest way."""
    if isinstance(pads, str):
        return pads
    pairs = [(int(a), int(b)) for a, b in pads]
    if any(a != b for a, b in pairs):
        return tuple(pairs)
    return narrow([a for a, _ in pairs])


def symmetric(padding: int | Sequence[int], axes: int) -> Pads:
    """Return as much before as behind."""
    return [(n, n) for n in per_axis(padding, axes)]


def images_first(x: Placed) -> Placed:
    """Return images that are merged with samples, as the first axis of the source.

    Raises:
        SymcnnError: If that is another axis.
    """
    if x.samples == x.merged[0]:
        return x
    if x.shape[x.samples] > 1 or sum(x.merged) > 1:
        raise SymcnnError("samples and images are not the first axis: put them there")
    return replace(x.in_front(), merged=(0, 1))


def stacked(b: Builder, x: Placed) -> Placed:
    """Return images (samples images, channels, height, ...) as (samples, channels, images, ...)."""
    before, behind = x.merged
    count, rank = before + behind, len(x.shape)
    others = [axis for axis in range(rank) if axis != x.samples]
    apart = b.plain(replace(x, merged=(0, 0))).permuted((x.samples, *others))
    shape = (apart.shape[0], prod(apart.shape[1 : count + 1]), *apart.shape[count + 1 :])
    return reshaped(b, apart, shape).permuted((0, 2, 1, *range(3, len(shape))))


def unstacked(b: Builder, made: Placed, x: Placed) -> Placed:
    """Return such images as they were merged with the samples before."""
    before, behind = x.merged
    images = tuple(x.shape[axis] for axis in range(before + behind + 1) if axis != before)
    turned = b.plain(made).permuted((0, 2, 1, *range(3, len(made.shape))))
    apart = reshaped(b, turned, (turned.shape[0], *images, *turned.shape[2:]))
    order = (*range(1, before + 1), 0, *range(before + 1, len(apart.shape)))
    return replace(apart.permuted(order), merged=x.merged)
