"""Optimizers: equations of one step, from which numbers, documents and marks follow.

What stands here is public, and every optimizer a name under ``[training]`` of problem files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np
from sympy import Expr, Integer, Rational, S, Symbol, lambdify, sqrt

from symcnn.equations.values import Array, Real, exact, known
from symcnn.errors import SymcnnError, shown
from symcnn.network.declared import Declared

# What every optimizer has: its settings, and the equations of one step.


def _letter(latex: str) -> Symbol:
    return Symbol(latex, real=True)


WEIGHT, SLOPE, RATE, STEP = map(_letter, ("w", "g", r"\eta", "n"))
"""A weight, the loss's derivative with respect to it, the learning rate, the number of the step."""

MEAN, SQUARE, VELOCITY = map(_letter, ("m", "v", "u"))
"""What is remembered: a mean of derivatives, one of their squares (or their sum), a velocity."""

MEAN_HAT, SQUARE_HAT = map(_letter, (r"\hat{m}", r"\hat{v}"))
"""Both means, divided by the sum of their factors: without the bias towards 0."""

BETA1, BETA2, ALPHA, MU, EPSILON, DECAY = map(
    _letter, (r"\beta_1", r"\beta_2", r"\alpha", r"\mu", r"\varepsilon", r"\lambda")
)
"""The settings."""


Assignment = tuple[Symbol, Expr]
"""A letter, and what is assigned to it."""


@dataclass(frozen=True, kw_only=True)
class Optimizer(Declared):
    """An optimizer: how a step moves a weight, by equations.

    Attributes:
        weight_decay: The factor lambda of weight decay; 0 for none.
    """

    name: ClassVar[str] = ""
    """What problem files and the command line call it."""
    letters: ClassVar[Mapping[str, Symbol]] = {"weight_decay": DECAY}
    """The letter of each setting that is a number."""

    weight_decay: Real = 0

    def __post_init__(self) -> None:
        """Keep the settings exactly, and refuse those that are out of range."""
        for setting in self.letters:
            object.__setattr__(self, setting, exact(getattr(self, setting), setting))
        for setting in ("weight_decay", "epsilon"):
            number = getattr(self, setting, S.One)
            if number < 0 or (setting == "epsilon" and number == 0):
                least = "a positive number" if setting == "epsilon" else "0 or a positive number"
                raise SymcnnError(f"{setting} is {number}: give {least}")
        for setting in ("momentum", "beta1", "beta2", "alpha"):
            if not 0 <= getattr(self, setting, S.Zero) < 1:
                share = getattr(self, setting)
                raise SymcnnError(f"{setting} is {share}: give a number from 0 to below 1")

    @property
    def title(self) -> str:
        """What sentences call it."""
        return type(self).__name__

    @property
    def memory(self) -> tuple[Symbol, ...]:
        """What is remembered from step to step, for every weight."""
        return ()

    @property
    def equations(self) -> tuple[Assignment, ...]:
        """The equations of one step, in their order."""
        raise NotImplementedError

    @property
    def is_plain(self) -> bool:
        """Whether its steps are those of plain gradient descent, w - eta g."""
        return self.equations == ((WEIGHT, WEIGHT - RATE * SLOPE),)

    @property
    def numbers(self) -> dict[Symbol, Expr]:
        """The number of each setting by its letter."""
        return {letter: getattr(self, setting) for setting, letter in self.letters.items()}

    @cached_property
    def in_full(self) -> tuple[tuple[Assignment, Expr], ...]:
        """The equations, each with what its right side is at the first step, in w, g and eta."""
        return self._first_of(self.equations)

    def _first_of(self, equations: Sequence[Assignment]) -> tuple[tuple[Assignment, Expr], ...]:
        known: dict[Symbol, Expr] = {**self.numbers, **dict.fromkeys(self.memory, S.Zero)}
        known[STEP] = Integer(1)
        found = []
        for letter, value in equations:
            known[letter] = value.xreplace(known)
            found.append(((letter, value), known[letter]))
        return tuple(found)

    def first(self, weight: Expr, slope: Expr, rate: Expr) -> Expr:
        """Return a weight after the first step."""
        return self.at_first(self.in_full[-1][1], weight, slope, rate)

    def otherwise(self, equations: Sequence[Assignment]) -> Expr:
        """Return what is the weight after the first step by other equations, in w, g and eta."""
        return self._first_of(equations)[-1][1]

    def at_first(self, value: Expr, weight: Expr, slope: Expr, rate: Expr) -> Expr:
        """Return a value at the first step for a weight, its derivative and the learning rate."""
        return value.xreplace({WEIGHT: weight, SLOPE: slope, RATE: rate})

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of the settings."""
        return tuple(field.name for field in fields(self))

    def _decayed(self) -> Sequence[Assignment]:
        """Add the derivative of half the sum of squares, lambda w, to that of the loss."""
        return [(SLOPE, SLOPE + DECAY * WEIGHT)] if self.weight_decay else []


# Steps of an optimizer in arrays, computed by its equations.


Memory = Mapping[str, Mapping[str, Array]]
"""What an optimizer remembers, by the name of a parameter, then by its letter."""


class _Compiled(NamedTuple):
    """An equation as a function of arrays, and the letters that it reads."""

    letter: Symbol
    reads: tuple[Symbol, ...]
    function: Callable[..., Any]


@cache
def _compiled(optimizer: Optimizer) -> tuple[_Compiled, ...]:
    found = []
    for letter, value in optimizer.equations:
        reads = tuple(sorted(value.free_symbols, key=str))
        found.append(_Compiled(letter, reads, lambdify(reads, value, "numpy")))
    return tuple(found)


class Steps:
    """An optimizer at work.

    Attributes:
        taken: The number of steps that it has taken.
        memory: What it remembers, by the name of the parameter, then by its letter.
    """

    def __init__(self, optimizer: Optimizer, taken: int = 0, memory: Memory | None = None) -> None:
        """Take the optimizer, before its first step or after some, with what it remembers."""
        self._optimizer, self.taken, self.memory = optimizer, taken, memory or {}
        self._settings = {letter: float(n) for letter, n in optimizer.numbers.items()}

    def take(
        self, weights: Mapping[str, Array], slopes: Mapping[str, Array], rate: float
    ) -> dict[str, Array]:
        """Take a step, and return every weight that has a derivative after it.

        Args:
            weights: Arrays of floats by name.
            slopes: The loss's derivatives with respect to those that move, of the same shapes.
            rate: The learning rate of this step.
        """
        self.taken += 1
        known = {n: self._assigned(n, weights[n], slope, rate) for n, slope in slopes.items()}
        letters = self._optimizer.memory
        if letters:
            self.memory = {n: {m.name: every[m] for m in letters} for n, every in known.items()}
        return {n: np.asarray(every[WEIGHT]) for n, every in known.items()}

    def _assigned(
        self, name: str, weight: Array, slope: Array, rate: float
    ) -> Mapping[Symbol, Any]:
        """Return what each letter is after the equations of the step."""
        known: dict[Symbol, Any] = {**self._settings, RATE: rate, STEP: self.taken}
        before = self.memory.get(name, {})
        for letter in self._optimizer.memory:
            kept = before.get(letter.name)
            known[letter] = np.zeros_like(weight) if kept is None else kept
        known |= {WEIGHT: weight, SLOPE: slope}
        for letter, reads, function in _compiled(self._optimizer):
            known[letter] = function(*(known[read] for read in reads))
        return known


def after_step(
    optimizer: Optimizer, weights: Mapping[str, Array], slopes: Mapping[str, Array], rate: float
) -> dict[str, Array]:
    """Return every weight that has a derivative after the first step, in floats."""
    return Steps(optimizer).take(weights, slopes, rate)


# The optimizers: gradient descent, and those that divide each derivative by its usual size.


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
