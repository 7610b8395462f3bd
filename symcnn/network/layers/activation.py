"""Activations: a function that is applied to every entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from sympy import Expr, Integer, Rational, pi, sqrt, tanh
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import Iverson, elu, leaky_relu, normal_cdf, relu, sigmoid, softplus
from symcnn.equations.notation import Shape
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When

_CUBIC = Rational("0.044715")
"""The coefficient of x^3 in the approximation of the Gaussian error linear unit."""


EACH = When("x", "{x}", "each entry of {x}", value=1)
EACH_FIRST = When("x", "{x}", "Each entry of {x}", value=1)
EACH_SIGNAL = When("x", "The error signal", "Each error signal", value=1)
AT_ITS_ENTRY = When("x", "at {x}", "at its entry", value=1)
"""What functions are applied to, and what their slopes multiply: one number, or several."""

_GATED = (
    EACH_SIGNAL,
    "is multiplied by the slope",
    AT_ITS_ENTRY,
    ", which is close to 1 where {x} is large, and close to 0 where it is very negative.",
)
"""How error signals pass functions that are close to x for large x, and to 0 for negative x."""


@dataclass(frozen=True)
class Activation(Layer):
    """y[...] = f(x[...]) for every entry; a subclass defines f. The shape is preserved."""

    type_name: ClassVar[str] = ""
    letter: ClassVar[str] = "a"

    def function(self, z: Expr) -> Expr:
        """Return f(z)."""
        raise NotImplementedError

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Apply the function to every entry."""
        return (define(y[y.indices], self.function(x[y.indices])),)


@dataclass(frozen=True)
class Sigmoid(Activation):
    """y = 1 / (1 + exp(-x))."""

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=("The sigmoid squeezes", EACH, "into the interval between 0 and 1."),
        backward=(
            EACH_SIGNAL,
            "is multiplied by the slope of the sigmoid",
            AT_ITS_ENTRY,
            ", which is at most 1/4, and close to 0 where {y} is close to 0 or 1.",
        ),
    )
    prefix: ClassVar[str] = "sigmoid"

    def function(self, z: Expr) -> Expr:
        """Return sigma(z)."""
        return sigmoid(z)


@dataclass(frozen=True)
class Tanh(Activation):
    """y = tanh(x)."""

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "The hyperbolic tangent squeezes",
            EACH,
            "into the interval between $-1$ and 1, and keeps its sign.",
        ),
        backward=(
            EACH_SIGNAL,
            "is multiplied by the slope of tanh",
            AT_ITS_ENTRY,
            ", which is at most 1, and close to 0 where {y} is close to $-1$ or 1.",
        ),
    )
    prefix: ClassVar[str] = "tanh"

    def function(self, z: Expr) -> Expr:
        """Return tanh(z)."""
        return tanh(z)


@dataclass(frozen=True)
class ReLU(Activation):
    """y = max(0, x), with derivative 0 at x = 0."""

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="ReLU keeps what is positive and replaces the rest by 0.",
        backward=(
            EACH_SIGNAL,
            "is multiplied by the slope",
            AT_ITS_ENTRY,
            ": it passes where {x} is positive, and is stopped where it is not.",
        ),
    )
    prefix: ClassVar[str] = "relu"

    def function(self, z: Expr) -> Expr:
        """Return max(0, z)."""
        return relu(z)


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """y = x if x > 0 and alpha x otherwise; the derivative at 0 is alpha.

    Attributes:
        alpha: The derivative where x <= 0.
    """

    alpha: Real = Decimal("0.01")

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="What is positive is kept; the rest is multiplied by {alpha}.",
        backward=(
            EACH_SIGNAL,
            "passes unchanged where {x} is positive, and is multiplied by {alpha} where it is not.",
        ),
    )
    prefix: ClassVar[str] = "leaky_relu"

    def function(self, z: Expr) -> Expr:
        """Return z [z > 0] + alpha z [z <= 0]."""
        return leaky_relu(z, setting(self.alpha, "alpha"))


@dataclass(frozen=True)
class ELU(Activation):
    """The exponential linear unit: y = x if x > 0 and alpha (exp(x) - 1) otherwise.

    The derivative at 0 is alpha.

    Attributes:
        alpha: The limit of y as x tends to minus infinity is -alpha.

    Source: Clevert, Unterthiner and Hochreiter (2015).
    """

    alpha: Real = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="What is positive is kept; the rest is bent towards a constant, which it "
        "approaches where {x} is very negative.",
        backward=(
            EACH_SIGNAL,
            "passes unchanged where {x} is positive; elsewhere it is multiplied by the slope, "
            "which fades to 0 as {x} falls.",
        ),
    )
    source: ClassVar[str] = sources.ELU
    prefix: ClassVar[str] = "elu"

    def function(self, z: Expr) -> Expr:
        """Return z [z > 0] + alpha (exp(z [z <= 0]) - 1)."""
        return elu(z, setting(self.alpha, "alpha"))


@dataclass(frozen=True)
class Softplus(Activation):
    """y = log(1 + exp(x)); its derivative is the sigmoid."""

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="Softplus is a smooth ReLU: {y} is close to {x} where that is large, and close to "
        "0 where it is very negative.",
        backward=(
            EACH_SIGNAL,
            "is multiplied by the sigmoid of",
            When("x", "{x}", "its entry", value=1),
            ", the slope of softplus.",
        ),
    )
    prefix: ClassVar[str] = "softplus"

    def function(self, z: Expr) -> Expr:
        """Return log(1 + exp(z))."""
        return softplus(z)


@dataclass(frozen=True)
class SiLU(Activation):
    """The sigmoid linear unit, or swish: y = x sigma(x).

    Source: Elfwing, Uchibe and Doya (2017).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            EACH_FIRST,
            "is multiplied by its own sigmoid: large numbers pass nearly unchanged, and very "
            "negative ones become nearly 0.",
        ),
        backward=_GATED,
    )
    source: ClassVar[str] = sources.SILU
    prefix: ClassVar[str] = "silu"

    def function(self, z: Expr) -> Expr:
        """Return z sigma(z)."""
        return z * sigmoid(z)


@dataclass(frozen=True)
class Mish(Activation):
    """y = x tanh(log(1 + exp(x))).

    Source: Misra (2019).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            EACH_FIRST,
            "is multiplied by a factor between 0 and 1 that grows with it: large numbers pass "
            "nearly unchanged, and very negative ones become nearly 0.",
        ),
        backward=_GATED,
    )
    source: ClassVar[str] = sources.MISH
    prefix: ClassVar[str] = "mish"

    def function(self, z: Expr) -> Expr:
        """Return z tanh(log(1 + exp(z)))."""
        return z * tanh(softplus(z))


@dataclass(frozen=True)
class GELU(Activation):
    """The Gaussian error linear unit: y = x Phi(x), with the normal distribution function Phi.

        Phi(x) = (1 + erf(x / sqrt(2))) / 2

    or, with ``approximate = "tanh"``, y = x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2.

    Attributes:
        approximate: "none", the exact form, or "tanh".

    Source: Hendrycks and Gimpel (2016).
    """

    approximate: Literal["none", "tanh"] = "none"

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            EACH_FIRST,
            "is multiplied by",
            When("approximate", "an approximation of", value="tanh"),
            "the probability that a standard normal number is smaller: large numbers pass nearly "
            "unchanged, and very negative ones become nearly 0.",
        ),
        backward=_GATED,
    )
    source: ClassVar[str] = sources.GELU
    prefix: ClassVar[str] = "gelu"

    def function(self, z: Expr) -> Expr:
        """Return z Phi(z), or its approximation."""
        if self.approximate not in ("none", "tanh"):
            raise SymcnnError(
                f'approximate = {shown(self.approximate)} is unknown: choose "none" or "tanh"'
            )
        if self.approximate == "none":
            return z * normal_cdf(z)
        return z * (1 + tanh(sqrt(2 / pi) * (z + _CUBIC * z**3))) / 2


# Clipping: entries are limited to an interval, also in the hard sigmoid and the hard swish.


_THREE, _SIX = Integer(3), Integer(6)


def _between(z: Expr, low: Expr, high: Expr, inside: Expr, below: Expr, above: Expr) -> Expr:
    """Return a function in three pieces; at a bound it is the outer one, as its derivative is."""
    return (
        inside * Iverson(z > low, z < high) + below * Iverson(z <= low) + above * Iverson(z >= high)
    )


@dataclass(frozen=True)
class Clip(Activation):
    """The entries, clipped to an interval: y = min(max(x, low), high), also called hard tanh.

    The derivative is 1 between the bounds, and 0 beyond them and at them.

    Attributes:
        low: The lower bound.
        high: The upper bound, which is larger.
    """

    low: Real = -1
    high: Real = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="What lies between {low} and {high} is kept; what lies beyond is replaced by the "
        "nearer of these bounds.",
        backward=(
            EACH_SIGNAL,
            "passes where {x} lies between the bounds, and is stopped beyond them and at them.",
        ),
    )
    prefix: ClassVar[str] = "clip"

    def function(self, z: Expr) -> Expr:
        """Return z [low < z < high] + low [z <= low] + high [z >= high]."""
        low, high = setting(self.low, "low"), setting(self.high, "high")
        if (low < high) == False:  # noqa: E712  # of letters it is neither
            raise SymcnnError(f"low = {low} is not below high = {high}: give two bounds in order")
        return _between(z, low, high, z, low, high)

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that the bounds are in order."""
        ordered = setting(self.low, "low") < setting(self.high, "high")
        return (ordered,) if isinstance(ordered, Relational) else ()


@dataclass(frozen=True)
class ReLU6(Activation):
    """The rectifier, clipped at 6: y = min(max(0, x), 6), with derivative 0 at x = 0 and x = 6.

    Source: Krizhevsky (2010).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="This is ReLU, capped at 6: what lies between 0 and 6 is kept, smaller numbers "
        "become 0 and larger ones 6.",
        backward=(
            EACH_SIGNAL,
            "passes where {x} lies between 0 and 6, and is stopped where it does not.",
        ),
    )
    source: ClassVar[str] = sources.RELU6
    prefix: ClassVar[str] = "relu"

    def function(self, z: Expr) -> Expr:
        """Return z [0 < z < 6] + 6 [z >= 6]."""
        return _between(z, Integer(0), _SIX, z, Integer(0), _SIX)


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """y = min(max(0, x + 3), 6) / 6, with derivative 0 at x = -3 and x = 3.

    Source: Howard et al. (2019).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="This is a sigmoid of straight lines: 0 up to $-3$, 1 from 3 on, and in between a "
        "line of slope 1/6.",
        backward=(
            EACH_SIGNAL,
            "is divided by 6 where {x} lies between $-3$ and 3, and is stopped where it does not.",
        ),
    )
    source: ClassVar[str] = sources.HARD_SWISH
    prefix: ClassVar[str] = "hard_sigmoid"

    def function(self, z: Expr) -> Expr:
        """Return (z + 3)/6 [-3 < z < 3] + [z >= 3]."""
        return _between(z, -_THREE, _THREE, (z + _THREE) / _SIX, Integer(0), Integer(1))


@dataclass(frozen=True)
class HardSwish(Activation):
    """y = x min(max(0, x + 3), 6) / 6, with derivative 0 at x = -3 and 1 at x = 3.

    Source: Howard et al. (2019).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            EACH_FIRST,
            "is multiplied by its own hard sigmoid: it passes unchanged if it is at least 3, and "
            "becomes 0 if it is at most $-3$.",
        ),
        backward=(
            EACH_SIGNAL,
            "is multiplied by the slope",
            AT_ITS_ENTRY,
            ": 1 from 3 on, 0 up to $-3$, and in between a number that grows with {x}.",
        ),
    )
    source: ClassVar[str] = sources.HARD_SWISH
    prefix: ClassVar[str] = "hard_swish"

    def function(self, z: Expr) -> Expr:
        """Return z (z + 3)/6 [-3 < z < 3] + z [z >= 3]."""
        return _between(z, -_THREE, _THREE, z * (z + _THREE) / _SIX, Integer(0), z)


# The rectifier with a learned slope.


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
