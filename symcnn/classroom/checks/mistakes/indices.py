"""Mistakes with indices: they are off by one, stand still, or lack a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from sympy import Indexed, Integer

from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Work,
    composed,
    each,
    factors,
    guarded,
    long_loops,
)
from symcnn.classroom.marking.mistakes.windows import placed
from symcnn.equations import Equation, affine


def _off_by_one(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Read or write the entry before or behind along one axis."""
    for read in (*factors(work, equation), equation.target):
        for axis, size in enumerate(read.shape):
            for step in (-1, 1) if size > 1 else ():
                indices = list(read.indices)
                indices[axis] = indices[axis] + step
                yield guarded(equation, read, indices)


def _windows_off_by_one(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Let all windows begin one entry too early or too late, along all axes."""
    indices = [index for index, _ in composed(equation)]
    for step in (-1, 1) if len(indices) > 1 else ():
        yield placed(work, {index: index + step for index in indices}, equation)


def _stands_still(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Read the first entry along an axis, or the last one, for all of them."""
    long = {loop.symbol for loop in long_loops(equation.loops)}
    for read in factors(work, equation):
        for axis, index in enumerate(read.indices):
            for place in _ends(read, axis) if index.free_symbols & long else ():
                indices = list(read.indices)
                indices[axis] = Integer(place)
                yield guarded(equation, read, indices)


def _ends(read: Indexed, axis: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((0, int(read.shape[axis]) - 1)))


def _of_another_loop(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Use the index of one loop where that of another is due, in one array."""
    for read in (*factors(work, equation), equation.target):
        used = [loop.symbol for loop in equation.loops if loop.symbol in read.free_symbols]
        for right, taken in permutations(used, 2):
            yield guarded(equation, read, (i.xreplace({right: taken}) for i in read.indices))


def _lacks_a_part(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Leave one loop out of the index of a window: u - p, or s i - p; of blocks, c or g."""
    whole = {index: index for index, _ in composed(equation)}
    for index in whole:
        for symbol in affine(index).coefficients:
            yield placed(work, {**whole, index: index.xreplace({symbol: Integer(0)})}, equation)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "index off by one",
        "An index is one too small or one too large: the neighbouring entry was taken.",
        each(_off_by_one),
    )
    yield Mistake(
        "windows off by one",
        "All windows begin one entry too early or too late.",
        each(_windows_off_by_one),
    )
    yield Mistake(
        "index stands still",
        "The same entry along an axis was used throughout, such as one sample, one channel or one "
        "position. The index must run with its loop.",
        each(_stands_still),
    )
    yield Mistake(
        "index of another loop",
        "The index of one loop was used where that of another is due.",
        each(_of_another_loop),
    )
    yield Mistake(
        "part of an index missing",
        "A part of an index was left out, such as the position of the window, the offset within "
        "it, or the number of the group.",
        each(_lacks_a_part),
    )
