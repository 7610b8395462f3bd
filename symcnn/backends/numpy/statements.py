"""The intermediate list: what an array program does, as data that prints as itself.

A program is two lists. The first makes arrays and views of them, once; the second, run
for every evaluation, computes into them and makes nothing new. ``emitter`` turns both
into NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcnn.notation import Shape


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
    """name = room for arrays that are not needed at the same time."""

    name: str
    size: int


@dataclass(frozen=True)
class Part:
    """name = an array in such a room, from its beginning."""

    name: str
    memory: str
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
class Positions:
    """name = start + steps . (i, j, ...), for all loop assignments that guards let through.

    Attributes:
        name: What the list is called.
        sizes: The size of every loop.
        guards: For every guard, 0 <= first + moves . (i, j, ...) < size, these three.
        start: The position where all loops are 0.
        steps: How far each loop moves on.
    """

    name: str
    sizes: Shape
    guards: tuple[tuple[int, tuple[int, ...], int], ...]
    start: int
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Take:
    """out[n] = source[positions[n]]."""

    source: str
    positions: str
    out: str


@dataclass(frozen=True)
class At:
    """out[positions[n]] = function(out[positions[n]], terms[n]), one n after the other."""

    function: str
    out: str
    positions: str
    terms: str


@dataclass(frozen=True)
class KeepFirstAt:
    """Of the terms that hold and go to one position, the first is kept alone."""

    truths: str
    positions: str


@dataclass(frozen=True)
class Copy:
    """Every entry of ``out`` becomes that of ``source``."""

    out: str
    source: str


@dataclass(frozen=True)
class Fill:
    """Every entry of ``out`` becomes one number."""

    out: str
    value: str


@dataclass(frozen=True)
class Apply:
    """out = function(operands), entry by entry."""

    function: str
    operands: tuple[str, ...]
    out: str


@dataclass(frozen=True)
class Product:
    """out[..., r, c] = sum over k of left[..., r, k]*right[..., k, c]."""

    left: str
    right: str
    out: str


@dataclass(frozen=True)
class Reduce:
    """out = the function, applied from entry to entry along some axes."""

    function: str
    operand: str
    axes: tuple[int, ...]
    out: str


@dataclass(frozen=True)
class AddAll:
    """Every view of one list gets the view of another list added, pair by pair."""

    places: str
    shares: str


@dataclass(frozen=True)
class KeepFirst:
    """Where more hold than there are windows, the first along the axes is kept alone."""

    truths: str
    axes: tuple[int, ...]
    windows: int


Setup = Allocate | Memory | Part | View | Views | Positions
Statement = Copy | Fill | Apply | Product | Reduce | AddAll | KeepFirst | Take | At | KeepFirstAt
