"""Mistakes with where a window begins and ends: it is longer or shorter, or lies elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations

from sympy import Expr, Integer, Rational

from symcnn.classroom.checks.mistakes.axes import Window, windows
from symcnn.classroom.marking.mistakes.mistake import Mistake, Work, composed, each
from symcnn.equations import Equation, Guard, Loop, affine
from symcnn.equations.notation import index, spare_letters


def _other_reaches(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Let windows without weights begin or end at other entries along one axis."""
    found = windows(work, equation, source)
    sizes = {loop.symbol: int(loop.size) for loop in equation.loops}
    for window in found:
        taps, length = sizes[window.tap], dict(composed(equation))[window.index]
        if _is_unweighted(equation, window):
            begin, others = window.begin, [other for other in found if other != window]
            reaches = [*_reaches(window, taps, length)]
            reaches += [(other.begin, begin + taps) for other in others]
            reaches += [(begin, other.begin + sizes[other.tap]) for other in others]
            yield from (_reaching(equation, window, *reach, length) for reach in reaches)
            yield _reaching(equation, window, begin - 1, begin + taps, length, inside=True)


def _is_unweighted(equation: Equation, window: Window) -> bool:
    """Tell whether nothing but the window itself depends on the place in it, without dilation."""
    rest = equation.value.xreplace({window.index: Integer(0)})
    return window.tap not in rest.free_symbols and window.numbers[1] == 1


def _as_long_as_another(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Let a window have as many entries along one axis as along another.

    The number that a mean is divided by is that of the window that is due, or of the other.
    """
    sizes = {loop.symbol: int(loop.size) for loop in equation.loops}
    lengths = dict(composed(equation))
    for one, other in permutations(windows(work, equation, source), 2):
        taken, own = sizes[one.tap], sizes[other.tap]
        if own != taken and _is_unweighted(equation, other):
            end = other.begin + taken
            found = _reaching(equation, other, other.begin, end, lengths[other.index])
            yield from (replace(found, value=found.value * n) for n in (Rational(own, taken), 1))
        elif taken < own:
            cut = (replace(s, size=taken) if s.symbol == other.tap else s for s in equation.loops)
            yield replace(equation, loops=tuple(cut))


def _reaches(window: Window, taps: int, length: int) -> Iterator[tuple[Expr, Expr]]:
    """Run over where a window may begin, and the entry behind it."""
    stride, _, constant = window.numbers
    begin = window.begin
    for step in (1, -1):
        yield begin, begin + taps + step
        yield begin + step, begin + taps
    yield begin, Integer(length)
    yield Integer(0), begin + taps
    yield begin, Integer(taps)
    yield begin, begin - taps
    for other in (taps * window.position, window.position + stride, Integer(int(stride))):
        yield other + constant, other + constant + taps


def _reaching(
    equation: Equation, window: Window, begin: Expr, end: Expr, length: int, *, inside: bool = False
) -> Equation:
    """Return an equation whose window has the entries from one to before another.

    In Python, a slice that begins before the first entry is empty: it is left out, if it is asked.
    """
    entry = index(next(spare_letters({loop.symbol.name for loop in equation.loops})))
    most = sum(int(loop.size) for loop in equation.loops) ** 2
    kept = [guard for guard in equation.guards if guard.expression != window.index]
    loops = [loop for loop in equation.loops if loop.symbol != window.tap]
    bounds = [g for g in (entry - begin, end - 1 - entry) if affine(g).coefficients]
    bounds += [begin] if inside and affine(begin).coefficients else []
    return replace(
        equation,
        target=equation.target.xreplace({window.index: entry}),
        value=equation.value.xreplace({window.index: entry}),
        loops=(*loops, Loop(entry, length)),
        guards=(*kept, *(Guard(bound, most) for bound in bounds)),
    )


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "kernel size of one axis used for both",
        "The window was as long along one axis as along the other, as with kernel_size[0] in place "
        "of kernel_size[1].",
        each(_as_long_as_another),
    )
    yield Mistake(
        "window begins or ends elsewhere",
        "Along one axis, the window begins or ends at another entry than it should, as when a "
        "bound of a slice is off by one, left out, or lacks the position of the window.",
        each(_other_reaches),
    )
