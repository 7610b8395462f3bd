"""Where the entries of an array lie in memory: the same numbers, at other addresses.

Between and behind the entries lie other numbers, so that a function that reads the memory of an
array as if it were contiguous computes something else, and reads nothing that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

EXPANDED = "expanded, with stride 0"
BACKWARDS = "reversed, with negative strides"


def _transposed(memory: Array, shape: Shape) -> Array:
    return memory[: np.prod(shape)].reshape(shape[::-1]).transpose()


def _exchanged(memory: Array, shape: Shape) -> Array:
    if len(shape) < 3:
        return _transposed(memory, shape)
    other = (shape[1], shape[0], *shape[2:])
    return memory[: np.prod(shape)].reshape(other).swapaxes(0, 1)


def _part(memory: Array, shape: Shape) -> Array:
    *rows, length = shape
    return memory[: np.prod(rows, dtype=int) * (length + 2)].reshape(*rows, -1)[..., 1:-1]


def _every_second(memory: Array, shape: Shape) -> Array:
    return memory[: 2 * np.prod(shape)].reshape(*shape[:-1], -1)[..., ::2]


def _backwards(memory: Array, shape: Shape) -> Array:
    return np.flip(memory[: np.prod(shape)].reshape(shape))


_VIEWS: Mapping[str, Callable[[Array, Shape], Array]] = {
    "transposed": _transposed,
    "transposed along its first two axes": _exchanged,
    "a part of longer rows": _part,
    "every second entry of longer rows": _every_second,
    BACKWARDS: _backwards,
}

WAYS: tuple[str, ...] = (*_VIEWS, EXPANDED)
"""How arrays are stored, as the end of a sentence: "x is transposed"."""


def stored(array: Array, way: str) -> Array:
    """Return a view with the same entries that lies in memory in one of the ways.

    Along the axes of an expanded array, all entries are the same one.
    """
    if array.size < 2:
        return array
    memory = _others(array)
    if way != EXPANDED:
        view = _VIEWS[way](memory, array.shape)
        view[...] = array
        return view
    first = array
    for axis in range(array.ndim):
        one = first.take([0], axis)
        first = one if (first == one).all() else first
    memory[: first.size] = first.ravel()
    return np.broadcast_to(memory[: first.size].reshape(first.shape), array.shape)


def _others(array: Array) -> Array:
    """Return memory full of numbers that are no entries; indices are those of other entries."""
    count = 4 * array.size + 2 * array.shape[0]
    if array.dtype.kind != "f":
        return np.resize(array.ravel()[::-1], count)
    numbers: Array = 2 * np.abs(array).max() + 1 + np.arange(count) % 7 / 8
    return numbers.astype(array.dtype)


READINGS: Mapping[str, str] = {
    "whole": "It is read as if it were contiguous.",
    "rows": "Each of its rows is read as if it were contiguous.",
}
"""How the memory of an array is misread, and what is said of that."""


def misread(view: Array, reading: str) -> Array:
    """Return what stands in the place of a view's entries if its memory is read in such a way."""
    strides = np.empty(view.shape, view.dtype).strides
    if reading == "rows":
        strides = (*view.strides[:-1], view.itemsize)
    return np.lib.stride_tricks.as_strided(view, view.shape, strides, writeable=False).copy()
