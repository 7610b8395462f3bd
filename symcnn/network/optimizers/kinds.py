"""The optimizers: gradient descent, and those that divide each derivative by its usual size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Rational, Symbol, sqrt

from symcnn.equations.values import Real, known
from symcnn.errors import SymcnnError, shown
from symcnn.network.optimizers.optimizer import (
    ALPHA,
    BETA1,
    BETA2,
    DECAY,
    EPSILON,
    MEAN,
    MEAN_HAT,
    MU,
    RATE,
    SLOPE,
    SQUARE,
    SQUARE_HAT,
    STEP,
    VELOCITY,
    WEIGHT,
    Assignment,
    Optimizer,
)

_BETA1, _BETA2, _ALPHA, _DECAY = (Rational(*n) for n in ((9, 10), (999, 1000), (99, 100), (1, 100)))
_EPSILON, _LEAST = Rational(1, 10**8), Rational(1, 10**10)
"""The usual settings, as in PyTorch."""


def _over(numerator: Expr, square: Expr) -> Expr:
    return numerator / (sqrt(square) + EPSILON)


@dataclass(frozen=True, kw_only=True)
class Adam(Optimizer):
    """Adam: means of derivatives and of their squares, without their bias towards 0.

        g <- g + lambda w                          with weight decay
        m <- beta1 m + (1 - beta1) g
        v <- beta2 v + (1 - beta2) g^2
        m^ = m / (1 - beta1^n),  v^ = v / (1 - beta2^n)
        w <- w - eta m^ / (sqrt(v^) + epsilon)

    D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015.

    Attributes:
        beta1: The share of m that is kept.
        beta2: The share of v that is kept.
        epsilon: What keeps the quotient finite.
        weight_decay: The factor lambda of L2 weight decay; 0 for none.

    Raises:
        SymcnnError: If a number is out of range.
    """

    name: ClassVar[str] = "adam"
    letters: ClassVar = {"beta1": BETA1, "beta2": BETA2, "epsilon": EPSILON, "weight_decay": DECAY}

    beta1: Real = _BETA1
    beta2: Real = _BETA2
    epsilon: Real = _EPSILON

    @property
    def memory(self) -> tuple[Symbol, ...]:
        """Both means."""
        return MEAN, SQUARE

    @property
    def equations(self) -> tuple[Assignment, ...]:
        """The equations of one step."""
        return (
            *self._decayed(),
            (MEAN, BETA1 * MEAN + (1 - BETA1) * SLOPE),
            (SQUARE, BETA2 * SQUARE + (1 - BETA2) * SLOPE**2),
            (MEAN_HAT, MEAN / (1 - BETA1**STEP)),
            (SQUARE_HAT, SQUARE / (1 - BETA2**STEP)),
            (WEIGHT, WEIGHT - RATE * _over(MEAN_HAT, SQUARE_HAT)),
        )


@dataclass(frozen=True, kw_only=True)
class AdamW(Adam):
    """Adam with decoupled weight decay: w <- w - eta lambda w, then Adam's step by dL/dw alone.

    I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019.

    Attributes: those of ``Adam``.
    """

    name: ClassVar[str] = "adamw"

    weight_decay: Real = _DECAY

    def _decayed(self) -> Sequence[Assignment]:
        return [(WEIGHT, WEIGHT - RATE * DECAY * WEIGHT)] if self.weight_decay else []


@dataclass(frozen=True, kw_only=True)
class RMSprop(Optimizer):
    """RMSprop: each derivative over the root of a mean of its squares.

        g <- g + lambda w                          with weight decay
        v <- alpha v + (1 - alpha) g^2
        w <- w - eta g / (sqrt(v) + epsilon)

    With momentum, u <- mu u + g / (sqrt(v) + epsilon) and w <- w - eta u. T. Tieleman and
    G. Hinton, "Lecture 6.5: rmsprop", Neural networks for machine learning, 2012.

    Attributes:
        alpha: The share of v that is kept.
        epsilon: What keeps the quotient finite.
        momentum: The factor mu of momentum; 0 for none.
        weight_decay: The factor lambda of L2 weight decay; 0 for none.

    Raises:
        SymcnnError: If a number is out of range.
    """

    name: ClassVar[str] = "rmsprop"
    letters: ClassVar = {"alpha": ALPHA, "epsilon": EPSILON, "momentum": MU, "weight_decay": DECAY}

    alpha: Real = _ALPHA
    epsilon: Real = _EPSILON
    momentum: Real = 0

    @property
    def memory(self) -> tuple[Symbol, ...]:
        """The mean of squares, and the velocity if there is momentum."""
        return (SQUARE, VELOCITY) if self.momentum else (SQUARE,)

    @property
    def equations(self) -> tuple[Assignment, ...]:
        """The equations of one step."""
        made = [*self._decayed(), (SQUARE, ALPHA * SQUARE + (1 - ALPHA) * SLOPE**2)]
        moved = _over(SLOPE, SQUARE)
        if self.momentum:
            made += [(VELOCITY, MU * VELOCITY + moved)]
            moved = VELOCITY
        return (*made, (WEIGHT, WEIGHT - RATE * moved))


@dataclass(frozen=True, kw_only=True)
class Adagrad(Optimizer):
    """Adagrad: each derivative over the root of the sum of its squares so far.

        g <- g + lambda w                          with weight decay
        v <- v + g^2
        w <- w - eta g / (sqrt(v) + epsilon)

    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
    stochastic optimization", 2011.

    Attributes:
        epsilon: What keeps the quotient finite.
        weight_decay: The factor lambda of L2 weight decay; 0 for none.

    Raises:
        SymcnnError: If a number is out of range.
    """

    name: ClassVar[str] = "adagrad"
    letters: ClassVar = {"epsilon": EPSILON, "weight_decay": DECAY}

    epsilon: Real = _LEAST

    @property
    def memory(self) -> tuple[Symbol, ...]:
        """The sum of squares."""
        return (SQUARE,)

    @property
    def equations(self) -> tuple[Assignment, ...]:
        """The equations of one step."""
        moved = WEIGHT - RATE * _over(SLOPE, SQUARE)
        return (*self._decayed(), (SQUARE, SQUARE + SLOPE**2), (WEIGHT, moved))


@dataclass(frozen=True, kw_only=True)
class SGD(Optimizer):
    """Gradient descent.

        g <- g + lambda w            with weight decay
        u <- mu u + g                with momentum
        g <- g + mu u                with Nesterov's momentum, or g <- u without
        w <- w - eta g

    Momentum: B. Polyak, "Some methods of speeding up the convergence of iteration methods",
    1964; Nesterov's, as deep learning has it: I. Sutskever et al., "On the importance of
    initialization and momentum in deep learning", 2013.

    Attributes:
        momentum: The factor mu of momentum; 0 for none.
        nesterov: Whether the derivative is taken with Nesterov's momentum.
        weight_decay: The factor lambda of L2 weight decay; 0 for none.

    Raises:
        SymcnnError: If a number is out of range, or ``nesterov`` is set without momentum.
    """

    name: ClassVar[str] = "sgd"
    letters: ClassVar = {"momentum": MU, "weight_decay": DECAY}

    momentum: Real = 0
    nesterov: bool = False

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        if self.nesterov and not self.momentum:
            raise SymcnnError("nesterov needs momentum: give momentum, such as 0.9")

    @property
    def title(self) -> str:
        """What sentences call it."""
        if self.momentum:
            return f"gradient descent with {'Nesterov ' if self.nesterov else ''}momentum"
        return "gradient descent with weight decay" if self.weight_decay else "gradient descent"

    @property
    def memory(self) -> tuple[Symbol, ...]:
        """The velocity, if there is momentum."""
        return (VELOCITY,) if self.momentum else ()

    @property
    def equations(self) -> tuple[Assignment, ...]:
        """The equations of one step."""
        made = [*self._decayed()]
        if self.momentum:
            made += [(VELOCITY, MU * VELOCITY + SLOPE)]
        moved = VELOCITY if self.momentum else SLOPE
        if self.nesterov:
            made += [(SLOPE, SLOPE + MU * VELOCITY)]
            moved = SLOPE
        return (*made, (WEIGHT, WEIGHT - RATE * moved))


OPTIMIZERS: Mapping[str, type[Optimizer]] = {
    made.name: made for made in (SGD, Adam, AdamW, RMSprop, Adagrad)
}


def optimizer_of(chosen: Any) -> Optimizer:
    """Return an optimizer that is given itself, or by its name with the usual settings.

    Raises:
        SymcnnError: If it is neither.
    """
    if isinstance(chosen, Optimizer):
        return chosen
    if isinstance(chosen, str):
        return kind_of(chosen)()
    remedy = 'give its name, such as "adam", or an optimizer, such as Adam(beta1=0.8)'
    raise SymcnnError(f"the optimizer is {shown(chosen)}: {remedy}")


def kind_of(name: str) -> type[Optimizer]:
    """Return the optimizer of a name.

    Raises:
        SymcnnError: If there is none.
    """
    if name not in OPTIMIZERS:
        raise SymcnnError(f"the optimizer {shown(name)} is unknown: {known(name, [*OPTIMIZERS])}")
    return OPTIMIZERS[name]
