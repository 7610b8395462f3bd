"""Products of whole arrays: of matrices, by entries, and sliding ones.

Every array has axes of indices in front, as many as are in scope.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as places
from typing import Any

import numpy as np

from symcnn.equations.values import Array

Shape = tuple[int, ...]


def joined(
    operation: Callable[[Array, Array], Array], left: Array, right: Array, count: int
) -> Array:
    """Return an operation by entries; numbers fit to whole arrays.

    Raises:
        ValueError: If the shapes do not fit.
    """
    rank = max(left.ndim, right.ndim)
    a, b = (
        one.reshape((*one.shape[:count], *(1,) * (rank - one.ndim), *one.shape[count:]))
        for one in (left, right)
    )
    try:
        np.broadcast_shapes(a.shape[count:], b.shape[count:])
    except ValueError:
        words = _words(a.shape[count:], b.shape[count:])
        raise ValueError(f"arrays of {words} entries are joined entry by entry") from None
    with np.errstate(all="ignore"):
        return np.asarray(operation(a, b))


def _words(*shapes: Shape) -> str:
    return " and ".join(" x ".join(map(str, shape)) for shape in shapes)


def product(left: Array, right: Array, count: int, sign: str) -> Array:
    """Return what two factors side by side are: the product of matrices where it exists.

    Otherwise entries are multiplied, if the shapes are equal or one factor is a number.

    Raises:
        ValueError: If neither exists.
    """
    first, second = left.shape[count:], right.shape[count:]
    is_matrix = len(first) == len(second) == 2 and first[1] == second[0]
    if sign != "odot" and is_matrix:
        return np.asarray(left @ right)
    has_number = any(all(n == 1 for n in shape) for shape in (first, second))
    if has_number or (first == second and sign != "@"):
        return joined(np.multiply, left, right, count)
    raise ValueError(f"arrays of {_words(first, second)} entries have no product")


def convolved(
    image: Array, kernel: Array, count: int, star: str, mode: str, wanted: Shape
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
    own = kernel.shape[count:]
    valid = tuple(a - b + 1 for a, b in zip(image.shape[count:], own, strict=True))
    mode = mode or ("valid" if valid == wanted or not wanted else "full")
    return _slid(image, kernel, count, [_PADS[mode](n) for n in own])


_PADS: dict[str, Callable[[int], tuple[int, int]]] = {
    "full": lambda n: (n - 1, n - 1),
    "valid": lambda n: (0, 0),
    "same": lambda n: ((n - 1) // 2, n // 2),
}


def _slid(image: Array, kernel: Array, count: int, pads: list[tuple[int, int]]) -> Array:
    own = kernel.shape[count:]
    padded = np.pad(image, [(0, 0)] * count + pads)
    sizes = [n - k + 1 for n, k in zip(padded.shape[count:], own, strict=True)]
    if min(sizes) < 1:
        raise ValueError("the kernel of a convolution is longer than the image")
    total: Array | float = 0.0
    for at in places(*map(range, own)):
        window = tuple(slice(start, start + size) for start, size in zip(at, sizes, strict=True))
        weight = kernel[_behind(at)]
        total = total + padded[_behind(window)] * weight.reshape(weight.shape + (1,) * len(own))
    return np.asarray(total)


def _behind(places_of: tuple[Any, ...]) -> Any:
    """Return what picks places along the last axes."""
    return (..., *places_of)
