"""What a training has reached: all that its next steps depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcnn.equations.values import Array
from symcnn.network.optimizers.steps import Memory


@dataclass(frozen=True)
class Place:
    """Where a training is in the order of its samples.

    Attributes:
        generator: The state of the generator before the order was drawn.
        batches: How many batches of the order have been taken.
    """

    generator: Mapping[str, Any]
    batches: int


@dataclass(frozen=True)
class State:
    """A training between two steps.

    Attributes:
        steps: The number of steps that have been taken.
        weights: Every parameter, by name.
        memory: What the optimizer remembers.
        place: Where the next batch is; None without samples.
        validations: The losses of samples held out, each with the number of steps before it.
        best: The state with the least of these, unless it is this one.
    """

    steps: int
    weights: Mapping[str, Array]
    memory: Memory
    place: Place | None = None
    validations: tuple[tuple[int, float], ...] = ()
    best: State | None = None
