"""Mistakes with loops: they begin late or end early, or each pass overwrites the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, combinations

from sympy import Expr, Ne, Piecewise, S, true

from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Ways,
    Work,
    each,
    fixed,
    long_loops,
    put,
    window_symbols,
)
from symcnn.classroom.marking.mistakes.windows import one_window
from symcnn.equations import Equation, Loop, Max, Sum


def _together(equation: Equation, source: Equation) -> Iterator[list[Loop]]:
    """Run over the loops, each by itself; then those of positions, and those of taps.

    Of a loop with a single pass nothing is left.
    """
    yield from ([loop] for loop in equation.loops)
    moving = window_symbols(source)
    positions = source.target.free_symbols & moving
    for group in (positions, moving - positions):
        several = [loop for loop in equation.loops if loop.symbol in group]
        if len(several) > 1:
            yield several


def _shorter(equation: Equation, cut: list[Loop]) -> list[Loop]:
    return [replace(s, size=s.size - 1) if s in cut else s for s in equation.loops]


def _ends_early(_: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    for cut in _together(equation, source):
        yield replace(equation, loops=tuple(_shorter(equation, cut)))


def _begins_late(_: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    for cut in _together(equation, source):
        yield put(equation, {loop.symbol: loop.symbol + 1 for loop in cut}, _shorter(equation, cut))


def _subsets(loops: list[Loop]) -> Iterator[tuple[Loop, ...]]:
    """Run over some of the loops, all of them first."""
    return chain.from_iterable(combinations(loops, n) for n in range(len(loops), 0, -1))


def _one_pass(_: Work, equation: Equation, source: Equation, *, last: bool) -> Iterable[Equation]:
    """Keep the last pass of some loops of a sum, or the first; of windows that overlap, too."""
    for loops in _subsets(long_loops(equation.reduced)):
        if isinstance(equation.reduction, Sum):
            kept = fixed(equation, loops, last=last)
            yield kept
            if equation is not source:
                yield from one_window(kept, source, last=last)


@dataclass(frozen=True)
class _OneThatCounts(Sum):
    """The last term of a sum that is not 0, or the first."""

    last: bool = True

    @property
    def kept(self) -> str:
        """What the sum is of."""
        return f"the {'last' if self.last else 'first'} term that is not 0"

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return that term."""
        ordered = reversed(terms) if self.last else iter(terms)
        return Piecewise(*((term, Ne(term, 0)) for term in ordered), (S.Zero, true))


def _one_winner(work: Work, *, last: bool) -> Ways:
    """Keep the last error signal that an entry wins as a maximum, or the first."""
    if any(step.routing for step in work.steps):
        kept = _OneThatCounts(last=last)
        pairs = zip(work.equations, work.steps, strict=True)
        yield [replace(e, reduction=kept) if step.routing else e for e, step in pairs]


def _left_at_zero(work: Work) -> Ways:
    if not work.is_update:
        yield [replace(equation, value=S.Zero) for equation in work.equations]


def _begun_at_one(work: Work) -> Ways:
    """Add up to an array of ones."""
    of = work.tensor
    if not work.is_update and of.shape:
        loops = tuple(Loop(symbol, int(n)) for symbol, n in zip(of.indices, of.shape, strict=True))
        yield [*work.equations, Equation(of[of.indices], S.One, loops)]


def _largest_for_sum(_: Work, equation: Equation, __: Equation) -> Iterable[Equation]:
    if isinstance(equation.reduction, Sum) and equation.terms_of_entry > 1:
        yield replace(equation, reduction=Max())


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "left at 0",
        "Nothing was added to the array, or only what was multiplied by 0, as 1 // n is: it is 0 "
        "everywhere.",
        _left_at_zero,
    )
    yield Mistake(
        "begun at 1",
        "The array to which everything is added was filled with 1. It must begin at 0.",
        _begun_at_one,
    )
    yield Mistake(
        "maximum instead of sum",
        "The largest of the terms was taken. They must be added.",
        each(_largest_for_sum),
    )
    yield Mistake(
        "error signals of a winner overwritten",
        "An entry that is the maximum of several windows received the error signal of the last one "
        "alone, as after `=` where `+=` is due. The error signals of all of them must be added.",
        partial(_one_winner, last=True),
    )
    yield Mistake(
        "first error signal of a winner kept",
        "An entry that is the maximum of several windows received the error signal of the first "
        "one alone. The error signals of all of them must be added.",
        partial(_one_winner, last=False),
    )
    yield Mistake(
        "overwritten instead of added",
        "Only the last pass of a loop is left, as after `=` where `+=` is due. The contributions "
        "of all passes must be added.",
        each(partial(_one_pass, last=True)),
    )
    yield Mistake(
        "only the first pass added",
        "Only the first pass of a loop was used, or the first entry along an axis. The "
        "contributions of all of them must be added.",
        each(partial(_one_pass, last=False)),
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
