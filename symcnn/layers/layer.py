"""What a layer is: declared fields, an output shape, parameters, forward equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from symcnn.equations import Equation, Tensor
from symcnn.layers.window import Window
from symcnn.notation import Shape


@dataclass(frozen=True)
class Parameter:
    """A tensor that a layer learns.

    Attributes:
        shape: Its shape, e.g. (kernel height, kernel width, input channels, filters).
        letter: What formulas call it, e.g. "w".
        axes: The names of its index symbols, one letter an axis, e.g. "uvck".
    """

    shape: Shape
    letter: str
    axes: str


@dataclass(frozen=True)
class Layer:
    """A layer: its output's shape and its forward equations, and nothing else.

    Derivatives, documents and code all follow from ``forward``. Shapes are those of
    one sample; the network adds the batch axis.

    Attributes:
        name: What the network calls it; by default ``prefix`` and a running number.
    """

    name: str | None = field(default=None, kw_only=True)

    prefix: ClassVar[str] = "layer"
    letter: ClassVar[str] = "y"
    axes: ClassVar[str] = ""

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape; by default that of the input.

        Raises:
            SymcnnError: If an input of this shape does not fit.
        """
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return what the layer learns, for an input of this shape."""
        return {}

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the equations that define the output y by the input x."""
        raise NotImplementedError

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows that slide over the first axes, if the layer has any."""
        return ()

    def settings(self) -> dict[str, Any]:
        """Return the declared fields by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "name"}
