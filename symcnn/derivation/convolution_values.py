r"""What a statement in convolution notation comes to, by the definitions of its operators.

    (a * b)[i]  = sum over u of a[i + u] b[u]        (a ** b)[i] = sum over u of a[i - u] b[u]
    spread by s:  a[i/s] where s divides i, else 0   sampled by s:  a[s i]
    moved by s:   a[i - s]                           moved back by s:  a[i + s]

Arrays are 0 outside of their positions. Nothing here knows how an equation was read: at numbers,
its terms are added up one by one and compared.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from sympy import Expr, Indexed, Symbol

from symcnn.derivation.convolution import Array, Convolution
from symcnn.equations import Equation, Loop, accesses, affine
from symcnn.equations.sizes import Size

Position = tuple[int, ...]
Read = Callable[[Indexed, Position], Any]
"""Returns what stands for an entry of a tensor: a number, or its symbol."""

Sizes = Callable[[Size], int]
"""Puts numbers in for letters."""

_CHOSEN, _WORK = 8, 40_000
"""How many entries are compared at most, and how many terms they may have together."""


class Entry(NamedTuple):
    """An entry of the left side: where it stands in the tensor, in which array, and where there."""

    place: Position
    free: dict[Symbol, int]
    position: Position


class _Field(NamedTuple):
    """An array that is 0 outside of its lengths."""

    at: Callable[[Position], Any]
    lengths: Position


def terms(
    made: Convolution, free: Mapping[Symbol, int], position: Position, read: Read, size: Sizes
) -> list[Any]:
    """Return the terms that the right side adds up to at a position of one array.

    Args:
        made: The statement.
        free: Which array it is.
        position: The position.
        read: What stands for entries.
        size: Puts numbers in for letters for sizes.
    """
    moved, sampled = (tuple(map(size, numbers)) for numbers in (made.moved, made.sampled))
    found = list[Any]()
    for over in _assignments(made.over, size):
        at = {**free, **over}
        first, second = (_field(array, at, read, size) for array in (made.first, made.second))
        if made.flips:
            place = tuple(map(sum, zip(position, moved, strict=True)))
            found += _convolved(first, second, place)
        else:
            place = tuple(i * s for i, s in zip(position, sampled, strict=True))
            found += _correlated(_moved(first, moved), second, place)
    return found


def _correlated(a: _Field, b: _Field, i: Position) -> Iterator[Any]:
    """Run over a[i + u] b[u]."""
    for u in product(*map(range, b.lengths)):
        yield from _product(a, tuple(map(sum, zip(i, u, strict=True))), b, u)


def _convolved(a: _Field, b: _Field, i: Position) -> Iterator[Any]:
    """Run over a[i - u] b[u]."""
    for u in product(*map(range, b.lengths)):
        yield from _product(a, tuple(n - m for n, m in zip(i, u, strict=True)), b, u)


def _product(a: _Field, at: Position, b: _Field, u: Position) -> Iterator[Any]:
    if (one := a.at(at)) != 0 and (other := b.at(u)) != 0:
        yield one * other


def _moved(a: _Field, by: Position) -> _Field:
    return _Field(lambda i: a.at(tuple(n - s for n, s in zip(i, by, strict=True))), a.lengths)


def _field(array: Array, at: Mapping[Symbol, int], read: Read, size: Sizes) -> _Field:
    """Return an array with zeros between its entries."""
    shape = [size(n) for n in array.entry.shape]
    spread = tuple(map(size, array.spread)) or (1,) * len(array.axes)

    def entry(position: Position) -> Any:
        if any(i % s for i, s in zip(position, spread, strict=True)):
            return 0
        along = tuple(i // s for i, s in zip(position, spread, strict=True))
        place = place_of(array, at, along, size)
        inside = all(0 <= i < n for i, n in zip(place, shape, strict=True))
        return read(array.entry, place) if inside else 0

    lengths = (s * (shape[axis] - 1) + 1 for axis, s in zip(array.axes, spread, strict=True))
    return _Field(entry, tuple(lengths))


def _number(index: Expr, at: Mapping[Symbol, int], size: Sizes) -> int:
    form = affine(index)
    return size(form.constant) + sum(size(n) * at[s] for s, n in form.coefficients.items())


def _assignments(loops: Sequence[Loop], size: Sizes) -> Iterator[dict[Symbol, int]]:
    for values in product(*(range(size(loop.size)) for loop in loops)):
        yield dict(zip((loop.symbol for loop in loops), values, strict=True))


def entries(made: Convolution, size: Sizes) -> list[Entry]:
    """Return entries of the left side, at the ends and in the middle of its axes."""
    lengths = [_spread_out(size(n)) for n in made.left.lengths]
    frees = [_spread_out(size(loop.size)) for loop in made.free]
    found = list[Entry]()
    for values in product(*frees):
        free = dict(zip((loop.symbol for loop in made.free), values, strict=True))
        for position in product(*lengths):
            found.append(Entry(place_of(made.left, free, position, size), free, position))
    return found


def place_of(array: Array, at: Mapping[Symbol, int], position: Position, size: Sizes) -> Position:
    """Return where a position of an array stands in its tensor."""
    places = {n: _number(index, at, size) for n, index in array.fixed.items()}
    places |= dict(zip(array.axes, position, strict=bool(array.axes)))
    return tuple(places[n] for n in range(len(places)))


def _spread_out(length: int) -> list[int]:
    return sorted({0, length // 2, length - 1})


def agrees(equation: Equation, made: Convolution, size: Sizes, seed: int = 0) -> bool:
    """Tell whether entries are at random integers what the equation's terms add up to."""
    rng, numbers = random.Random(seed), _Numbers(random.Random(seed))
    every = entries(made, size)
    few = max(1, min(len(every), _CHOSEN, _WORK // work(made, size)))
    return all(
        sum(terms(made, entry.free, entry.position, numbers.read, size))
        == sum(_collected(equation, entry.place, numbers.read, size))
        for entry in rng.sample(every, few)
    )


def work(made: Convolution, size: Sizes) -> int:
    """Return how many terms an entry has."""
    lengths = map(size, made.second.lengths)
    return prod(lengths) * prod(size(loop.size) for loop in made.over)


class _Numbers(dict[tuple[Indexed, Position], int]):
    """Random integers for entries, each drawn when it is first read."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def read(self, entry: Indexed, position: Position) -> int:
        return self.setdefault((entry.base, position), self._rng.choice((-3, -2, -1, 1, 2, 3, 5)))


def _collected(equation: Equation, place: Position, read: Read, size: Sizes) -> Iterator[int]:
    """Run over the terms of an equation that lead to an entry; none reads outside of its tensor."""
    sizes = {loop.symbol: size(loop.size) for loop in equation.loops}
    for at in _leading_to(equation.target, place, sizes, size):
        reads = [(r, _places(r, at, size)) for r in accesses(equation.value)]
        if all(0 <= i < size(n) for r, p in reads for i, n in zip(p, r.shape, strict=True)):
            yield prod(read(r, p) for r, p in reads)


def _leading_to(
    target: Indexed, place: Position, sizes: Mapping[Symbol, int], size: Sizes
) -> Iterator[dict[Symbol, int]]:
    """Run over the loop assignments that lead to an entry."""
    choices, left = list[list[dict[Symbol, int]]](), dict(sizes)
    for index, at in zip(target.indices, place, strict=True):
        own = {s: left.pop(s) for s in affine(index).coefficients if s in left}
        every = [dict(zip(own, v, strict=True)) for v in product(*map(range, own.values()))]
        is_new = len(own) == len(affine(index).coefficients)
        choices.append([v for v in every if not is_new or _number(index, v, size) == at])
    rest = (range(n) for n in left.values())
    others = [dict(zip(left, values, strict=True)) for values in product(*rest)]
    for parts in product(*choices, others):
        whole = {s: n for part in parts for s, n in part.items()}
        if _places(target, whole, size) == place:
            yield whole


def _places(read: Indexed, at: Mapping[Symbol, int], size: Sizes) -> Position:
    return tuple(_number(index, at, size) for index in read.indices)


def whole(number: Size) -> int:
    """Return a size that has no letters."""
    return int(number)
