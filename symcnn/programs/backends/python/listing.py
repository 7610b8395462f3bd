"""The program as data: blocks of statements, each with the equation that it computes.

What is written in Python is a ``Listing``; ``module.py`` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from symcnn.programs.backends.python.printing import HELPERS, MATH, MOST_EXPONENT_OF_TYPE

FUNCTION = "loss_and_gradients"
MAKER = "program"
ON_FLOATS = "on_floats"
RESERVED = {
    *(FUNCTION, MAKER, ON_FLOATS, "outputs", "gradients", MOST_EXPONENT_OF_TYPE),
    *MATH,
    *HELPERS,
}
"""Names that a module has of its own: nothing else is called so."""


@dataclass(frozen=True)
class Block:
    """Statements and the equations that they compute."""

    notes: tuple[str, ...]
    lines: tuple[str, ...]
    operations: int = 0


class Operations(NamedTuple):
    """Operations of the forward pass, and of the gradients after it."""

    forward: int
    gradients: int

    @property
    def ratio(self) -> float:
        """(forward + gradients) / forward."""
        return (self.forward + self.gradients) / self.forward


@dataclass(frozen=True)
class Listing:
    """A forward and backward pass, statement by statement.

    Attributes:
        arguments: The shape of every argument of the function, by its identifier.
        unpack: Statements that read the arguments.
        forward: The forward pass.
        backward: The gradients.
        loss: The expression of the loss.
        outputs: The expression of every layer's output, by the layer's name.
        pack: Statements that prepare the arrays of the gradients.
        gradients: The expression of every gradient, by the tensor's name.
        setup: Statements that make arrays once for all calls.
        made: Statements that make arrays in every call, or take them over from the arguments.
        numbers: The name of every entry of the arguments, where a function of single floats
            does the work.
        returned: The statements that return its results.
        calls: The helpers and functions of Python's math that statements call, and the
            constants that they read.
    """

    arguments: Mapping[str, tuple[int, ...]]
    unpack: tuple[str, ...]
    forward: tuple[Block, ...]
    backward: tuple[Block, ...]
    loss: str
    outputs: Mapping[str, str]
    gradients: Mapping[str, str]
    pack: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()

    @property
    def operations(self) -> Operations:
        """How many operations the statements take, as their blocks say."""
        passes = (self.forward, self.backward)
        return Operations(*(sum(block.operations for block in part) for part in passes))
