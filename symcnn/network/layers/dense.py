"""Dense layers: every output depends on every entry, which flattening puts in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, number_of, positive_integer
from symcnn.network.layers.declarations import Parameter, vector
from symcnn.network.layers.layer import WEIGHT_AND_BIAS, Layer, bias_of, weight_and_bias
from symcnn.network.layers.reshaping import STAYED
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class Flatten(Layer):
    """The entries in row-major order: y[(i W + j) C + c] = x[i,j,c].

    Shapes: x any, y (number of entries,).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "is_flat",
            "{x} has a single axis: it stays as it is.",
            "The entries of {x} are written one after another, row by row; no number changes.",
        ),
        backward=When(
            "is_flat",
            STAYED,
            "Nothing was computed, so the error signal only returns to the shape of {x}.",
        ),
    )
    prefix: ClassVar[str] = "flatten"
    letter: ClassVar[str] = "f"
    axes: ClassVar[str] = "m"

    def is_flat(self, shape: Shape) -> bool:
        """Tell whether the entries stand in a row already."""
        return len(shape) == 1

    def output_shape(self, shape: Shape) -> Shape:
        """Return the number of entries."""
        return (number_of(shape),)

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the equation that renumbers the entries."""
        position = x.indices[0]
        for size, axis in zip(x.shape[1:], x.indices[1:], strict=True):
            position = position * size + axis
        return (define(y[position.expand()], x[x.indices]),)


@dataclass(frozen=True)
class Dense(Layer):
    """A fully connected layer: y[m] = b[m] + sum over q of w[m,q] x[q].

    Shapes: x (inputs,); weight (units, inputs); bias (units,); y (units,).

    Attributes:
        units: The number of outputs.
        bias: Whether there is a bias b.
    """

    units: Size
    bias: bool = True

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            When("units", "The neuron", "Each neuron", value=1),
            When(
                "x",
                ("multiplies {x} by its weight", When("bias", "and adds its bias")),
                ("weighs the entries of {x} and adds them up", When("bias", "with its bias")),
                value=1,
            ),
            ".",
        ),
        backward=When(
            "units",
            When(
                "x",
                "The neuron hears {x} through its weight: the error signal is that of the neuron, "
                "times this weight.",
                "The neuron hears each entry of {x} through one weight: the entry's error signal "
                "is that of the neuron, times this weight.",
                value=1,
            ),
            When(
                "x",
                "Every neuron hears {x} through a weight of its own: the error signal is the sum "
                "of the neurons' error signals, each times this weight.",
                "Every neuron hears each entry of {x} through a weight of its own: the entry's "
                "error signal is the sum of the neurons' error signals, each times this weight.",
                value=1,
            ),
            value=1,
        ),
    )
    prefix: ClassVar[str] = "dense"
    letter: ClassVar[str] = "z"
    learned: ClassVar[Mapping[str, str]] = WEIGHT_AND_BIAS
    axes: ClassVar[str] = "m"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (units,)."""
        vector(shape)
        return (positive_integer(self.units, "units"),)

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the weight matrix and, unless ``bias`` is off, one bias per unit."""
        return weight_and_bias((self.units, vector(shape)), "mq", self.bias, unit=0)

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the weighted sum of the inputs, and the bias."""
        m, q = parameters["weight"].indices
        products = define(y[m], parameters["weight"][m, q] * x[q])
        return (products, *bias_of(y, parameters))
