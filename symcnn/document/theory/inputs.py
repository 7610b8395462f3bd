"""Layers that make several inputs, for a layer or a loss by itself, of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define, strides
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.network.layers import Layer


@dataclass(frozen=True)
class Share(Layer):
    """Some channels of x, as one of several inputs: y[..., c] = x[..., c_0 + c].

    Attributes:
        first: The channel c_0.
        channels: The number of channels.
    """

    first: Size
    channels: Size

    type_name: ClassVar[str] = ""
    prefix: ClassVar[str] = "input"
    letter: ClassVar[str] = "a"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape with these channels."""
        return (*shape[:-1], self.channels)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads the channels."""
        *positions, c = y.indices
        entry = x[(*positions, c + self.first)]
        return (define(y[y.indices], entry, over={c: self.channels}),)


@dataclass(frozen=True)
class Output(Share):
    """The same, as the output that a loss reads."""

    type_name: ClassVar[str] = ""
    letter: ClassVar[str] = "y"


@dataclass(frozen=True)
class Part(Layer):
    """Entries of the vector x, as one of several inputs: y[i, j] = x[p + J i + j].

    Attributes:
        first: The first entry p.
        shape: The shape of the input.
    """

    first: Size
    shape: Shape

    type_name: ClassVar[str] = ""
    prefix: ClassVar[str] = "input"
    letter: ClassVar[str] = "n"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        return self.shape

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads the entries."""
        steps = zip(y.indices, strides(self.shape), strict=True)
        position = self.first + sum(index * step for index, step in steps)
        over = dict(zip(y.indices, self.shape, strict=True))
        return (define(y[y.indices], x[position.expand()], over=over),)
