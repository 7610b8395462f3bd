"""Mistakes with statistics: what depends on the input is treated as a constant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from sympy import Integer

from symcnn.classroom.checks.mistakes.changes import each
from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work
from symcnn.derivation import Step
from symcnn.equations import Equation, LogSumExp, Mean


def _is_mean(step: Step) -> bool:
    return isinstance(step.source.reduction, Mean) and step.source.value.is_Indexed


def _is_variance(step: Step) -> bool:
    return isinstance(step.source.reduction, Mean) and not step.source.value.is_Indexed


def _is_statistic(step: Step) -> bool:
    return isinstance(step.source.reduction, Mean)


def _is_normaliser(step: Step) -> bool:
    return isinstance(step.source.reduction, LogSumExp)


def _constant(of: Callable[[Step], bool]) -> Callable[[Work], Ways]:
    """Leave out the paths that lead through some statistics."""

    def ways(work: Work) -> Ways:
        kept = [step.equation for step in work.steps if not of(step)]
        if 0 < len(kept) < len(work.steps):
            yield kept

    return ways


def _less_one(equation: Equation, source: Equation) -> Iterable[Equation]:
    """Differentiate a variance that is divided by n - 1."""
    count = Integer(int(source.terms_of_entry))
    is_statistic = isinstance(source.reduction, Mean) and not source.value.is_Indexed
    if is_statistic and source is not equation and count > 1:
        yield replace(equation, value=equation.value * count / (count - 1))


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "mean treated as a constant",
        "The mean was treated as a constant. It depends on the input too, so the derivative has a "
        "part through it.",
        _constant(_is_mean),
    )
    yield Mistake(
        "variance treated as a constant",
        "The variance was treated as a constant. It depends on the input too, so the derivative "
        "has a part through it.",
        _constant(_is_variance),
    )
    yield Mistake(
        "statistics treated as constants",
        "Mean and variance were treated as constants, as in inference. In training they depend on "
        "the input too.",
        _constant(_is_statistic),
    )
    yield Mistake(
        "normaliser treated as a constant",
        "The sum that everything is divided by was treated as a constant. It depends on all "
        "entries, so the derivative has a part through it.",
        _constant(_is_normaliser),
    )
    yield Mistake(
        "derivative of the variance with n - 1",
        "In the derivative of the variance, n - 1 was used instead of n.",
        each(_less_one),
    )
