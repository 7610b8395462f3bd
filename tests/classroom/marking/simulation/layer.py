"""What a layer is to a student: a forward pass, a backward pass, and what can go wrong in them."""

from __future__ import annotations

from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import Array, Position

Names = tuple[str, ...]

ANYWHERE: Names = ("wrong sign", "factor 2 too many", "factor 2 missing")
"""What can go wrong wherever something is computed."""


class Layer:
    """A layer.

    Attributes:
        forward_mistakes: What can go wrong in the forward pass.
        backward_mistakes: In the derivative with respect to the input.
        slope_mistakes: In the derivative with respect to a parameter.
        copies: Whether the layer only moves numbers, so that nobody writes them down again.
    """

    forward_mistakes: ClassVar[Names] = ()
    backward_mistakes: ClassVar[Names] = ()
    slope_mistakes: ClassVar[Names] = ()
    copies: ClassVar[bool] = False

    def symcnn(self) -> sc.Layer:
        """Return the layer that symcnn marks."""
        raise NotImplementedError

    def shape(self, shape: Position) -> Position:
        """Return the shape of the output, without the samples."""
        return shape

    def parameters(self, shape: Position) -> dict[str, Position]:
        """Return the shapes of the parameters."""
        return {}

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        """Return the output."""
        raise NotImplementedError

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        """Return dL/dx."""
        raise NotImplementedError

    def slope(self, name: str, x: Array, dy: Array, mistake: str = "") -> Array:
        """Return dL/dw for one parameter."""
        raise NotImplementedError
