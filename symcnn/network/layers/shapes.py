"""What layers ask of their settings and of the shapes of their inputs, one or several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from numbers import Integral
from typing import Any

from sympy import Indexed, S

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import (
    Size,
    divides,
    is_integer,
    is_symbolic,
    is_whole,
    plain,
    positive_integer,
    reduced,
)
from symcnn.errors import AxesError, SymcnnError

_KINDS = {
    1: "a sequence (length, channels)",
    2: "an image (height, width, channels)",
    3: "a volume (depth, height, width, channels)",
}


def grid(shape: Shape, axes: int) -> Shape:
    """Return the lengths of the axes before the channels; any other number is an error."""
    if len(shape) != axes + 1:
        remedy = ": leave out the axis of samples (batch = counts them)"
        more = remedy if len(shape) == axes + 2 and shape[0] == 1 else ""
        raise AxesError(f"the input has the shape {shape}, but {_KINDS[axes]} is needed{more}")
    return shape[:-1]


def vector(shape: Shape) -> Size:
    """Return the length of a vector; any other shape is an error."""
    if len(shape) != 1:
        raise SymcnnError(
            f"the input has the shape {shape}, but a vector is needed: insert a flatten layer "
            "before it"
        )
    return shape[0]


def checked_shape(shape: Any, what: str) -> Shape:
    """Return a shape as a tuple of positive integers; one number is a shape of one axis.

    Raises:
        SymcnnError: If it is none.
    """
    sizes = shape if isinstance(shape, tuple | list) else (shape,)
    if not 1 <= len(sizes) <= limits.INPUT_AXES:
        raise SymcnnError(f"the {what} has {len(sizes)} axes: give 1 to {limits.INPUT_AXES}")
    return tuple(positive_integer(_plain(n), f"{what}[{axis}]") for axis, n in enumerate(sizes))


def _plain(number: Any) -> Any:
    whole = isinstance(number, Integral) and not isinstance(number, bool)
    return int(number) if whole else number


def per_axis(value: Any, axes: int, what: str, least: int = 1) -> Shape:
    """Return ``value`` as one integer from ``least`` on per axis; a single one serves for all.

    Raises:
        SymcnnError: If it is neither.
    """
    numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(numbers) == axes and all(is_whole(n, least) for n in numbers):
        return numbers
    sign = "positive" if least else "non-negative"
    kind = f"a {sign} integer" if axes == 1 else f"one or {axes} {sign} integers"
    raise SymcnnError(f"{what} = {value!r} is invalid: give {kind}")


def quotient(number: Size, divisor: Size) -> Size | None:
    """Return a size divided by another, if that is an integer whatever their letters are."""
    if not divides(divisor, number):
        return None
    whole = is_symbolic(number) or is_symbolic(divisor)
    return plain(reduced(number / S(divisor))) if whole else number // divisor


def axis_of(shape: Shape, axis: Any) -> int:
    """Return an axis of a shape, counted from 0; a negative one counts from the last.

    Raises:
        SymcnnError: If there is no such axis.
    """
    if not is_integer(axis) or not -len(shape) <= axis < len(shape):
        raise SymcnnError(
            f"axis = {axis!r} is invalid for an input of shape {shape}: give a number from "
            f"{-len(shape)} to {len(shape) - 1}"
        )
    return int(axis % len(shape))


def axes_of(shape: Shape, axes: Any) -> tuple[int, ...]:
    """Return axes of a shape in order, counted from 0; all of them for None.

    Raises:
        SymcnnError: If one does not exist, or is named twice.
    """
    given = range(len(shape)) if axes is None else axes
    found = [axis_of(shape, axis) for axis in (given if hasattr(given, "__iter__") else [given])]
    if not found or len(set(found)) < len(found):
        raise SymcnnError(f"axis = {axes!r} is invalid: name every axis once, and one at least")
    return tuple(sorted(found))


def broadcast(shapes: Sequence[Shape], verb: str) -> Shape:
    """Return the common shape; ``verb`` is what cannot be done with inputs that do not fit."""
    axes = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    lengths = [_common(axis) for axis in axes]
    if None in lengths:
        raise SymcnnError(
            f"inputs of shapes {', '.join(map(str, shapes))} cannot be {verb}: "
            "use layers of equal shape, or with axes of length 1"
        )
    return tuple(length for length in reversed(lengths) if length is not None)


def entry_for(x: Tensor, y: Tensor) -> Indexed:
    """Return the entry of x at y's indices; along an axis of length 1 it is the only one."""
    last = zip(x.shape, y.shape[-len(x.shape) :], y.indices[-len(x.shape) :], strict=True)
    return x[tuple(0 if own == 1 != length else i for own, length, i in last)]


def _common(axis: Sequence[Size]) -> Size | None:
    lengths = dict.fromkeys(length for length in axis if length != 1)
    return next(iter(lengths), 1) if len(lengths) <= 1 else None
