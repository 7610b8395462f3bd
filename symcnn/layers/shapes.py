"""What layers ask of the shape of their input, and of their settings."""

from __future__ import annotations

from typing import Any

from symcnn.errors import SymcnnError
from symcnn.notation import Shape

_KINDS = {1: "a sequence (length, channels)", 2: "an image (height, width, channels)"}


def grid(shape: Shape, axes: int) -> tuple[int, ...]:
    """Return the lengths of the axes before the channels; any other number is an error."""
    if len(shape) != axes + 1:
        raise SymcnnError(f"the input has the shape {shape}, but {_KINDS[axes]} is needed")
    return shape[:-1]


def vector(shape: Shape) -> int:
    """Return the length of a vector; any other shape is an error."""
    if len(shape) != 1:
        raise SymcnnError(
            f"the input has the shape {shape}, but a vector is needed: put a flatten layer before"
        )
    return shape[0]


def per_axis(value: Any, axes: int, what: str) -> tuple[int, ...]:
    """Return ``value`` as one positive integer an axis; a single one serves for all.

    Raises:
        SymcnnError: If it is neither.
    """
    numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(numbers) == axes and all(is_whole(n, 1) for n in numbers):
        return numbers
    kind = "a positive integer" if axes == 1 else f"one or {axes} positive integers"
    raise SymcnnError(f"{what} = {value!r} is not right: give {kind}")


def positive_integer(value: Any, what: str) -> int:
    """Return a positive integer; anything else is an error that names ``what``."""
    if not is_whole(value, 1):
        raise SymcnnError(f"{what} = {value!r} is not right: give a positive integer")
    return int(value)


def is_whole(value: Any, least: int) -> bool:
    """Tell whether a value is an integer from ``least`` on; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
