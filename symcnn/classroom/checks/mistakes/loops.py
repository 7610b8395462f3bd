"""Mistakes with loops: they begin late or end early, or each pass overwrites the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations

from symcnn.classroom.checks.mistakes.changes import each, fixed, put
from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Ways,
    Work,
    long_loops,
    window_symbols,
)
from symcnn.classroom.marking.mistakes.windows import one_window
from symcnn.equations import Equation, Loop, Sum


def _together(equation: Equation, source: Equation) -> Iterator[list[Loop]]:
    """Run over the loops, each by itself; then those of positions, and those of taps."""
    long = long_loops(equation.loops)
    yield from ([loop] for loop in long)
    moving = window_symbols(source)
    positions = source.target.free_symbols & moving
    for group in (positions, moving - positions):
        several = [loop for loop in long if loop.symbol in group]
        if len(several) > 1:
            yield several


def _shorter(equation: Equation, cut: list[Loop]) -> list[Loop]:
    return [replace(s, size=s.size - 1) if s in cut else s for s in equation.loops]


def _ends_early(equation: Equation, source: Equation) -> Iterable[Equation]:
    for cut in _together(equation, source):
        yield replace(equation, loops=tuple(_shorter(equation, cut)))


def _begins_late(equation: Equation, source: Equation) -> Iterable[Equation]:
    for cut in _together(equation, source):
        yield put(equation, {loop.symbol: loop.symbol + 1 for loop in cut}, _shorter(equation, cut))


def _subsets(loops: list[Loop]) -> Iterator[tuple[Loop, ...]]:
    """Run over some of the loops, all of them first."""
    return chain.from_iterable(combinations(loops, n) for n in range(len(loops), 0, -1))


def _one_pass(*, last: bool) -> Callable[[Work], Ways]:
    """Keep the last pass of some loops of a sum, or the first; of windows that overlap, too."""

    def change(equation: Equation, source: Equation) -> Iterable[Equation]:
        for loops in _subsets(long_loops(equation.reduced)):
            if isinstance(equation.reduction, Sum):
                kept = fixed(equation, loops, last=last)
                yield kept
                if equation is not source:
                    yield from one_window(kept, source, last=last)

    return each(change)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "overwritten instead of added",
        "Only the last pass of a loop is left, as after `=` where `+=` is due. The contributions "
        "of all passes must be added.",
        _one_pass(last=True),
    )
    yield Mistake(
        "only the first pass added",
        "Only the first pass of a loop was used, or the first entry along an axis. The "
        "contributions of all of them must be added.",
        _one_pass(last=False),
    )
    yield Mistake(
        "loop ends early",
        "A loop ended one step too early: the last value of its index was not visited.",
        each(_ends_early),
    )
    yield Mistake(
        "loop begins late",
        "A loop began one step too late: the first value of its index was not visited.",
        each(_begins_late),
    )
