"""Cumulative sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import axis_of
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class CumSum(Layer):
    """The sum of the entries up to each place of an axis: y[i, c] = sum over q <= i of x[q, c].

    Shapes: x and y have the same shape.

    Attributes:
        axis: The axis, from 0 on; a negative one counts from the last.
        exclusive: Whether the entry at the place itself is left out: q < i.
        reverse: Whether the entries from each place on are added up: q >= i.
    """

    axis: int = 0
    exclusive: bool = False
    reverse: bool = False

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "Each entry of {y} is the sum, along an axis, of the entries of {x}",
            When(
                "exclusive",
                When("reverse", "behind its place.", "before its place."),
                When("reverse", "from its place on.", "up to its place."),
            ),
        ),
        backward=(
            "An entry is part of the sums",
            When(
                "exclusive",
                When("reverse", "at all places before it", "at all places behind it"),
                When(
                    "reverse", "at its own place and all before", "at its own place and all behind"
                ),
            ),
            ": it receives the sum of their error signals.",
        ),
    )
    type_name: ClassVar[str] = "cumsum"
    prefix: ClassVar[str] = "cumsum"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        axis_of(shape, self.axis)
        return shape

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sum over the entries on one side."""
        axis = axis_of(x.shape, self.axis)
        i, q = y.indices[axis], index(next(spare_letters({s.name for s in y.indices})))
        distance = (q - i if self.reverse else i - q) - int(self.exclusive)
        read = x[(*y.indices[:axis], q, *y.indices[axis + 1 :])]
        return (define(y[y.indices], read, inside=[(distance, x.shape[axis])]),)
