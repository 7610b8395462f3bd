"""What layers ask of the shape of their input."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.notation import Shape


def image(shape: Shape) -> Shape:
    """Return the shape (height, width, channels); any other is an error."""
    if len(shape) != 3:
        raise SymcnnError(
            f"the input has the shape {shape}, but an image (height, width, channels) is needed"
        )
    return shape


def vector(shape: Shape) -> int:
    """Return the length of a vector; any other shape is an error."""
    if len(shape) != 1:
        raise SymcnnError(
            f"the input has the shape {shape}, but a vector is needed: put a flatten layer before"
        )
    return shape[0]
