"""Mistakes with windows: where they lie, in which direction they are read, and how they overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sympy import Add, Expr, Indexed, Integer, Symbol

from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Work,
    composed,
    each,
    factors,
    long_loops,
    window_symbols,
)
from symcnn.equations import Equation, Guard, Loop, Sum, accesses, affine
from symcnn.equations.formulas import is_copy


def _kernel_loops(equation: Equation, read: Indexed) -> list[Loop]:
    """Return the loops of a kernel: bare indices of a factor that move a window elsewhere."""
    others = (equation.target, *(r for r in accesses(equation.value) if r != read))
    if read == equation.target:
        others = accesses(equation.value)
    moved = [i for other in others for i in other.indices if not i.is_Symbol]
    moving = {symbol for i in moved for symbol in i.free_symbols} & {*read.indices}
    return [loop for loop in long_loops(equation.loops) if loop.symbol in moving]


def _flipped(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Read a kernel backwards; with its derivative, the error signal or the result."""
    kernels = [r for r in factors(work, equation) if work.is_slope or work.is_parameter(r)]
    for read in [*kernels, *([equation.target] if work.is_slope else [])]:
        loops = _kernel_loops(equation, read)
        if loops:
            yield _moved(equation, read, loops)


def _moved(equation: Equation, read: Indexed, loops: Sequence[Loop]) -> Equation:
    back: dict[Expr, Expr] = {s.symbol: Integer(int(s.size) - 1) - s.symbol for s in loops}
    other = read.base[tuple(i.xreplace(back) for i in read.indices)]
    if read == equation.target:
        return replace(equation, target=other)
    return replace(equation, value=equation.value.xreplace({read: other}))


def placed(work: Work, other: dict[Expr, Expr], equation: Equation) -> Equation:
    """Return an equation with other indices of windows."""
    lengths = dict(composed(equation))
    guards = [Guard(other[index], lengths[index]) for index in other]
    kept = [replace(g, expression=other.get(g.expression, g.expression)) for g in equation.guards]
    if any(step.routing for step in work.steps):
        kept += equation.guards  # a routing has no other entries
    return replace(
        equation,
        target=equation.target.xreplace(other),
        value=equation.value.xreplace(
            {r: r.base[tuple(other.get(i, i) for i in r.indices)] for r in factors(work, equation)}
        ),
        guards=tuple(dict.fromkeys((*kept, *guards))),
        # in another order, the entries of a routing are looked up one by one
        loops=tuple(reversed(equation.loops)),
    )


def _ignored(
    work: Work, equation: Equation, source: Equation, *, of_taps: bool
) -> Iterable[Equation]:
    """Let windows lie side by side, or their taps: s i + d u - p with s = 1, or with d = 1."""
    positions = source.target.free_symbols
    other = dict[Expr, Expr]()
    for index, _ in [] if is_copy(source) else composed(equation):
        form = affine(index)
        of = {s for s in index.free_symbols if (s in positions) != of_taps}
        if any(int(form.coefficient(s)) > 1 for s in of):
            terms = (s * (1 if s in of else n) for s, n in form.coefficients.items())
            other[index] = Add(form.constant, *terms)
    if other:
        yield placed(work, other, equation)


def _shifted(
    work: Work, equation: Equation, source: Equation, *, before: bool
) -> Iterable[Equation]:
    """Let the first window begin where the input does, or put all padding before the input."""
    found = [] if is_copy(source) else composed(equation)
    padded = {i: n for i, n in found if affine(i).constant < 0}
    if not padded:
        return
    other = dict[Expr, Expr]()
    for index, length in padded.items():
        form = affine(index)
        bounds = form.bounds(equation.sizes)
        assert bounds is not None, "the sizes of a problem are numbers"
        behind = max(0, int(bounds[1]) - length + 1)
        other[index] = index - (behind if before else form.constant)
    yield placed(work, other, equation)
    if before:
        twice = {index: index + affine(index).constant for index in padded}
        yield placed(work, twice, equation)


@dataclass(frozen=True)
class _OneWindow(Sum):
    """The first terms of a sum, or the last ones: those of one window."""

    terms: int = 1
    last: bool = False

    @property
    def kept(self) -> str:
        """What the sum is of."""
        return "the last window" if self.last else "the first window"

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the sum of these terms."""
        return Add(*(terms[-self.terms :] if self.last else terms[: self.terms]))


def _one_window(
    work: Work, equation: Equation, source: Equation, *, last: bool
) -> Iterable[Equation]:
    """Keep what one of the windows gives that overlap in an entry, the first or the last."""
    return one_window(equation, source, last=last) if work.steps else ()


def one_window(equation: Equation, source: Equation, *, last: bool) -> Iterable[Equation]:
    """Keep what one window gives of a derivative, where several overlap in an entry."""
    moving = {s for i in equation.target.indices if not i.is_Symbol for s in i.free_symbols}
    windows = [s for s in long_loops(equation.loops) if s.symbol in moving & _positions(source)]
    if windows and not is_copy(source):
        others = [loop for loop in equation.loops if loop not in windows]
        kept = _OneWindow(terms=int(equation.terms_of_entry), last=last)
        yield replace(equation, loops=(*windows, *others), reduction=kept)


def _positions(source: Equation) -> set[Symbol]:
    positions: set[Symbol] = source.target.free_symbols & window_symbols(source)
    return positions


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "kernel flipped",
        "The kernel was read in the wrong direction: backwards instead of forwards, or the other "
        "way round.",
        each(_flipped),
    )
    yield Mistake(
        "stride ignored",
        "The window was moved by one entry at a time. It moves by the stride.",
        each(partial(_ignored, of_taps=False)),
    )
    yield Mistake(
        "dilation ignored",
        "Adjacent entries were used for the window. Its entries are as far apart as the dilation "
        "says.",
        each(partial(_ignored, of_taps=True)),
    )
    yield Mistake(
        "padding ignored",
        "The first window was placed at the first entry. With padding, it begins before it.",
        each(partial(_shifted, before=False)),
    )
    yield Mistake(
        "padding on one side",
        "All zeros of the padding were placed before the first entry. They belong on both sides.",
        each(partial(_shifted, before=True)),
    )
    yield Mistake(
        "windows overwritten",
        "Where windows overlap, the last one overwrote the contributions of the others. The "
        "contributions of all windows must be added.",
        each(partial(_one_window, last=True)),
    )
    yield Mistake(
        "one window kept",
        "Where windows overlap, only the first one was used. The contributions of all windows must "
        "be added.",
        each(partial(_one_window, last=False)),
    )
