"""What a layer or a loss declares: parameters, given tensors and intermediate ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, zip_longest
from numbers import Integral
from typing import Any, TypeAlias

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
from symcnn.equations.tensor import Role
from symcnn.errors import AxesError, SymcnnError, expect, shown

# What layers ask of their settings and of the shapes of their inputs, one or several.


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


@dataclass(frozen=True)
class Parameter:
    """A tensor that a layer learns.

    Attributes:
        shape: Its shape, e.g. (kernel height, kernel width, input channels, filters).
        letter: Its letter in formulas, e.g. "w".
        axes: The names of its index symbols, one letter per axis, e.g. "uvck".
        penalised: Whether the ``l2`` penalty of the loss includes it.
        instead: Its letter in networks in which ``letter`` stands for something else.
    """

    shape: Shape
    letter: str
    axes: str
    penalised: bool = True
    instead: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "parameter shape"))


@dataclass(frozen=True)
class Auxiliary:
    """An intermediate tensor of a layer, such as a mean.

    Attributes:
        shape: Its shape, for one sample.
        letter: Its letter in formulas.
        axes: The names of its index symbols, one letter per axis.
        sampled: Whether every sample has its own; otherwise a batch shares one.
        constant: Whether it depends on no input or parameter and so has no derivative.
        noun: What a sentence calls it, if not by its name: "log-sum-exp".
        positive: Whether its entries are positive wherever the layer exists; theorems then do not
            suppose that what divides by them is not 0.
        instead: Its letter in networks in which ``letter`` stands for something else.
    """

    shape: Shape
    letter: str
    axes: str
    sampled: bool = True
    constant: bool = False
    noun: str = ""
    positive: bool = field(default=False, kw_only=True)
    instead: str = field(default="", kw_only=True)

    @property
    def role(self) -> Role:
        """What it is in the network."""
        return "constant" if self.constant else "auxiliary"

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "auxiliary shape"))


@dataclass(frozen=True)
class Given:
    """A tensor whose numbers are given and not learned: a mask, running statistics, noise.

    Derivatives with respect to it are taken on request alone.

    Attributes:
        shape: Its shape, for one sample.
        letter: Its letter in formulas.
        axes: The names of its index symbols, one letter per axis.
        sampled: Whether every sample has its own; otherwise a batch shares one.
        instead: Its letter in networks in which ``letter`` stands for something else.
    """

    shape: Shape
    letter: str
    axes: str
    sampled: bool = False
    instead: str = field(default="", kw_only=True)

    @property
    def role(self) -> Role:
        """What it is in the network."""
        return "given"

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "shape of what is given"))


Own: TypeAlias = Auxiliary | Given
"""What belongs to one layer or loss and is not learned."""


def check_declared(
    learned: Mapping[str, Parameter],
    supplied: Mapping[str, Given],
    computed: Mapping[str, Auxiliary],
) -> None:
    """Refuse one name for two tensors, what is no letter, and axes that do not fit a shape."""
    _check_kind("parameters", learned, Parameter)
    _check_kind("givens", supplied, Given)
    _check_kind("auxiliaries", computed, Auxiliary)
    kinds = (("a parameter", learned), ("a given tensor", supplied), ("an auxiliary", computed))
    for (one, first), (other, second) in combinations(kinds, 2):
        if both := first.keys() & second.keys():
            raise SymcnnError(f"{one} and {other} are both named {min(both)!r}: rename one")
    parts: dict[str, Parameter | Own] = {**learned, **supplied, **computed}
    for key, part in parts.items():
        if not (isinstance(part.letter, str) and part.letter.isascii() and part.letter.isalpha()):
            raise SymcnnError(
                f"the {key} cannot be called {shown(part.letter)}: use a Latin letter or the "
                "name of a Greek one"
            )
        if len(part.axes) != len(part.shape):
            raise SymcnnError(
                f"the {key} of shape {part.shape} has the axes {part.axes!r}: give one "
                "letter per axis"
            )


def _check_kind(method: str, returned: Any, kind: type) -> None:
    """Refuse what is no table of parameters, or of auxiliaries."""
    remedy = f'return a table such as {{"weight": {kind.__name__}((3, 2), "w", "ij")}}'
    expect(returned, Mapping, f"what {method} returns", remedy)
    for key, part in returned.items():
        expect(part, kind, f"what {method} returns as {shown(key)}", remedy)


def numbers_of_entries(positions: Shape, axes: str) -> dict[str, Auxiliary]:
    """Return the tensor of how many entries each window holds, one at least."""
    noun = "number of entries per window"
    own = Auxiliary(positions, "N", axes, False, constant=True, noun=noun, positive=True)
    return {"entries": own}
