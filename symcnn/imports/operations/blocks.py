"""Channels that become blocks of pixels, and back."""

from __future__ import annotations

from symcnn.imports.builder import Builder
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Order, Placed


def pixels(b: Builder, x: Placed, size: int, *, channels_first: bool = True) -> Placed:
    """Return an image whose channels have become blocks of so many rows and columns.

    Args:
        b: The layers.
        x: The image.
        size: The rows and columns of a block.
        channels_first: Whether the channels of a block are neighbours, as in PyTorch.
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
    """Return an image whose blocks have become channels.

    Args:
        b: The layers.
        x: The image.
        size: The rows and columns of a block.
        order: The order of samples, channels, rows, rows of a block, columns, columns of a block.
    """
    samples, count, height, width = x.shape
    shape = (samples, count, height // size, size, width // size, size)
    turned = b.plain(reshaped(b, x, shape)).permuted(order)
    return reshaped(b, turned, (samples, count * size**2, height // size, width // size))
