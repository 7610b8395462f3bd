"""Broadcasting: axes are compared from the last on, and have the same length or length 1."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from sympy import Indexed

from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.errors import SymcnnError


def broadcast(shapes: Sequence[Shape], verb: str) -> Shape:
    """Return the common shape; ``verb`` is what cannot be done with inputs that do not fit."""
    axes = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    lengths = [_common(axis) for axis in axes]
    if None in lengths:
        raise SymcnnError(
            f"inputs of the shapes {', '.join(map(str, shapes))} cannot be {verb}: "
            "use layers of equal shape, or with axes of length 1"
        )
    return tuple(length for length in reversed(lengths) if length is not None)


def entry_for(x: Tensor, y: Tensor) -> Indexed:
    """Return the entry of x at y's indices; along an axis of length 1 it is the only one."""
    last = zip(x.shape, y.shape[-len(x.shape) :], y.indices[-len(x.shape) :], strict=True)
    return x[tuple(0 if own == 1 != length else i for own, length, i in last)]


def _common(axis: Sequence[Size]) -> Size | None:
    """Return the length of an axis, or None where inputs differ."""
    lengths = dict.fromkeys(length for length in axis if length != 1)
    return next(iter(lengths), 1) if len(lengths) <= 1 else None
