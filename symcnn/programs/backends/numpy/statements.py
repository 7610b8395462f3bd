"""The intermediate list: what an array program does, as data that prints as itself.

A program is two lists. The first makes arrays and views of them, once; the second, run
for every evaluation, computes into them and makes nothing new. The patterns write the
second one, about arrays that are data; ``naming`` makes the first of what it needs, and
``emitter`` turns both into NumPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import chain

from symcnn.equations.notation import Shape
from symcnn.programs.backends.numpy.arrays import (
    Array,
    Formula,
    Grid,
    Grids,
    Nest,
    Operand,
    Positions,
)
from symcnn.programs.backends.numpy.blocks import AddBlocks as AddBlocks
from symcnn.programs.backends.numpy.blocks import ProductBlocks as ProductBlocks
from symcnn.programs.backends.numpy.blocks import ProductsOfCopies as ProductsOfCopies
from symcnn.programs.backends.numpy.blocks import SumOfProducts as SumOfProducts


@dataclass(frozen=True)
class Allocate:
    """name = an array.

    Attributes:
        name: What it is called.
        shape: Its shape.
        axes: What each axis runs over.
        fill: The text of the number in it at first; nothing in particular by default.
        truth: Whether it holds truth values instead of numbers.
    """

    name: str
    shape: Shape
    axes: tuple[str, ...] = ()
    fill: str = ""
    truth: bool = False


@dataclass(frozen=True)
class Memory:
    """name = memory for arrays that are not needed at the same time.

    Attributes:
        name: What it is called.
        size: How many entries it has.
        truth: Whether these are truth values instead of numbers.
    """

    name: str
    size: int
    truth: bool = False


@dataclass(frozen=True)
class Receive:
    """name = an argument, as it is if it lies in memory as it should."""

    name: str
    argument: str
    shape: Shape


@dataclass(frozen=True)
class Part:
    """name = an array in such memory, from a start."""

    name: str
    memory: str
    start: int
    shape: Shape
    axes: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """name[i, j, ...] = array.flat[start + steps . (i, j, ...)], without a copy.

    Attributes:
        name: What the view is called.
        array: The array that holds the numbers.
        whole: The shape of that array.
        start: The entry that comes first.
        shape: The shape of the view.
        steps: How many entries further the next one is, along each axis of the view.
    """

    name: str
    array: str
    whole: Shape
    start: int
    shape: Shape
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Views:
    """A list of views of one array, one for each position of some loops.

    Attributes:
        name: What the list is called.
        array: The array that holds the numbers.
        start: The entry that comes first in the first view.
        moving: The name, the size and the step of every loop.
        shape: The shape of each view.
        steps: How many entries further the next one is, along each axis of a view.
    """

    name: str
    array: str
    start: int
    moving: tuple[tuple[str, int, int], ...]
    shape: Shape
    steps: tuple[int, ...]


@dataclass(frozen=True)
class IndexArray:
    """name = a list of positions."""

    name: str
    positions: Positions


@dataclass(frozen=True)
class Take:
    """out[n] = source[positions[n]]."""

    source: Operand
    positions: Operand
    out: Operand


@dataclass(frozen=True)
class At:
    """out[positions[n]] = function(out[positions[n]], terms[n]), one n after the other."""

    function: str
    out: Operand
    positions: Operand
    terms: Operand


@dataclass(frozen=True)
class KeepFirstAt:
    """Of the terms that hold and go to one position, the first is kept alone."""

    truths: Operand
    positions: Operand


@dataclass(frozen=True)
class Copy:
    """Every entry of ``out`` becomes that of ``source``."""

    out: Operand
    source: Operand


@dataclass(frozen=True)
class CopyCases:
    """The same of cases, all of which are computed: those not taken may have no value."""

    out: Operand
    source: Operand


@dataclass(frozen=True)
class Fill:
    """Every entry of ``out`` becomes one number."""

    out: Operand
    value: str


@dataclass(frozen=True)
class Apply:
    """out = function(operands), entry by entry."""

    function: str
    operands: tuple[Operand, ...]
    out: Operand


@dataclass(frozen=True)
class Product:
    """out[..., r, c] = sum over k of left[..., r, k]*right[..., k, c]."""

    left: Operand
    right: Operand
    out: Operand


@dataclass(frozen=True)
class Reduce:
    """out = the function, applied from entry to entry along some axes."""

    function: str
    operand: Operand
    axes: tuple[int, ...]
    out: Operand


@dataclass(frozen=True)
class AddAll:
    """Every view of one list gets the view of another list added, pair by pair."""

    places: Operand
    shares: Operand


@dataclass(frozen=True)
class KeepFirst:
    """Where more hold than there are windows, the first along the axes is kept alone."""

    truths: Operand
    axes: tuple[int, ...]
    windows: int


Setup = Allocate | Memory | Receive | Part | View | Views | IndexArray
Statement = (
    Copy
    | CopyCases
    | Fill
    | Apply
    | Product
    | ProductsOfCopies
    | SumOfProducts
    | Reduce
    | AddAll
    | AddBlocks
    | KeepFirst
    | Take
    | At
    | KeepFirstAt
    | Nest
    | ProductBlocks
)


def arrays_of(statement: Statement) -> Iterator[Array]:
    """Return the arrays that a statement reads or writes."""
    for part in fields(statement):
        yield from (grid.array for grid in _grids(getattr(statement, part.name)))


def _grids(operand: object) -> Iterable[Grid]:
    match operand:
        case Grid():
            return (operand,)
        case Grids(first=first):
            return (first,)
        case Formula(reads=reads):
            return reads.values()
        case tuple():
            return chain.from_iterable(map(_grids, operand))
        case _:
            return ()
