"""Arrays that are not needed at the same time lie in the same memory.

An array is needed from a statement that makes it to the last one that reads it, and then again
if it is a copy that is made again. All long arrays lie in one memory for numbers and one for truth
values, each at the first place where nothing else is needed at the same time; several orders are
tried, and the one that takes the least memory is kept. What is computed entry by entry may take
the place of what it is computed from:

    y = x - m,  x not needed any more:    in the memory of x

A border is written again with every copy inside of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from symcnn.equations import strides
from symcnn.programs.backends.numpy.arrays import Array, Assign, Grid, Nest
from symcnn.programs.backends.numpy.statements import Apply, Copy, Fill, Statement, arrays_of

if TYPE_CHECKING:
    import numpy.typing as npt  # it takes a while to import, and names a type alone

    Places = npt.NDArray[np.int_]  # of arrays, one a row

SHARED_ENTRIES = 10_000
"""An array of fewer entries is not worth sharing."""

CLOSE = 1.01
"""Up to so many times as much memory as is needed at once, no other order is tried."""

LINE = 64
"""Arrays begin at a multiple of so many entries, as lines of the cache do."""

Span = tuple[int, int]
"""The numbers of the first and the last statement that need an array."""

Handing = tuple[Array, Array, int]
"""One array, another one that may take its place, and the statement in which it does."""

Place = tuple[int, int]
"""Where an array begins in memory, and where it ends."""


@dataclass(frozen=True)
class Memories:
    """The places of long arrays.

    Attributes:
        places: Where each one lies, in the memory for numbers or that for truth values.
        sizes: How many entries each of the two has, by whether these are truth values.
    """

    places: Mapping[Array, Place]
    sizes: Mapping[bool, int]


def is_shareable(array: Array) -> bool:
    """Tell whether an array is long, and written anew in every call."""
    return array.size >= SHARED_ENTRIES and (not array.fill or array.copy is not None)


def shared(
    statements: Sequence[Statement], needed: Mapping[Array, int], passing: Collection[Array] = ()
) -> Memories:
    """Return the place of every long array.

    Args:
        statements: All that is done.
        needed: The number of the statement before which the entries of an array are returned.
        passing: Arrays that are others in every call, and have no memory of their own.
    """
    spans, handed = _spans(statements, needed), {*_handed(statements)}
    places, sizes = dict[Array, Place](), dict[bool, int]()
    for truth in (False, True):
        large = [a for a in spans if is_shareable(a) and a.truth == truth and a not in passing]
        found, least = dict[Array, Place](), _most_at_once(large, spans)
        for order in _ORDERS:
            tried = _placed(large, order, spans, handed)
            found = min(found or tried, tried, key=_end)
            if _end(found) <= CLOSE * least:
                break
        places |= found
        sizes[truth] = _end(found)
    return Memories(places, sizes)


_Spans = Mapping[Array, Sequence[Span]]
_ORDERS: Sequence[Callable[[Array, Sequence[Span]], float]] = (
    lambda array, spans: -array.size,
    lambda array, spans: spans[0][0] - spans[0][1],
    lambda array, spans: array.size * (spans[0][0] - spans[0][1] - 1),
)
"""Which arrays get places first: the longest, those needed for long, or those of most of both."""


def _most_at_once(arrays: Iterable[Array], spans: _Spans) -> int:
    """Return how many entries the statement needs that needs most."""
    changes = Counter[int]()
    for array in arrays:
        for first, last in spans[array]:
            changes[first] += array.size
            changes[last + 1] -= array.size
    return max(accumulate(change for _, change in sorted(changes.items())), default=0)


def _end(places: Mapping[Array, Place]) -> int:
    return max((end for _, end in places.values()), default=0)


def _placed(
    arrays: Iterable[Array],
    order: Callable[[Array, Sequence[Span]], float],
    spans: _Spans,
    handed: Collection[Handing],
) -> dict[Array, Place]:
    """Return places for arrays, in an order; what one is handed over from may be its place."""
    every = sorted(arrays, key=lambda array: order(array, spans[array]))
    rows = [(array, span) for array in every for span in spans[array]]
    first, last = np.array([span for _, span in rows], int).reshape(-1, 2).T
    lying, places, done = np.zeros((len(rows), 2), int), dict[Array, Place](), 0
    partners = _partners(handed)
    for array in every:
        own = spans[array]
        meet = [(first[:done] <= end) & (last[:done] >= start) for start, end in own]
        beside = np.flatnonzero(np.any(meet, axis=0))
        tied = [
            n
            for n in (beside if array in partners else ())
            if rows[n][0] in partners[array] and _is_handed((array, own), rows[n], handed)
        ]
        taken = lying[np.setdiff1d(beside, tied)]
        begin = _first_free(array.size, taken, lying[tied])
        places[array] = begin, begin + array.size
        lying[done : done + len(own)] = places[array]
        done += len(own)
    return places


def _partners(handed: Iterable[Handing]) -> dict[Array, set[Array]]:
    """Return, of every array, those whose place it may take, or that may take its own."""
    found: dict[Array, set[Array]] = {}
    for one, other, _ in handed:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _is_handed(
    needed: tuple[Array, Sequence[Span]], row: tuple[Array, Span], handed: Collection[Handing]
) -> bool:
    """Tell whether two arrays are needed together only where one takes the place of the other."""
    (array, own), (other, (first, last)) = needed, row
    return all(
        (last == start and (other, array, start) in handed)
        or (end == first and (array, other, end) in handed)
        for start, end in own
        if start <= last and end >= first
    )


def _first_free(size: int, taken: Places, tied: Places) -> int:
    """Return where an array may begin: best where one does that it replaces, else first of all."""
    for begin, _ in tied:
        if _is_free(begin, size, taken) and _is_free(begin, size, tied[tied[:, 0] != begin]):
            return int(begin)
    both = np.concatenate([taken, tied])
    both = both[np.argsort(both[:, 0])]
    ends = np.maximum.accumulate(np.concatenate([[0], -(-both[:, 1] // LINE) * LINE]))
    gaps = np.flatnonzero(both[:, 0] - ends[:-1] >= size)
    return int(ends[gaps[0]] if len(gaps) else ends[-1])


def _is_free(begin: int, size: int, taken: Places) -> bool:
    return bool(np.all((taken[:, 1] <= begin) | (taken[:, 0] >= begin + size)))


def border(array: Array) -> Iterator[Statement]:
    """Write around what is copied into an array, if other arrays lie there at other times."""
    if not array.fill or array.copy is None or not is_shareable(array):
        return
    middle, _ = array.copy
    steps, start = strides(array.shape), middle.start
    inside = dict(zip(middle.steps, middle.shape, strict=True))  # 0 is the step of one entry alone
    ranges = [(0, size) for size in array.shape]
    for axis, step in enumerate(steps):
        if array.shape[axis] == 1:
            continue
        low, start = divmod(start, step)
        high = low + inside.get(step, 1)
        for begin, end in ((0, low), (high, array.shape[axis])):
            if begin < end:
                part = [*ranges[:axis], (begin, end), *ranges[axis + 1 :]]
                yield Fill(_box(middle.array, part, steps), array.fill)
        ranges[axis] = low, high


def _box(array: Array, ranges: Sequence[tuple[int, int]], steps: Sequence[int]) -> Grid:
    """Return the entries of an array in a range along each axis."""
    shape = tuple(end - begin for begin, end in ranges)
    start = sum(begin * step for (begin, _), step in zip(ranges, steps, strict=True))
    moves = tuple(step if n > 1 else 0 for n, step in zip(shape, steps, strict=True))
    return Grid(array, start, shape, moves, (array, "_border"))


def _spans(statements: Sequence[Statement], needed: Mapping[Array, int]) -> dict[Array, list[Span]]:
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
    if isinstance(statement, Nest):  # Nothing but its copies, and its border, is written there.
        made = (m for m in statement.body if m.out is not None and m.out.array == array)
        return any(not isinstance(m.operands[0], str) for m in made)
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
