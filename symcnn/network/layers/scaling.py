"""Scaling and shifting: by constants, or by learned tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers.activation import EACH, EACH_FIRST, EACH_SIGNAL
from symcnn.network.layers.declarations import Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import broadcast, entry_for
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class Scale(Layer):
    """Every entry is multiplied by a constant, and another one is added: y[...] = a x[...] + b.

    Shapes: x and y have the same shape.

    Attributes:
        factor: The factor a.
        offset: The summand b.
    """

    factor: Real = 1
    offset: Real = 0

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            When(
                "factor",
                ("{offset} is added to", EACH),
                (
                    EACH_FIRST,
                    "is multiplied by {factor}",
                    When("offset", ", and {offset} is added"),
                ),
                value=1,
            ),
            ".",
        ),
        backward=(
            EACH_SIGNAL,
            When("factor", "passes unchanged.", "is multiplied by {factor} as well.", value=1),
        ),
    )
    prefix: ClassVar[str] = "scale"

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return a x + b."""
        factor, offset = setting(self.factor, "factor"), setting(self.offset, "offset")
        return (define(y[y.indices], factor * x[y.indices] + offset),)


@dataclass(frozen=True)
class _Learned(Layer):
    """A learned tensor is combined with the input, entry by entry.

    Attributes:
        shape: The shape of the learned tensor: that of the input, or one that is broadcast.
    """

    shape: tuple[Size, ...]

    verb: ClassVar[str]
    own: ClassVar[str]
    """The letter of what is learned."""

    def is_spread(self, shape: Shape) -> bool:
        """Tell whether entries of the learned tensor are used in several places."""
        return self._shape != shape

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input, to which the learned tensor is broadcast."""
        made = broadcast([shape, self._shape], self.verb)
        if made != shape:
            raise SymcnnError(
                f"the learned tensor of shape {self._shape} has more entries than an input of "
                f"the shape {shape}: give the shape of the input, or axes of length 1"
            )
        return made

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the learned tensor."""
        (key,) = self.learned
        axes = "ijkmopqr"[: len(self._shape)]
        return {key: Parameter(self._shape, self.own, axes, penalised=False)}

    @property
    def _shape(self) -> Shape:
        given: Any = self.shape
        return tuple(given) if isinstance(given, tuple | list) else (given,)


@dataclass(frozen=True)
class AddParameter(_Learned):
    """A learned tensor is added: y[i, c] = x[i, c] + beta[i, c], as a position embedding is.

    Axes of beta that have length 1, or that beta lacks before its first, are broadcast. The ``l2``
    penalty of a loss does not include it.

    Shapes: x and y have the same shape; bias (beta) has the given one.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "The learned {bias} is added to {x}",
            When("x", "", ", entry by entry", value=1),
            When("is_spread", "; along the axes that it lacks, the same entries are added"),
            ".",
        ),
        backward="A sum passes its error signal on unchanged.",
    )
    prefix: ClassVar[str] = "add_parameter"
    learned: ClassVar[Mapping[str, str]] = {"bias": ""}
    verb: ClassVar[str] = "added"
    own: ClassVar[str] = "beta"

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each summand."""
        beta = entry_for(tensors["bias"], y)
        return define(y[y.indices], x[y.indices]), define(y[y.indices], beta)


@dataclass(frozen=True)
class MultiplyParameter(_Learned):
    """The entries are multiplied by a learned tensor: y[i, c] = gamma[c] x[i, c].

    Axes of gamma that have length 1, or that gamma lacks before its first, are broadcast, as in
    the layer scale of ConvNeXt, with one factor for every channel. The ``l2`` penalty of a loss
    does not include it.

    Shapes: x and y have the same shape; weight (gamma) has the given one.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "{x} is multiplied by the learned {weight}",
            When("x", "", ", entry by entry", value=1),
            When("is_spread", "; along the axes that it lacks, the same factors are used"),
            ".",
        ),
        backward="Each error signal is multiplied by {weight}, as its entry was.",
    )
    prefix: ClassVar[str] = "multiply_parameter"
    learned: ClassVar[Mapping[str, str]] = {"weight": ""}
    verb: ClassVar[str] = "multiplied"
    own: ClassVar[str] = "gamma"

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the product."""
        return (define(y[y.indices], entry_for(tensors["weight"], y) * x[y.indices]),)
