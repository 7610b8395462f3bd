"""Products of whole arrays: of matrices, by entries, and sliding ones.

Every array has axes of indices in front, as many as are in scope.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as places
from typing import Any

import numpy as np

from symcnn.equations.values import Array

Operation = Callable[[Array, Array], Array]


def joined(operation: Operation, left: Array, right: Array, count: int) -> Array:
    """Return an operation by entries; numbers fit to whole arrays.

    Raises:
        ValueError: If the shapes do not fit.
    """
    a, b = _padded(left, right, count)
    shapes = a.shape[count:], b.shape[count:]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        words = " and ".join(" x ".join(map(str, shape)) for shape in shapes)
        raise ValueError(f"arrays of {words} entries are joined entry by entry") from None
    with np.errstate(all="ignore"):
        return np.asarray(operation(a, b))


def _padded(left: Array, right: Array, count: int) -> tuple[Array, Array]:
    """Give two arrays the same number of axes behind the indices."""
    rank = max(left.ndim, right.ndim)
    made = tuple(
        a.reshape((*a.shape[:count], *(1,) * (rank - a.ndim), *a.shape[count:]))
        for a in (left, right)
    )
    return made[0], made[1]


def product(left: Array, right: Array, count: int, sign: str) -> Array:
    """Return what two factors side by side are: the product of matrices where it exists.

    Otherwise entries are multiplied, if the shapes are equal or one factor is a number.

    Raises:
        ValueError: If neither exists.
    """
    ranks = left.ndim - count, right.ndim - count
    shapes = left.shape[count:], right.shape[count:]
    one = any(
        rank == 0 or all(n == 1 for n in shape) for rank, shape in zip(ranks, shapes, strict=True)
    )
    if sign != "odot" and ranks == (2, 2) and shapes[0][1] == shapes[1][0]:
        return np.asarray(left @ right)
    if one or (shapes[0] == shapes[1] and sign != "@"):
        return joined(np.multiply, left, right, count)
    words = " and ".join(" x ".join(map(str, shape)) for shape in shapes)
    raise ValueError(f"arrays of {words} entries have no product")


def convolved(
    image: Array, kernel: Array, count: int, star: str, mode: str, wanted: tuple[int, ...]
) -> Array:
    """Return the sliding product of an image with a kernel.

    Args:
        image: An image for every place of the indices.
        kernel: The kernel for every place.
        count: The number of the indices.
        star: ``convolution`` flips the kernel, ``correlation`` does not.
        mode: ``full``, ``valid`` or ``same``; without one, valid if this gives the shape that is
            due, or else full.
        wanted: The shape that is due.

    Raises:
        ValueError: If they are no images with the same number of axes.
    """
    if 0 in (image.ndim - count, kernel.ndim - count):
        return joined(np.multiply, image, kernel, count)
    if image.ndim != kernel.ndim or image.ndim - count not in (1, 2, 3):
        raise ValueError("a convolution joins two images of one channel")
    if star == "convolution":
        kernel = np.flip(kernel, tuple(range(count, kernel.ndim)))
    return _slid(image, kernel, count, mode or _mode(image, kernel, count, wanted))


def _mode(image: Array, kernel: Array, count: int, wanted: tuple[int, ...]) -> str:
    valid = tuple(a - b + 1 for a, b in zip(image.shape[count:], kernel.shape[count:], strict=True))
    return "valid" if valid == wanted or not wanted else "full"


def _slid(image: Array, kernel: Array, count: int, mode: str) -> Array:
    own = kernel.shape[count:]
    pads = {"full": [(n - 1, n - 1) for n in own], "valid": [(0, 0)] * len(own)}
    pads["same"] = [((n - 1) // 2, n // 2) for n in own]
    padded = np.pad(image, [(0, 0)] * count + pads[mode])
    sizes = [n - k + 1 for n, k in zip(padded.shape[count:], own, strict=True)]
    if min(sizes) < 1:
        raise ValueError("the kernel of a convolution is longer than the image")
    total: Array | float = 0.0
    for at in places(*map(range, own)):
        window = tuple(slice(start, start + size) for start, size in zip(at, sizes, strict=True))
        weight = kernel[_behind(at)]
        weight = weight.reshape(weight.shape + (1,) * len(own))
        total = total + padded[_behind(window)] * weight
    return np.asarray(total)


def _behind(places_of: tuple[Any, ...]) -> Any:
    """Return what picks places along the last axes."""
    return (..., *places_of)
