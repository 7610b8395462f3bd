"""What layers ask of the shape of their input."""

from __future__ import annotations

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
