"""Mistakes with windows: a flipped kernel, a broadcast product, positions that are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol

from symcnn.equations import Equation, Loop, accesses
from symcnn.marking.mistakes.mistake import Mistake, Ways, Work
from symcnn.notation import index, spare_letters


def _window_loops(equation: Equation, read: Indexed) -> list[Loop]:
    """Return the loops of a kernel: bare indices of a factor that move a window elsewhere."""
    others = (equation.target, *(r for r in accesses(equation.value) if r != read))
    composed = [i for other in others for i in other.indices if not i.is_Symbol]
    moving = {symbol for i in composed for symbol in i.free_symbols} & {*read.indices}
    return [loop for loop in equation.loops if loop.symbol in moving]


def _flipped(work: Work) -> Ways:
    """Read every kernel backwards; the routing of a maximum is none."""
    routings = {step.routing.tensor.base for step in work.steps if step.routing is not None}
    yield [_with_flipped_kernel(equation, routings) for equation in work.equations]


def _with_flipped_kernel(equation: Equation, routings: set[IndexedBase]) -> Equation:
    moved: dict[Expr, Expr] = {}
    for read in (read for read in accesses(equation.value) if read.base not in routings):
        loops = [loop for loop in _window_loops(equation, read) if loop.size > 1]
        if loops:
            back: dict[Expr, Expr] = {s.symbol: Integer(s.size - 1) - s.symbol for s in loops}
            moved[read] = read.base[tuple(i.xreplace(back) for i in read.indices)]
            break  # flipping both factors changes nothing
    return replace(equation, value=equation.value.xreplace(moved))


def _broadcast(work: Work) -> Ways:
    """Sum each factor by itself, and multiply the sums: (w1 + w2)(x1 + x2)."""
    yield [_with_separate_sums(equation) for equation in work.equations]


def _with_separate_sums(equation: Equation) -> Equation:
    reads, reduced = accesses(equation.value), equation.reduced
    for read in reads:
        own = [loop for loop in reduced if loop.symbol in read.free_symbols and loop.size > 1]
        others = {symbol for other in reads if other != read for symbol in other.free_symbols}
        shared = [loop for loop in own if loop.symbol in others]
        if shared:
            fresh = _fresh(equation, shared)
            moved = read.base[tuple(i.xreplace(fresh) for i in read.indices)]
            more = tuple(Loop(fresh[loop.symbol], loop.size) for loop in shared)
            value = equation.value.xreplace({read: moved})
            return replace(equation, value=value, loops=(*equation.loops, *more))
    return equation


def _fresh(equation: Equation, loops: list[Loop]) -> dict[Expr, Symbol]:
    letters = spare_letters({loop.symbol.name for loop in equation.loops})
    return {loop.symbol: index(next(letters)) for loop in loops}


def _one_position(work: Work) -> Ways:
    """Take the first position alone, or the last, in place of the sum over all of them."""
    for last in (False, True):
        yield [_with_one_position(equation, last) for equation in work.equations]


def _with_one_position(equation: Equation, last: bool) -> Equation:
    reduced = [loop for loop in equation.reduced if loop.size > 1]
    at: dict[Expr, Expr] = {s.symbol: Integer(s.size - 1 if last else 0) for s in reduced}
    return replace(
        equation,
        value=equation.value.xreplace(at),
        loops=tuple(loop for loop in equation.loops if loop not in reduced),
        guards=tuple(replace(g, expression=g.expression.xreplace(at)) for g in equation.guards),
    )


def _without_bias(work: Work) -> Ways:
    """Leave out the terms that are added by themselves."""
    kept = [equation for equation in work.equations if not equation.value.is_Indexed]
    if 0 < len(kept) < len(work.equations):
        yield kept


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "kernel flipped",
        "The kernel was read in the wrong direction: backwards where it is read forwards, or the "
        "other way round.",
        _flipped,
    )
    yield Mistake(
        "broadcast product",
        "The entries and the weights were summed separately, and the sums multiplied, as in "
        "$(w_1 + w_2)(x_1 + x_2)$. Each entry belongs with one weight: $w_1 x_1 + w_2 x_2$.",
        _broadcast,
    )
    yield Mistake(
        "positions not summed",
        "One position alone was taken. The weight is used at every position, so the products of "
        "all of them are summed.",
        _one_position,
    )
    yield Mistake("bias forgotten", "The bias was not added.", _without_bias)
