"""Images that the source counts as samples: together they are one image with an axis more."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed


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
