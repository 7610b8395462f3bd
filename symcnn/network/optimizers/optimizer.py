"""What every optimizer has: its settings, and the equations of one step.

An equation assigns a letter: what stands on its right are the values before, those assigned
by the equations above included. A step of plain gradient descent is the one equation

    w <- w - eta g

for every weight w with the derivative g of the loss with respect to it. What an optimizer
remembers from step to step is 0 before the first one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import ClassVar

from sympy import Expr, Integer, S, Symbol

from symcnn.equations.values import Real, exact
from symcnn.errors import SymcnnError
from symcnn.network.declared import Declared


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
