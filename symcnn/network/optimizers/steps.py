"""Steps of an optimizer in arrays, computed by its equations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from sympy import Symbol, lambdify

from symcnn.equations.values import Array
from symcnn.network.optimizers.optimizer import RATE, SLOPE, STEP, WEIGHT, Optimizer

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
