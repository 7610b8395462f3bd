"""Arrays that are not needed at the same time lie in the same memory.

An array is needed from a statement that makes it to the last one that reads it, and then again
if it is a copy that is made again. The largest is placed first; each of the others goes to the
first block of its kind in which nothing overlaps with it in time. What is computed entry by
entry may take the place of what it is computed from:

    y = x - m,  x not needed any more:    in the memory of x

What keeps its entries from call to call, a border, shares with borders of the same form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from symcnn.programs.backends.numpy.arrays import Array, Grid
from symcnn.programs.backends.numpy.nests import Assign, Nest
from symcnn.programs.backends.numpy.statements import Apply, Copy, Statement, arrays_of

SHARED_ENTRIES = 10_000
"""An array of fewer entries is not worth sharing."""

Span = tuple[int, int]
"""The numbers of the first and the last statement that need an array."""

Handing = tuple[Array, Array, int]
"""One array, another one that may take its place, and the statement in which it does."""


@dataclass(eq=False)
class Block:
    """A piece of memory, and when its arrays are needed.

    Attributes:
        largest: The array that it was made for.
        needed: The spans of its arrays.
    """

    largest: Array
    needed: list[tuple[Span, Array]] = field(default_factory=list)

    @property
    def is_of_one(self) -> bool:
        """Whether there is no other array in it."""
        return {array for _, array in self.needed} == {self.largest}

    def is_free(self, array: Array, spans: Iterable[Span], handed: Collection[Handing]) -> bool:
        """Tell whether no array in it is needed when another one is."""
        return all(
            last < start
            or end < first
            or (last == start and (other, array, start) in handed)
            or (end == first and (array, other, end) in handed)
            for start, end in spans
            for (first, last), other in self.needed
        )


def shared(
    statements: Sequence[Statement], needed: Mapping[Array, int], passing: Collection[Array] = ()
) -> dict[Array, Block]:
    """Return the block of every large array.

    Args:
        statements: All that is done.
        needed: The number of the statement before which the entries of an array are returned.
        passing: Arrays that are others in every call, and have no memory of their own.
    """
    spans, handed = _spans(statements, needed), set(_handed(statements))
    blocks: dict[object, list[Block]] = {}
    placed: dict[Array, Block] = {}
    for array in _large_ones(spans, passing):
        alike = blocks.setdefault(_kind(array), [])
        free = (block for block in alike if block.is_free(array, spans[array], handed))
        block = next(free, None)
        if block is None:
            alike.append(block := Block(array))
        block.needed += [(span, array) for span in spans[array]]
        placed[array] = block
    return placed


def _large_ones(arrays: Iterable[Array], passing: Collection[Array]) -> list[Array]:
    large = (a for a in arrays if a.size >= SHARED_ENTRIES and a not in passing)
    shareable = (a for a in large if not a.fill or a.copy)
    return sorted(shareable, key=lambda array: -array.size)


def _kind(array: Array) -> object:
    """Return what arrays in one block have in common: truth values, or the same border."""
    if not array.fill or array.copy is None:
        return array.truth
    middle, _ = array.copy
    return array.fill, array.shape, middle.start, middle.shape, middle.steps


def _spans(statements: Sequence[Statement], needed: Mapping[Array, int]) -> dict[Array, list[Span]]:
    """Return when each array is needed."""
    # What a copy is written to does not know of the copy itself; what reads it does.
    copied = {a: a for statement in statements for a in arrays_of(statement) if a.copy}
    spans: dict[Array, list[Span]] = {}
    for number, statement in enumerate(statements):
        for used in dict.fromkeys(arrays_of(statement)):
            array = copied.get(used, used)
            known = spans.setdefault(array, [])
            if not known or _makes_again(statement, array):
                known.append((number, number))
            known[-1] = known[-1][0], number
    for array, end in needed.items():
        known = spans.setdefault(array, [(end, end)])
        known[-1] = known[-1][0], max(known[-1][1], end)
    return spans


def _makes_again(statement: Statement, array: Array) -> bool:
    """Tell whether a statement fills an array with the copies that belong there."""
    if array.copy is None:
        return False
    if isinstance(statement, Nest):  # Nothing but its copies is ever written there.
        return any(made.out is not None and made.out.array == array for made in statement.body)
    return statement == Copy(*array.copy)


def _handed(statements: Iterable[Statement]) -> Iterable[Handing]:
    """Run over the arrays whose place a result may take, if they are not needed any more."""
    for number, statement in enumerate(statements):
        match statement:
            case Apply(operands=operands, out=Grid() as out):
                yield from ((given, out.array, number) for given in _replaceable(operands, out))
            case Nest(body=body) if not any(made.fold for made in body):
                yield from ((given, out, number) for given, out in _replaceable_in(body))


def _replaceable_in(body: Sequence[Assign]) -> Iterable[tuple[Array, Array]]:
    """Run over arrays read in loops, and arrays written there that may take their place."""
    places = [made.out for made in body if made.out is not None]
    once = [out for out in places if sum(o.array == out.array for o in places) == 1]
    written = {out.array for out in places}
    reads = [read for made in body for read in made.operands if not isinstance(read, int)]
    for out in once:
        given = (array for array in _replaceable(reads, out) if array not in written)
        yield from ((array, out.array) for array in given)


def _replaceable(operands: Sequence[object], out: Grid) -> Iterable[Array]:
    """Return the arrays of which only the entries at the place of the result are read."""
    grids = [operand for operand in operands if isinstance(operand, Grid)]
    places = (out.start, out.shape, out.steps)
    moved = {g.array for g in grids if (g.start, g.shape, g.steps) != places}
    return dict.fromkeys(g.array for g in grids if g.array not in moved and g.array != out.array)
