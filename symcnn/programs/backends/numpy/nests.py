"""Loops around assignments: what a compiled language computes at once, as data."""

from __future__ import annotations

from dataclasses import dataclass

from symcnn.equations.notation import Shape
from symcnn.programs.backends.numpy.arrays import Grid, Operand


@dataclass(frozen=True)
class Assign:
    """A value of one round of loops: function(operands).

    Attributes:
        function: What computes it.
        operands: Entries, one for each round; the text of numbers; the numbers of values before it.
        out: Where it is kept; None if it is needed in the same round alone.
        truth: Whether it is a truth value instead of a number.
        fold: The function that combines it with what is there; by default it is replaced.
        fresh: Whether such a fold begins with nothing.
    """

    function: str
    operands: tuple[Grid | str | int, ...]
    out: Grid | None
    truth: bool
    fold: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class Nest:
    """Loops one inside the other around assignments; rounds do not depend on each other.

    It is what a compiled language computes at once. Entries are read before any is written.

    Attributes:
        shape: How far each loop runs, the outermost first; the axes of all entries.
        body: What is computed in every round.
        arrays: All arrays of the body, each once.
        by_block: Whether the first loop is one round alone, that of a given block.
    """

    shape: Shape
    body: tuple[Assign, ...]
    arrays: tuple[Operand, ...]
    by_block: bool = False
