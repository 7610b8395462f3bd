"""Slicing: some entries of an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Integer
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import (
    Size,
    floor_of,
    is_at_least,
    is_integer,
    is_symbolic,
    not_above,
    plain,
)
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.reshaping import STAYED
from symcnn.network.layers.shapes import axis_of
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class Slice(Layer):
    """Some entries of an axis, at equal distances: y[i, ...] = x[start + step i, ...].

    Shapes: y has the shape of x, with ceil((stop - start) / step) entries along the axis.

    As in Python, a negative start or stop counts from the end of the axis, and a negative step
    runs backwards; both must lie on the axis.

    Attributes:
        axis: The axis, from 0 on; a negative one counts from the last.
        start: The first entry; by default the first of the axis, or the last for a negative step.
        stop: The entry behind the last one; by default all are taken.
        step: The distance of two entries; not 0.
    """

    axis: int
    start: Size | None = None
    stop: Size | None = None
    step: Size = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "takes_all",
            When(
                "step",
                "All entries of {x} are picked: no entry moves.",
                "The entries of {x} are put in the opposite order along an axis; no number "
                "changes.",
                value=1,
            ),
            (
                When("picks_one", "Along one axis, a single entry of {x} is picked;"),
                When("picks_every_second", "Along one axis, every second entry of {x} is picked;"),
                When("picks_others", "Some entries of {x} are picked;"),
                "no number changes.",
            ),
        ),
        backward=When(
            "takes_all",
            When(
                "step",
                STAYED,
                "Nothing was computed, so the error signal only returns to the places of {x}.",
                value=1,
            ),
            "An entry that was picked keeps its error signal; one that was left out receives 0.",
        ),
    )
    prefix: ClassVar[str] = "slice"

    def takes_all(self, shape: Shape) -> bool:
        """Tell whether no entry is left out: there is one step, forwards or backwards."""
        return self.step in (1, -1) and self.output_shape(shape) == shape

    def picks_one(self, shape: Shape) -> bool:
        """Tell whether a single entry of the axis is taken."""
        return self.output_shape(shape)[axis_of(shape, self.axis)] == 1

    def picks_every_second(self, shape: Shape) -> bool:
        """Tell whether entries are taken and left out in turn, along all of the axis."""
        axis = axis_of(shape, self.axis)
        half = shape[axis] // 2
        return self.step in (2, -2) and self.output_shape(shape)[axis] >= half > 1

    def picks_others(self, shape: Shape) -> bool:
        """Tell whether it is neither one entry nor every second one."""
        return not (self.picks_one(shape) or self.picks_every_second(shape))

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape with the number of entries that are taken."""
        axis = axis_of(shape, self.axis)
        _, count, _ = self._range(shape[axis])
        return (*shape[:axis], count, *shape[axis + 1 :])

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that the range ends within the axis."""
        length = shapes[0][axis_of(shapes[0], self.axis)]
        first, last = _fits(self.start, length, length - 1), _fits(self.stop, length, length)
        return (*first, *last) if _falls(self.step) else last or first

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads every entry of y."""
        axis, indices = axis_of(x.shape, self.axis), [*y.indices]
        first, count, step = self._range(x.shape[axis])
        over = {y.indices[axis]: count}
        indices[axis] = first + step * indices[axis]
        return (define(y[y.indices], x[tuple(indices)], over=over),)

    def _range(self, length: Size) -> tuple[Size, Size, Size]:
        if not (is_symbolic(self.step) or (is_integer(self.step) and self.step)):
            raise SymcnnError(f"step = {self.step!r} is invalid: give an integer other than 0")
        falls = _falls(self.step)
        ends = (length - 1, Integer(-1)) if falls else (0, length)
        first = ends[0] if self.start is None else _counted(self.start, length, length - 1, "start")
        stop = ends[1] if self.stop is None else _counted(self.stop, length, length, "stop")
        across = first - stop if falls else stop - first
        distance = -self.step if falls else self.step
        if is_at_least(-across, 0):
            raise SymcnnError(
                f"start = {self.start}, stop = {self.stop} and step = {self.step} leave nothing of "
                f"an axis of {length} entries: give a range that contains one"
            )
        return plain(first), plain(floor_of(plain(across - 1), distance) + 1), self.step


def _fits(end: Size | None, length: Size, most: Size) -> tuple[Relational, ...]:
    """Return that an end of the range lies on the axis."""
    if end is None:
        return ()
    is_from_last = is_integer(end) and end < 0
    return not_above(-end, length) if is_from_last else not_above(end, most)


def _falls(step: Size) -> bool:
    return not is_symbolic(step) and step < 0


def _counted(value: Any, length: Size, most: Size, name: str) -> Size:
    """Return an end of the range, counted from the first entry."""
    if is_symbolic(value):
        return value
    if not is_integer(value) or is_at_least(-value - length, 1) or is_at_least(value - most, 1):
        raise SymcnnError(
            f"{name} = {value!r} is invalid for an axis of {length} entries: give an integer from "
            f"{-length} to {most}, or leave it out"
        )
    return value if value >= 0 else length + value
