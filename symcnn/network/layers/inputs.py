"""Further inputs of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.network.layers.declarations import Given
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import checked_shape
from symcnn.network.meaning import Meaning


@dataclass(frozen=True)
class Input(Layer):
    """A further input of the network, of which every sample has its own numbers: y[i] = u[i].

    What it is given, its ``value``, does not depend on x, and is not learned. The layers that
    read it name it among their ``inputs``.

    Shapes: x any; value and y ``shape``.

    Attributes:
        shape: The shape of one sample.
    """

    shape: Shape

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="{value} is a further input of the network: it does not depend on {x}.",
        backward="{x} is not read here, so no error signal reaches it from {y}.",
    )
    prefix: ClassVar[str] = "input"
    supplied: ClassVar[Mapping[str, str]] = {"value": ""}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape that is given."""
        return checked_shape(self.shape, "shape")

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the numbers of each sample."""
        own = self.output_shape(shape)
        return {"value": Given(own, "u", "ijklmnopqr"[: len(own)], sampled=True)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the numbers as they are."""
        return (define(y[y.indices], tensors["value"][y.indices]),)
