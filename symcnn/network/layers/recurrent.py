"""Recurrent layers: at every step, a state is computed from an input and the state before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import tanh

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, positive_integer
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, Sentences, When


@dataclass(frozen=True)
class Recurrent(Layer):
    """A state of some units, which every step computes anew; it is 0 before the first."""

    units: Size
    bias: bool = True

    learned: ClassVar[Mapping[str, str]] = {"weight": "", "recurrent_weight": "", "bias": "bias"}
    parameter_axes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "recurrent_weight": ("output channel", "state channel")
    }
    axes: ClassVar[str] = "tk"
    input_axes: ClassVar[str] = "tc"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the number of steps, and that of units."""
        if len(shape) != 2:
            raise SymcnnError(
                f"the input has the shape {shape}, but steps and channels are needed: insert a "
                "reshape layer before it"
            )
        return (shape[0], positive_integer(self.units, "units"))

    def has_one_step(self, shape: Shape) -> bool:
        """Tell whether there is a single step, which no other follows."""
        return bool(shape[0] == 1)


def said_of_signals(state: str, **others: Sentences) -> Mapping[str, Sentences]:
    """Return what is said of derivatives, with what depends on the step before."""
    return {
        "x": "An entry of {x} takes part in what its own step computes.",
        "state": ("The state at a step makes the output at this step", and_next(state)),
        **others,
    }


def and_next(what: str) -> Sentences:
    """Return the end of a sentence on what a step makes, with what the next one makes of it."""
    also = f", and {what} at the next one, if there is one: their error signals are added."
    return When("has_one_step", ".", also)


AT_FIRST = When(
    "has_one_step",
    "There is no state before it.",
    "Before the first step, the state is 0.",
)


@dataclass(frozen=True)
class RNN(Recurrent):
    """A plain recurrent layer: every state is computed from an input and the state before it.

        a[t,k] = b[k] + sum over c of w[k,c] x[t,c] + sum over j of u[k,j] h[t-1,j]
        h[t,k] = tanh(a[t,k]),  y = h

    where h is 0 before the first step.

    Shapes: x (steps, channels), weight (units, channels), recurrent_weight (units, units), bias
    (units,), y (steps, units).

    Attributes:
        units: The number of entries of the state.
        bias: Whether a bias is added.

    Source: Elman (1990).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "sum": (
                "What a step reads and the state before it are weighed and added up.",
                AT_FIRST,
            ),
            "state": "The state at a step is the hyperbolic tangent of this sum.",
            "y": "The output at a step is the state.",
        },
        backward=said_of_signals(
            "the sum", sum="The sum at a step makes the state at this step alone."
        ),
    )
    source: ClassVar[str] = sources.RNN
    type_name: ClassVar[str] = "rnn"
    prefix: ClassVar[str] = "rnn"

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the weights of the input and of the state, and a bias for every unit."""
        n = self.units
        own = {
            "weight": Parameter((n, shape[1]), "w", "kc"),
            "recurrent_weight": Parameter((n, n), "u", "kj"),
        }
        return {**own, "bias": Parameter((n,), "b", "k", False)} if self.bias else own

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the sums and the states at all steps."""
        whole = (shape[0], self.units)
        return {"sum": Auxiliary(whole, "a", "tk"), "state": Auxiliary(whole, "h", "tk")}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equations of one step, for all of them."""
        (t, k), c, j = y.indices, x.indices[1], index("j")
        a, h, w, u = (tensors[name] for name in ("sum", "state", "weight", "recurrent_weight"))
        bias = (define(a[t, k], tensors["bias"][k]),) if self.bias else ()
        return (
            define(a[t, k], w[k, c] * x[t, c]),
            define(a[t, k], u[k, j] * h[t - 1, j]),
            *bias,
            define(h[t, k], tanh(a[t, k])),
            define(y[t, k], h[t, k]),
        )
