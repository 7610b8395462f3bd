"""Arrays, and entries of them on grids, as data: what a statement reads and writes.

Nothing is made or named here. ``naming`` makes every array and every view once, when the
first statement needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from sympy import Expr, Indexed

from symcnn.equations import strides
from symcnn.equations.notation import Shape

Hint = tuple["Array | str", ...]
"""What a name is made of: words, and the names of arrays."""


@dataclass(frozen=True)
class Array:
    """An array that is made once; two are the same one if their keys are.

    Attributes:
        hint: What it should be called.
        shape: Its shape.
        axes: What each axis runs over.
        fill: The text of the number in it at first; nothing in particular by default.
        truth: Whether it holds truth values instead of numbers.
        copy: Entries of it, and those that are copied there before it is first used.
        key: What it is; by default it is unlike any other.
    """

    hint: Hint = field(compare=False)
    shape: Shape = field(compare=False)
    axes: tuple[str, ...] = field(default=(), compare=False)
    fill: str = field(default="", compare=False)
    truth: bool = field(default=False, compare=False)
    copy: tuple[Grid, Grid] | None = field(default=None, compare=False)
    key: object = field(default_factory=object)

    @property
    def size(self) -> int:
        """The number of entries."""
        return prod(self.shape)

    @property
    def all(self) -> Grid:
        """All entries, in the shape of the array."""
        return Grid(self, 0, self.shape, _strides(self.shape), (self,))

    @property
    def flat(self) -> Grid:
        """All entries in a row."""
        return Grid(self, 0, (self.size,), _strides((self.size,)), (self, "_flat"))


@dataclass(frozen=True)
class Grid:
    """v[i, j, ...] = array.flat[start + steps . (i, j, ...)].

    Attributes:
        array: Where the entries lie.
        start: The entry that comes first.
        shape: How many there are along each axis.
        steps: How many entries further the next one is, along each axis; 0 if there is none.
        hint: What a view of them should be called.
    """

    array: Array
    start: int
    shape: Shape
    steps: tuple[int, ...]
    hint: Hint = field(compare=False)


@dataclass(frozen=True)
class Grids:
    """A list of grids, one for each position of some loops."""

    first: Grid
    moving: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Positions:
    """start + steps . (i, j, ...), for all loop assignments that guards let through.

    Attributes:
        sizes: The size of every loop.
        guards: For every guard, 0 <= first + moves . (i, j, ...) < size, these three.
        start: The position where all loops are 0.
        steps: How far each loop moves on.
        hint: What the list should be called.
    """

    sizes: Shape
    guards: tuple[tuple[int, tuple[int, ...], int], ...]
    start: int
    steps: tuple[int, ...]
    hint: Hint = field(compare=False)


@dataclass(frozen=True)
class Formula:
    """An expression of NumPy's functions in entries of one shape."""

    value: Expr
    reads: Mapping[Indexed, Grid]


Operand = Grid | Grids | Positions | Formula | str
"""What a statement reads or writes; text is a number, an argument, or what has a name."""


def _strides(shape: Shape) -> tuple[int, ...]:
    """Return how many entries further the next one is, along each axis; 0 if there is none."""
    pairs = zip(shape, strides(shape), strict=True)
    return tuple(step if size > 1 else 0 for size, step in pairs)


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
