"""Naming: the arrays and views that statements need are made once, and get their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace

from sympy import Symbol

from symcnn.programs.backends.numpy.arrays import Array, Formula, Grid, Grids, Hint, Positions
from symcnn.programs.backends.numpy.memory import Memories, border
from symcnn.programs.backends.numpy.statements import (
    Allocate,
    Copy,
    IndexArray,
    Memory,
    Part,
    Setup,
    Statement,
    View,
    Views,
    arrays_of,
)
from symcnn.programs.backends.python.names import Names
from symcnn.programs.backends.python.printing import ArrayPrinter


class Naming:
    """Names for arrays, views and lists, and the statements that make them."""

    def __init__(self, names: Names, memories: Memories, passing: Iterable[Array] = ()) -> None:
        """Take a source of names, where arrays lie, and which are others in every call."""
        self.setup: list[Setup] = []
        self._passing: list[tuple[object, Setup]] = []
        self.printer = ArrayPrinter()
        self._names, self._known = names, dict[object, str]()
        self._places = memories.places
        self._known |= {array: names.fresh(self.text(array.hint)) for array in passing}
        self._passed = frozenset(passing)
        for truth, size in memories.sizes.items():
            if size:
                hint = ("memory_of_truths" if truth else "memory",)
                self._made(truth, hint, Memory, size, truth)

    def named(self, statement: Statement) -> Statement:
        """Return a statement about names."""
        parts = {part.name: self.name(getattr(statement, part.name)) for part in fields(statement)}
        return replace(statement, **parts)  # type: ignore[arg-type]  # every part keeps its kind

    def passing_views(self) -> tuple[Setup, ...]:
        """Return what makes the new views of arrays that are others in every call; forget them."""
        views = self._passing
        self._passing = []
        for thing, _ in views:
            del self._known[thing]
        return tuple(setup for _, setup in views)

    def text(self, hint: Hint) -> str:
        """Return words and the names of arrays as one text."""
        return "".join(self._array(part) if isinstance(part, Array) else part for part in hint)

    def name(self, value: object) -> object:
        """Return the name of an operand; anything else is returned as it is."""
        match value:
            case Formula():
                names = {read: Symbol(self.view(grid)) for read, grid in value.reads.items()}
                return self.printer.code(value.value.xreplace(names))
            case Array():
                return self._array(value)
            case Grid():
                return self.view(value)
            case Grids():
                return self._views(value)
            case Positions():
                return self._made(value, value.hint, IndexArray, value)
            case tuple():
                return tuple(map(self.name, value))
            case _:
                return value

    def _array(self, array: Array) -> str:
        """Return the name of an array, which lies at its place in memory if it has one."""
        place = self._places.get(array)
        if array in self._passed:
            return self._known[array]
        if place is None:
            parts = (array.shape, array.axes, array.fill, array.truth)
            return self._made(array, array.hint, Allocate, *parts)
        memory, (start, _) = self._known[array.truth], place
        return self._made(array, array.hint, Part, memory, start, array.shape, array.axes)

    def view(self, grid: Grid) -> str:
        """Return the name of the view of entries; all entries of an array are the array."""
        array, whole = self._array(grid.array), grid.array.shape
        if grid == grid.array.all:
            return array
        return self._made(grid, grid.hint, View, array, whole, grid.start, grid.shape, grid.steps)

    def _views(self, grids: Grids) -> str:
        first = grids.first
        parts = (self._array(first.array), first.start, grids.moving, first.shape, first.steps)
        return self._made(grids, first.hint, Views, *parts)

    def _made(self, thing: object, hint: Hint, kind: Callable[..., Setup], *parts: object) -> str:
        """Return the name of a thing; what has none gets one, and a statement that makes it."""
        if thing not in self._known:
            name = self._known[thing] = self._names.fresh(self.text(hint))
            made = kind(name, *parts)
            if _array_of(thing) in self._passed:
                self._passing.append((thing, made))
            else:
                self.setup.append(made)
        return self._known[thing]


def _array_of(thing: object) -> Array | None:
    match thing:
        case Grid(array=array) | Grids(first=Grid(array=array)):
            return array
        case _:
            return None


def with_copies(statements: Iterable[Statement], copied: set[Array]) -> Iterator[Statement]:
    """Return statements with the copies that fill the arrays they read, each made once.

    Args:
        statements: What is done.
        copied: The arrays that were filled before; it grows.
    """
    for statement in statements:
        for array in arrays_of(statement):
            if array.copy is not None and array not in copied:
                copied.add(array)
                yield from with_copies([Copy(*array.copy)], copied)
                yield from border(array)
        yield statement
