"""Recurrent layers: at every step, a state is computed from an input and the state before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, tanh

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import sigmoid
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


# Gated recurrent layers: what is computed at a step says how much of the state before remains.


@dataclass(frozen=True)
class _Gated(Recurrent):
    """A recurrent layer with sums for several gates m, whose weights stand in one array each."""

    gates: ClassVar[int]

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the weights of the input and of the state, and biases, gate by gate."""
        n, m = self.units, self.gates
        own = {
            "weight": Parameter((m, n, shape[1]), "w", "mkc"),
            "recurrent_weight": Parameter((m, n, n), "u", "mkj"),
        }
        return {**own, "bias": Parameter((m, n), "b", "mk", False)} if self.bias else own

    def summed(self, a: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return what is read, weighed, and the bias."""
        (t, m, k), c = a.indices, x.indices[1]
        bias = (define(a[t, m, k], tensors["bias"][m, k]),) if self.bias else ()
        return (define(a[t, m, k], tensors["weight"][m, k, c] * x[t, c]), *bias)


@dataclass(frozen=True)
class LSTM(_Gated):
    """Long short-term memory: a cell c whose gates i, f and o let in, keep and let out.

        a[t,m,k] = b[m,k] + sum over q of w[m,k,q] x[t,q] + sum over j of u[m,k,j] h[t-1,j]
        i[t,k] = sigmoid(a[t,0,k]),  f[t,k] = sigmoid(a[t,1,k]),  z[t,k] = tanh(a[t,2,k])
        o[t,k] = sigmoid(a[t,3,k]),  c[t,k] = f[t,k] c[t-1,k] + i[t,k] z[t,k]
        h[t,k] = o[t,k] tanh(c[t,k]),  y = h

    where h and c are 0 before the first step. The order of the gates is PyTorch's.

    Shapes: x (steps, channels), weight (4, units, channels), recurrent_weight (4, units, units),
    bias (4, units), y (steps, units).

    Attributes:
        units: The number of entries of the state.
        bias: Whether a bias is added.

    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "sum": (
                "For each of the four gates, what a step reads and the state before it are weighed "
                "and added up.",
                AT_FIRST,
            ),
            "input_gate": "The input gate says how much of what is new enters the cell.",
            "forget_gate": "The forget gate says how much of the cell remains.",
            "candidate": "The candidate is what may enter the cell.",
            "output_gate": "The output gate says how much of the cell is seen outside.",
            "cell": "The cell keeps what the forget gate leaves of it, and what the input gate "
            "lets in is added.",
            "state": "The state is what the output gate lets through of the cell.",
            "y": "The output at a step is the state.",
        },
        backward=said_of_signals(
            "the sums",
            sum="The sums at a step make the gates and the candidate at this step.",
            input_gate="The input gate multiplies the candidate.",
            forget_gate="The forget gate multiplies the cell of the step before.",
            candidate="The candidate is multiplied by the input gate.",
            output_gate="The output gate multiplies the hyperbolic tangent of the cell.",
            cell=("The cell at a step makes the state at this step", and_next("the cell")),
        ),
    )
    source: ClassVar[str] = sources.LSTM
    type_name: ClassVar[str] = "lstm"
    prefix: ClassVar[str] = "lstm"
    gates: ClassVar[int] = 4

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the sums, the gates, the cells and the states at all steps."""
        whole = (shape[0], self.units)
        named = zip(("input_gate", "forget_gate", "candidate", "output_gate"), "ifzo", strict=True)
        return {
            "sum": Auxiliary((whole[0], self.gates, whole[1]), "a", "tmk"),
            **{key: Auxiliary(whole, letter, "tk") for key, letter in named},
            "cell": Auxiliary(whole, "c", "tk"),
            "state": Auxiliary(whole, "h", "tk"),
        }

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equations of one step, for all of them."""
        names = ("sum", "input_gate", "forget_gate", "candidate", "output_gate", "cell", "state")
        a, i, f, z, o, c, h = (tensors[name] for name in names)
        (t, m, k), j = a.indices, index("j")
        return (
            *self.summed(a, x, **tensors),
            define(a[t, m, k], tensors["recurrent_weight"][m, k, j] * h[t - 1, j]),
            define(i[t, k], sigmoid(a[t, 0, k])),
            define(f[t, k], sigmoid(a[t, 1, k])),
            define(z[t, k], tanh(a[t, 2, k])),
            define(o[t, k], sigmoid(a[t, 3, k])),
            define(c[t, k], f[t, k] * c[t - 1, k]),
            define(c[t, k], i[t, k] * z[t, k]),
            define(h[t, k], o[t, k] * tanh(c[t, k])),
            define(y[t, k], h[t, k]),
        )


@dataclass(frozen=True)
class GRU(_Gated):
    """A gated recurrent unit: z keeps the state, and r lets it into what is new.

        a[t,m,k] = b[m,k] + sum over c of w[m,k,c] x[t,c]
        s[t,m,k] = d[m,k] + sum over j of u[m,k,j] h[t-1,j]
        r[t,k] = sigmoid(a[t,0,k] + s[t,0,k]),  z[t,k] = sigmoid(a[t,1,k] + s[t,1,k])
        v[t,k] = tanh(a[t,2,k] + r[t,k] s[t,2,k])
        h[t,k] = (1 - z[t,k]) v[t,k] + z[t,k] h[t-1,k],  y = h

    where h is 0 before the first step. The order of the gates is PyTorch's.

    Shapes: x (steps, channels), weight (3, units, channels), recurrent_weight (3, units, units),
    bias and recurrent_bias (3, units), y (steps, units).

    Attributes:
        units: The number of entries of the state.
        bias: Whether biases are added.

    Source: Cho et al. (2014), with the reset gate applied after the product, as in cuDNN.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "sum": "What a step reads is weighed and added up, for both gates and for the "
            "candidate.",
            "recurrent_sum": ("The state before the step is weighed likewise.", AT_FIRST),
            "reset_gate": "The reset gate says how much of the state enters the candidate.",
            "update_gate": "The update gate says how much of the state is kept.",
            "candidate": "The candidate is what may replace the state.",
            "state": "The state is a mean of the candidate and of the state before, weighed by "
            "the update gate.",
            "y": "The output at a step is the state.",
        },
        backward=said_of_signals(
            "the recurrent sums and the state",
            sum="The sums at a step make the gates and the candidate at this step.",
            recurrent_sum="The recurrent sums at a step make the gates and the candidate at it.",
            reset_gate="The reset gate multiplies a recurrent sum of the candidate.",
            update_gate="The update gate weighs the state of the step before and the candidate.",
            candidate="The candidate is multiplied by what the update gate lacks to 1.",
        ),
    )
    learned: ClassVar[Mapping[str, str]] = {**Recurrent.learned, "recurrent_bias": "bias"}
    source: ClassVar[str] = sources.GRU
    type_name: ClassVar[str] = "gru"
    prefix: ClassVar[str] = "gru"
    gates: ClassVar[int] = 3

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the weights of the input and of the state, and biases of both."""
        own = super().parameters(shape)
        second = Parameter((self.gates, self.units), "d", "mk", False)
        return {**own, "recurrent_bias": second} if self.bias else own

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the sums, the gates, the candidates and the states at all steps."""
        steps, n = shape[0], self.units
        named = zip(("reset_gate", "update_gate", "candidate", "state"), "rzvh", strict=True)
        sums = zip(("sum", "recurrent_sum"), "as", strict=True)
        return {
            **{key: Auxiliary((steps, self.gates, n), letter, "tmk") for key, letter in sums},
            **{key: Auxiliary((steps, n), letter, "tk") for key, letter in named},
        }

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equations of one step, for all of them."""
        names = ("sum", "recurrent_sum", "reset_gate", "update_gate", "candidate", "state")
        a, s, r, z, v, h = (tensors[name] for name in names)
        (t, m, k), j = a.indices, index("j")
        bias = (define(s[t, m, k], tensors["recurrent_bias"][m, k]),) if self.bias else ()

        def total(gate: int) -> Expr:
            return a[t, gate, k] + s[t, gate, k]

        return (
            *self.summed(a, x, **tensors),
            define(s[t, m, k], tensors["recurrent_weight"][m, k, j] * h[t - 1, j]),
            *bias,
            define(r[t, k], sigmoid(total(0))),
            define(z[t, k], sigmoid(total(1))),
            define(v[t, k], tanh(a[t, 2, k] + r[t, k] * s[t, 2, k])),
            define(h[t, k], (1 - z[t, k]) * v[t, k]),
            define(h[t, k], z[t, k] * h[t - 1, k]),
            define(y[t, k], h[t, k]),
        )
