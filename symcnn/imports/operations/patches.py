"""Patches of an image side by side, and added where they were: im2col and col2im.

    y[c u v, i j] = x[c, s i + d u - p, s j + d v - p]

Axes are taken one after the other, so that channels, places in a window and windows are axes of
their own until they are merged in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from symcnn.equations.values import Array
from symcnn.imports.builder import Builder
from symcnn.imports.operations.images import padded
from symcnn.imports.operations.moving import gathered
from symcnn.imports.operations.reshaping import reshaped, sliced
from symcnn.imports.operations.scattering import added
from symcnn.imports.placed import Placed


@dataclass(frozen=True)
class Patches:
    """The windows over an image, whose axes stand behind those of samples and channels.

    Attributes:
        kernel: The lengths of a window.
        stride: How far one window is from the next along each axis.
        dilation: How far entries of a window are apart.
        pads: How many zeros stand before and behind along each axis.
    """

    kernel: Sequence[int]
    stride: Sequence[int]
    dilation: Sequence[int]
    pads: Sequence[tuple[int, int]]

    def places(self, sizes: Sequence[int]) -> Iterator[Array]:
        """Yield for each axis of an image where entry u of window i is, with the padding."""
        rows = zip(sizes, self.kernel, self.stride, self.dilation, self.pads, strict=True)
        for size, kernel, stride, dilation, pads in rows:
            windows = (size + sum(pads) - dilation * (kernel - 1) - 1) // stride + 1
            yield np.add.outer(dilation * np.arange(kernel), stride * np.arange(windows))


def unfolded(b: Builder, x: Placed, patches: Patches) -> Placed:
    """Return the entries of all windows, of shape (samples, channels windows, positions)."""
    samples, channels, *sizes = x.stated
    count = len(sizes)
    x = padded(b, x, dict(enumerate(patches.pads, 2)), "constant", 0)
    places = [*patches.places(sizes)]
    for at, where in enumerate(places):
        x = gathered(b, x, 2 + 2 * at, where)
    x = x.permuted((0, 1, *range(2, 2 + 2 * count, 2), *range(3, 3 + 2 * count, 2)))
    windows, positions = zip(*(where.shape for where in places), strict=True)
    return reshaped(b, x, (samples, channels * prod(windows), prod(positions)))


def folded(b: Builder, x: Placed, sizes: Sequence[int], patches: Patches) -> Placed:
    """Return an image of these sizes to which the entries of all windows are added."""
    places, count = [*patches.places(sizes)], len(sizes)
    windows, positions = zip(*(where.shape for where in places), strict=True)
    samples, entries, _ = x.stated
    x = reshaped(b, x, (samples, entries // prod(windows), *windows, *positions))
    pairs = (axis for at in range(count) for axis in (2 + at, 2 + count + at))
    x = x.permuted((0, 1, *pairs))
    x = reshaped(b, x, (samples, x.stated[1], *(where.size for where in places)))
    rows = enumerate(zip(sizes, places, patches.pads, strict=True), 2)
    for axis, (size, where, (before, behind)) in rows:
        x = added(b, x, axis, where.ravel(), before + size + behind)
        x = sliced(b, x, axis, before, before + size)
    return x
