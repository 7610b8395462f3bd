"""The rectifier with a learned slope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import leaky_relu
from symcnn.equations.notation import Shape
from symcnn.network.layers import sources
from symcnn.network.layers.activation import EACH_SIGNAL
from symcnn.network.layers.declarations import Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class PReLU(Layer):
    """The parametric rectifier: a leaky rectifier whose slope for x <= 0 is learned.

        y[..., c] = x[..., c] if x[..., c] > 0 and alpha[c] x[..., c] otherwise

    The derivative with respect to x is alpha at 0, and the ``l2`` penalty of a loss does not
    include the slopes.

    Shapes: x and y have the same shape, channels last; weight (alpha) is (channels,), or (1,) if
    it is shared.

    Attributes:
        shared: Whether all channels have the same slope.

    Source: He et al. (2015).
    """

    shared: bool = False

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "What is positive is kept; the rest is multiplied by a learned slope {weight}",
            When("weight", ".", ", one for each channel.", value=1),
        ),
        backward={
            "x": (
                EACH_SIGNAL,
                "passes unchanged where {x} is positive, and is multiplied by the slope where it "
                "is not.",
            ),
            "weight": "A slope matters only where {x} is not positive: its derivative is the sum, "
            "over the entries that it multiplied, of error signal times entry.",
        },
    )
    source: ClassVar[str] = sources.PRELU
    prefix: ClassVar[str] = "prelu"
    letter: ClassVar[str] = "a"
    learned: ClassVar[Mapping[str, str]] = {"weight": ""}

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the slopes."""
        slopes = (1,) if self.shared else shape[-1:]
        return {"weight": Parameter(slopes, "alpha", "c", penalised=False)}

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return x [x > 0] + alpha x [x <= 0]."""
        channel = 0 if self.shared else y.indices[-1]
        return (define(y[y.indices], leaky_relu(x[y.indices], parameters["weight"][channel])),)
