"""What a layer is: declared fields, an output shape, parameters, forward equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from symcnn.declared import Declared
from symcnn.equations import Equation, Tensor, define
from symcnn.errors import SymcnnError
from symcnn.layers.shapes import checked_shape
from symcnn.layers.window import Window
from symcnn.notation import Shape

_PLACING = ("name", "inputs", "weight_from")

WEIGHT_AND_BIAS: Mapping[str, str] = {"weight": "", "bias": "bias"}
"""What most layers learn; a setting turns the bias off."""


@dataclass(frozen=True)
class Parameter:
    """A tensor that a layer learns.

    Attributes:
        shape: Its shape, e.g. (kernel height, kernel width, input channels, filters).
        letter: What formulas call it, e.g. "w".
        axes: The names of its index symbols, one letter an axis, e.g. "uvck".
        penalised: Whether the ``l2`` of the loss takes it in.
    """

    shape: Shape
    letter: str
    axes: str
    penalised: bool = True

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "parameter shape"))


@dataclass(frozen=True)
class Auxiliary:
    """A tensor that a layer computes on the way to its output, such as a mean.

    Attributes:
        shape: Its shape, for one sample.
        letter: What formulas call it.
        axes: The names of its index symbols, one letter an axis.
        sampled: Whether every sample has its own; if not, a batch shares one.
        constant: Whether no number of the network enters it: then it has no derivative.
    """

    shape: Shape
    letter: str
    axes: str
    sampled: bool = True
    constant: bool = False

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "auxiliary shape"))


@dataclass(frozen=True)
class Layer(Declared):
    """A layer: its output's shape and its forward equations, and nothing else.

    Derivatives, documents and code all follow from ``forward``. Shapes are those of
    one sample; the network adds the batch axis.

    Attributes:
        name: What the network calls it; by default ``prefix`` and a running number.
        inputs: The names of the layers that it reads ("x" is the network's input); by
            default the layer before.
        weight_from: The name of an earlier layer whose parameters it uses as its own.
    """

    name: str | None = field(default=None, kw_only=True)
    inputs: tuple[str, ...] | None = field(default=None, kw_only=True)
    weight_from: str | None = field(default=None, kw_only=True)

    type_name: ClassVar[str] = ""
    """What problem files call it, if not its class's name in snake case (of the class itself:
    a subclass has its own). The empty text is for a class that is no layer by itself."""

    learned: ClassVar[Mapping[str, str]] = {}
    """The names of the parameters, each with the setting that turns it off, or an empty text."""

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

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return what the layer computes on the way, for an input of this shape."""
        return {}

    def check(self, shape: Shape, samples: int) -> None:
        """Refuse an input that fits by its shape, but not for so many samples."""

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equations that define the output y by the input x.

        Args:
            y: The output.
            x: The input.
            tensors: The parameters and auxiliaries, by their names.
        """
        raise NotImplementedError

    def joined_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Return the output's shape for all inputs; most layers take one."""
        if len(shapes) != 1:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes one")
        return self.output_shape(shapes[0])

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equations that define the output y by all inputs."""
        return self.forward(y, xs[0], **tensors)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows that slide over the first axes, if the layer has any."""
        return ()

    def settings(self) -> dict[str, Any]:
        """Return the declared fields by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _PLACING}


def weight_and_bias(shape: Shape, axes: str, bias: bool, unit: int = -1) -> dict[str, Parameter]:
    """Return weights and, if asked for, one bias for each output; the axis ``unit`` counts them."""
    weight = {"weight": Parameter(shape, "w", axes)}
    return {**weight, "bias": Parameter((shape[unit],), "b", axes[unit], False)} if bias else weight


def bias_of(y: Tensor, tensors: Mapping[str, Tensor]) -> tuple[Equation, ...]:
    """Return y[..., k] <- b[k], which adds to weighted sums, if there is a bias."""
    has_bias = "bias" in tensors
    return (define(y[y.indices], tensors["bias"][y.indices[-1]]),) if has_bias else ()
