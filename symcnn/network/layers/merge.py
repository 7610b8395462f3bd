"""Layers with several inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class Merge(Layer):
    """A layer that reads two or more layers of the same rank."""

    def joined_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the output's shape; inputs that do not fit are an error."""
        if len(shapes) < 2:
            raise SymcnnError('a single input cannot be merged: give inputs = ["...", "..."]')
        return self.merged(shapes)

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the output's shape for two or more inputs."""
        raise NotImplementedError


_PARTS = When("joins_rows", "entries", "channels")


@dataclass(frozen=True)
class Concatenate(Merge):
    """The inputs, concatenated along the last axis, the channels.

        y[..., c] = x_1[..., c],  y[..., C_1 + c] = x_2[..., c],  ...

    Shapes: all axes but the last agree; y has the channels of all inputs.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            When("repeats", "Copies of {x}", ("The", _PARTS, "of {x}")),
            "are placed one after another.",
        ),
        backward=When(
            "repeats",
            "{own} was used more than once: it receives the sum of its copies' error signals.",
            (
                "{own} receives the error signal of",
                When("has_single", "its own part of {y}.", ("its own", _PARTS, ".")),
            ),
        ),
    )
    prefix: ClassVar[str] = "concatenate"

    def joins_rows(self, *shapes: Shape) -> bool:
        """Tell whether the inputs have a single axis, so that its entries are no channels."""
        return len(shapes[0]) == 1

    def has_single(self, *shapes: Shape) -> bool:
        """Tell whether an input has one channel alone, or one entry."""
        return any(shape[-1] == 1 for shape in shapes)

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the common shape with all channels."""
        if len({shape[:-1] for shape in shapes}) > 1:
            raise SymcnnError(
                f"inputs of shapes {', '.join(map(str, shapes))} cannot be concatenated: "
                "they may differ only in the last axis"
            )
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; each fills its own channels."""
        *positions, channel = y.indices
        made, first = [], 0
        for x in xs:
            over = {channel: x.shape[-1]}
            target, source = y[(*positions, channel + first)], x[(*positions, channel)]
            made.append(define(target, source, over=over))
            first += x.shape[-1]
        return tuple(made)
