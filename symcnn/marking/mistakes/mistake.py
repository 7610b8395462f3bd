"""A mistake: another way to compute a quantity, made from the equations of the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symcnn.derivation import Step
from symcnn.equations import Equation


class Work(NamedTuple):
    """How a quantity is computed.

    Attributes:
        equations: The equations that add up to it.
        steps: For a derivative, the steps of the chain rule that they come from, one each.
    """

    equations: tuple[Equation, ...]
    steps: tuple[Step, ...] = ()


Ways = Iterable[Sequence[Equation]]
"""Other equations for the same tensor."""


@dataclass(frozen=True)
class Mistake:
    """A way in which computing goes wrong, whatever the layer.

    Attributes:
        name: What it is called.
        explanation: What was done, and what is right, in a sentence or two.
        ways: Changes the equations of a quantity into those that the mistake follows.
    """

    name: str
    explanation: str
    ways: Callable[[Work], Ways]
