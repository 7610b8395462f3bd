"""How large steps are: schedules of the learning rate, and clipping of derivatives.

With t steps taken before, T in all, and W of them for the warmup, the rate is multiplied by

    warmup      (t + 1) / W                      while t < W
    constant    1
    step        factor^floor((t - W) / every)
    cosine      least + (1 - least) (1 + cos(pi (t - W) / (T - W))) / 2

The cosine: I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
2017. Derivatives that are too large are made smaller before a step:

    by value    each entry is brought into [-c, c]
    by norm     all entries are multiplied by min(1, c / |g|), with the Euclidean norm |g| of all
                derivatives together
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, hypot, isfinite, pi
from typing import Any, Literal, get_args

import numpy as np

from symcnn.equations.sizes import is_whole, positive_integer
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, check_choice, shown

Kind = Literal["constant", "step", "cosine"]


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes from step to step.

    Attributes:
        kind: "constant", "step", which multiplies the rate by ``factor`` after every ``every``
            steps, or "cosine", which lets it fall to ``least`` of what it was.
        warmup: The number of steps in which the rate first grows, in equal parts, from 0.
        every: The steps after which "step" changes the rate.
        factor: What it is multiplied by then.
        least: The share of the rate that "cosine" ends with.

    Raises:
        SymcnnError: If the kind is unknown, or a number is out of range.
    """

    kind: Kind = "constant"
    warmup: int = 0
    every: int = 30
    factor: float = 0.1
    least: float = 0.0

    def __post_init__(self) -> None:
        """Check the settings."""
        check_choice("the schedule", self.kind, get_args(Kind), " or ".join(get_args(Kind)))
        if not is_whole(self.warmup, 0):
            raise SymcnnError(f"warmup = {shown(self.warmup)}: give a non-negative integer")
        positive_integer(self.every, "every")
        for name, number in (("factor", self.factor), ("least", self.least)):
            if not (isinstance(number, int | float) and isfinite(number) and 0 <= number <= 1):
                raise SymcnnError(f"{name} = {shown(number)}: give a number from 0 to 1")

    def at(self, step: int, steps: int) -> float:
        """Return the factor of the learning rate of a step.

        Args:
            step: The number of steps taken before it.
            steps: The number of steps in all.
        """
        if step < self.warmup:
            return (step + 1) / self.warmup
        later = step - self.warmup
        if self.kind == "step":
            return float(self.factor ** (later // self.every))
        if self.kind == "cosine":
            share = later / max(steps - self.warmup, 1)
            return self.least + (1 - self.least) * (1 + cos(pi * share)) / 2
        return 1.0


def schedule_of(chosen: Any) -> Schedule:
    """Return a schedule that is given itself, or by the name of its kind.

    Raises:
        SymcnnError: If it is neither.
    """
    return chosen if isinstance(chosen, Schedule) else Schedule(chosen)


@dataclass(frozen=True)
class Clipping:
    """What derivatives are clipped to.

    Attributes:
        norm: The largest norm of all derivatives together; None for any.
        value: The largest size of an entry; None for any.

    Raises:
        SymcnnError: If one is no positive number.
    """

    norm: float | None = None
    value: float | None = None

    def __post_init__(self) -> None:
        """Check the bounds."""
        for name, bound in (("clip_norm", self.norm), ("clip_value", self.value)):
            if bound is not None and not _is_positive(bound):
                raise SymcnnError(f"{name} = {shown(bound)}: give a positive number")

    def __call__(self, slopes: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return derivatives that are clipped, by value first."""
        if self.value is not None:
            bound = self.value
            slopes = {name: np.clip(slope, -bound, bound) for name, slope in slopes.items()}
        if self.norm is not None:
            norm = hypot(*(float(np.linalg.norm(slope)) for slope in slopes.values()))
            if norm > self.norm:
                scale = float(self.norm) / norm
                slopes = {name: slope * scale for name, slope in slopes.items()}
        return slopes


def _is_positive(bound: Any) -> bool:
    is_number = isinstance(bound, int | float) and not isinstance(bound, bool)
    return is_number and isfinite(bound) and bound > 0
