"""Activations: a function that is applied to every entry."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from sympy import Expr, Rational, pi, sqrt, tanh

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import elu, leaky_relu, normal_cdf, relu, sigmoid, softplus
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers import sources
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
