"""Mistakes with derivatives: a slope that is missing or taken elsewhere, and routings of maxima."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Integer, S

from symcnn.derivation import Step
from symcnn.derivation.adjoint import partial_by
from symcnn.equations import SUM, Equation, Max, Mean, is_maximum
from symcnn.marking.mistakes.mistake import Mistake, Ways, Work


def _changed(work: Work, values: Sequence[Expr | None]) -> Ways:
    """Return the equations with other values; those that have none stay."""
    if any(value is not None for value in values):
        pairs = zip(work.equations, values, strict=True)
        yield [e if value is None else replace(e, value=value) for e, value in pairs]


def _without_slope(work: Work) -> Ways:
    """Pass the error signal on without the derivative of the function."""
    yield from _changed(work, [_passed_on(step) for step in work.steps])


def _passed_on(step: Step) -> Expr | None:
    is_function = step.local != 1 and step.source.value.is_Function and step.routing is None
    return step.upstream if is_function else None


def _at_the_output(work: Work) -> Ways:
    """Take the derivative of the function at its output in place of its input."""
    yield from _changed(work, [_slope_at_output(step) for step in work.steps])


def _slope_at_output(step: Step) -> Expr | None:
    if _passed_on(step) is None:
        return None
    slope = partial_by(step.source.value, step.access)
    return step.upstream * slope.xreplace({step.access: step.source.target})


def _to_all(work: Work) -> Ways:
    """Give every entry of a window the whole error signal."""
    yield from _changed(work, [_routed(step, share=False) for step in work.steps])


def _shared(work: Work) -> Ways:
    """Give every entry of a window an equal share of the error signal."""
    yield from _changed(work, [_routed(step, share=True) for step in work.steps])


def _routed(step: Step, *, share: bool) -> Expr | None:
    if step.routing is None:
        return None
    number = 1 / Integer(step.source.terms_of_entry) if share else S.One
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
    """Take the mean of a window."""
    if not work.steps and any(map(is_maximum, work.equations)):
        yield [_averaged(equation) for equation in work.equations]


def _averaged(equation: Equation) -> Equation:
    if not isinstance(equation.reduction, Max):
        return equation
    return replace(equation, value=equation.value / equation.terms_of_entry, reduction=SUM)


def _sum_for_mean(work: Work) -> Ways:
    """Leave out the division by the number of terms."""
    if any(isinstance(e.reduction, Mean) for e in work.equations):
        yield [replace(e, reduction=SUM) for e in work.equations]


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "slope forgotten",
        "The error signal was passed on as it is. It is multiplied by the derivative of the "
        "function.",
        _without_slope,
    )
    yield Mistake(
        "slope at the output",
        "The derivative of the function was taken at its output. It is taken at its input.",
        _at_the_output,
    )
    yield Mistake(
        "signal to all",
        "Every entry of the window was given the error signal. Only the largest receives it.",
        _to_all,
    )
    yield Mistake(
        "signal shared",
        "The entries of the window were given equal shares of the error signal, as for a mean. The "
        "largest receives all of it.",
        _shared,
    )
    yield Mistake(
        "winners of another channel",
        "The winners of one channel, or of one position, were used for the others too. Every "
        "window has a winner of its own.",
        _of_another,
    )
    yield Mistake(
        "mean for maximum",
        "The mean of the window was taken in place of its largest entry.",
        _mean_for_maximum,
    )
    yield Mistake(
        "sum for mean",
        "The sum was not divided by the number of its terms.",
        _sum_for_mean,
    )
