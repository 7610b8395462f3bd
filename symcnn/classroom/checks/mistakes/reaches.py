"""Mistakes with where a window begins and ends: it is longer or shorter, or lies elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Integer

from symcnn.classroom.checks.mistakes.axes import Window, windows
from symcnn.classroom.checks.mistakes.changes import each_of
from symcnn.classroom.marking.mistakes.mistake import Mistake, Work, composed
from symcnn.equations import Equation, Guard, Loop, affine
from symcnn.equations.notation import index, spare_letters


def _other_reaches(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Let windows without weights begin or end at other entries along one axis."""
    for window in windows(work, equation, source):
        sizes = {loop.symbol: int(loop.size) for loop in equation.loops}
        taps, length = sizes[window.tap], dict(composed(equation))[window.index]
        if window.tap not in equation.value.free_symbols and window.numbers[1] == 1:
            for begin, end in _reaches(window, taps, length):
                yield _reaching(equation, window, begin, end, length)


def _reaches(window: Window, taps: int, length: int) -> Iterator[tuple[Expr, Expr]]:
    """Run over where a window may begin, and the entry behind it."""
    stride, _, constant = window.numbers
    begin = window.index - window.tap
    for step in (1, -1):
        yield begin, begin + taps + step
        yield begin + step, begin + taps
    yield begin, Integer(length)
    yield Integer(0), begin + taps
    yield begin, Integer(taps)
    yield begin, begin - taps
    for other in (taps * window.position, window.position + stride, Integer(int(stride))):
        yield other + constant, other + constant + taps


def _reaching(equation: Equation, window: Window, begin: Expr, end: Expr, length: int) -> Equation:
    """Return an equation whose window has the entries from one to before another."""
    entry = index(next(spare_letters({loop.symbol.name for loop in equation.loops})))
    most = sum(int(loop.size) for loop in equation.loops) ** 2
    kept = [guard for guard in equation.guards if guard.expression != window.index]
    loops = [loop for loop in equation.loops if loop.symbol != window.tap]
    bounds = (g for g in (entry - begin, end - 1 - entry) if affine(g).coefficients)
    return replace(
        equation,
        target=equation.target.xreplace({window.index: entry}),
        loops=(*loops, Loop(entry, length)),
        guards=(*kept, *(Guard(bound, most) for bound in bounds)),
    )


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "window begins or ends elsewhere",
        "Along one axis, the window begins or ends at another entry than it should, as when a "
        "bound of a slice is off by one, left out, or lacks the position of the window.",
        each_of(_other_reaches),
    )
