"""Mistakes with maxima: who receives the error signal, and what is taken in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sympy import Expr, Integer, S

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work, by_step
from symcnn.derivation import Step
from symcnn.equations import SUM, Equation, Max, is_maximum


def _to_all(step: Step, *, share: bool) -> Expr | None:
    """Give every entry of a window the whole error signal, or an equal share of it."""
    if step.routing is None:
        return None
    number = 1 / Integer(int(step.source.terms_of_entry)) if share else S.One
    return step.equation.value.xreplace({step.routing.entry: number})


def _of_another(work: Work) -> Ways:
    """Take the winners of one index, such as a channel, for all values of that index."""
    for step in work.steps:
        for loop in step.source.loops if step.routing else ():
            if loop.size > 1 and loop not in step.source.reduced:
                for number in range(int(loop.size)):
                    at: dict[Expr, Expr] = {loop.symbol: Integer(number)}
                    yield [_with_winners_at(other, at) for other in work.steps]


def _with_winners_at(step: Step, at: dict[Expr, Expr]) -> Equation:
    if step.routing is None:
        return step.equation
    entry, guards = step.routing.entry, step.equation.guards
    moved = entry.base[tuple(index.xreplace(at) for index in entry.indices)]
    there = (replace(guard, expression=guard.expression.xreplace(at)) for guard in guards)
    return replace(
        step.equation,
        value=step.equation.value.xreplace({entry: moved}),
        guards=tuple(dict.fromkeys((*guards, *there))),  # what lies outside never wins
    )


def _mean_for_maximum(work: Work) -> Ways:
    if not work.steps and any(map(is_maximum, work.equations)):
        yield [_averaged(equation) for equation in work.equations]


def _averaged(equation: Equation) -> Equation:
    if not isinstance(equation.reduction, Max):
        return equation
    return replace(equation, value=equation.value / equation.terms_of_entry, reduction=SUM)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "error signal passed to all",
        "The error signal was passed to every entry of the window. Only the largest entry "
        "receives it.",
        by_step(partial(_to_all, share=False)),
    )
    yield Mistake(
        "error signal shared",
        "The error signal was divided equally among the entries of the window, as for a mean. The "
        "largest entry receives all of it.",
        by_step(partial(_to_all, share=True)),
    )
    yield Mistake(
        "winners taken from another channel",
        "The winners of one channel, or of one position, were used for the others, too. Each "
        "window has its own maximum.",
        _of_another,
        is_single=True,
    )
    yield Mistake(
        "mean instead of maximum",
        "The mean of the window was taken instead of its largest entry.",
        _mean_for_maximum,
    )
