"""Two nests become one where each round reads only what the same round has written.

    z = x - m      y = max(z, 0)       becomes    one pass over x, and z stays in a register

Loops that only one of the two has are written out, round by round, where they are few: so the
maximum of a window of four and the routing of its terms are one pass over the windows. Two
accesses to one array, one of which writes, must be the same entry in every round, or different
entries in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import prod

from symcnn.equations import are_injective
from symcnn.programs.backends.numpy.arrays import Array, Assign, Grid, Nest
from symcnn.programs.backends.numpy.compiled import forming
from symcnn.programs.backends.numpy.compiled.building import (
    grids_of,
    moved,
    nested,
    permuted,
    places_in,
    with_grids,
)

MOST_ASSIGNMENTS = 80
"""No more are fused into one nest."""

MOST_ARRAYS = 14
"""Likewise: more streams than that a processor does not follow."""


def reads_of(nest: Nest) -> Iterator[Grid]:
    """Run over all entries that are read; a fold reads what it adds to."""
    for made in nest.body:
        yield from (read for read in made.operands if isinstance(read, Grid))


def writes_of(nest: Nest) -> Iterator[Grid]:
    """Run over all entries that are written."""
    yield from (made.out for made in nest.body if made.out is not None)


def conflict(first: Nest, second: Nest) -> bool:
    """Tell whether one nest writes to an array that the other one reads or writes."""
    written, then = _arrays(writes_of(first)), _arrays(writes_of(second))
    every, all_then = written | _arrays(reads_of(first)), then | _arrays(reads_of(second))
    return bool(written & all_then or then & every)


def _arrays(grids: Iterable[Grid]) -> set[Array]:
    return {grid.array for grid in grids}


def fused(first: Nest, second: Nest) -> Nest | None:
    """Return both nests as one, the first in front in every round; None if that is not possible."""
    if len(first.body) + len(second.body) > MOST_ASSIGNMENTS or first.by_block or second.by_block:
        return None
    if len(_arrays((*_all(first), *_all(second)))) > MOST_ARRAYS:
        return None
    if {"fold"} & {_kind(first), _kind(second)} and first.shape != second.shape:
        return None
    for pairs in _matches(first, second):
        made = _fused_along(first, second, pairs)
        if made is not None:
            return made
    return None


def _all(nest: Nest) -> Iterator[Grid]:
    for made in nest.body:
        yield from grids_of(made)


def _kind(nest: Nest) -> str:
    return "fold" if any(made.fold for made in nest.body) else "plain"


def _matches(first: Nest, second: Nest) -> Iterator[tuple[tuple[int, int], ...]]:
    """Run over ways to take loops of both nests for the same, as accesses to one array suggest.

    If both read the same entries, that saves time only where they do so in the same order.
    """
    seen, whole = set(), tuple((axis, axis) for axis in range(len(first.shape)))
    written = _arrays((*writes_of(first), *writes_of(second)))
    for one, other in product(_all(first), _all(second)):
        if one.array == other.array:
            pairs = _matched(one, other)
            if pairs not in seen and (one.array in written or pairs == whole):
                seen.add(pairs)
                yield pairs


def _matched(one: Grid, other: Grid) -> tuple[tuple[int, int], ...]:
    """Return the loops of two accesses that run as far and move as far, or both stand still."""
    axes = list(range(len(one.shape)))
    pairs = []
    for b, (size, step) in enumerate(zip(other.shape, other.steps, strict=True)):
        alike = (a for a in axes if one.shape[a] == size and one.steps[a] == step)
        a = next(alike, None)
        if a is not None:
            axes.remove(a)
            pairs.append((a, b))
    return tuple(sorted(pairs))


def _fused_along(first: Nest, second: Nest, pairs: Sequence[tuple[int, int]]) -> Nest | None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    one, other = unrolled(first, left), unrolled(second, right)
    if one is None or other is None or len(one.body) + len(other.body) > MOST_ASSIGNMENTS:
        return None
    if not _is_safe(one, other) or not _fold_alike(one, other):
        return None
    return nested(one.shape, _joined(one, other))


def unrolled(nest: Nest, kept: Sequence[int]) -> Nest | None:
    """Return a nest of some of its loops, in their order; the others are written out."""
    others = [axis for axis in range(len(nest.shape)) if axis not in kept]
    if not others:
        return permuted(nest, kept)
    rounds = prod(nest.shape[axis] for axis in others)
    if rounds > forming.UNROLLED or _kind(nest) == "fold":
        return None
    if not all(is_injective(out) for out in writes_of(nest)):
        return None
    body = list[Assign]()
    for at in places_in(nest.shape, others):
        ahead = len(body)
        there = partial(moved, axes=others, at=at)
        body += (_renumbered(with_grids(made, there), ahead) for made in nest.body)
    return permuted(replace(nest, body=tuple(body)), kept)


def _renumbered(made: Assign, ahead: int) -> Assign:
    numbers = tuple(o + ahead if isinstance(o, int) else o for o in made.operands)
    return replace(made, operands=numbers)


def _is_safe(one: Nest, other: Nest) -> bool:
    """Tell whether no round of either nest needs what another round of the other one writes."""
    pairs = [*product(writes_of(one), _all(other)), *product(reads_of(one), writes_of(other))]
    return all(_is_same(a, b) or _are_apart(a, b) for a, b in pairs if a.array == b.array)


def _is_same(a: Grid, b: Grid) -> bool:
    return (a.start, a.shape, a.steps) == (b.start, b.shape, b.steps) and is_injective(a)


def is_injective(grid: Grid) -> bool:
    """Tell whether each round has an entry of its own."""
    loops = [*zip(grid.shape, grid.steps, strict=True)]
    still = any(size > 1 and step == 0 for size, step in loops)
    return not still and are_injective(loops)


def _are_apart(a: Grid, b: Grid) -> bool:
    """Tell whether two accesses surely have no entry in common."""
    if a.steps != b.steps:
        (low, high), (low_then, high_then) = _bounds(a), _bounds(b)
        return high < low_then or high_then < low
    ahead = abs(b.start - a.start)
    loops = [(size, step) for size, step in zip(a.shape, a.steps, strict=True) if step]
    return ahead > 0 and are_injective([*loops, (2, ahead)])


def _bounds(grid: Grid) -> tuple[int, int]:
    reach = [step * (size - 1) for size, step in zip(grid.shape, grid.steps, strict=True)]
    low, high = sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)
    return grid.start + low, grid.start + high


def _fold_alike(one: Nest, other: Nest) -> bool:
    """Tell whether all folds stand still along the same loops, and nothing else writes there."""
    stills = {_still(made.out) for nest in (one, other) for made in nest.body if made.fold}
    return len(stills) <= 1


def _still(out: Grid | None) -> tuple[bool, ...]:
    assert out is not None, "a fold is kept"
    return tuple(step == 0 for step in out.steps)


@dataclass
class _Values:
    """The values of a round, and where the last one of each entry is."""

    body: list[Assign]
    places: dict[Grid, int]


def _joined(one: Nest, other: Nest) -> list[Assign]:
    """Return the assignments of both; what was written is not read again from memory."""
    values = _Values([], {})
    for nest in (one, other):
        ahead = len(values.body)
        for made in nest.body:
            operands = tuple(
                o + ahead if isinstance(o, int) else values.places.get(o, o)  # type: ignore[arg-type]
                for o in made.operands
            )
            if made.out is not None and not made.fold:
                _forget(values, made.out)
                values.places[made.out] = len(values.body)
            values.body.append(replace(made, operands=operands))
    return values.body


def _forget(values: _Values, out: Grid) -> None:
    """An entry that is written again is not kept before."""
    number = values.places.pop(out, None)
    if number is not None:
        values.body[number] = replace(values.body[number], out=None)
