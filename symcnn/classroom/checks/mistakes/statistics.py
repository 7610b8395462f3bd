"""Mistakes with statistics: they are treated as constants, or are running ones in training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product

from sympy import Expr, Indexed, Integer, Rational, S

from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Ways,
    Work,
    each,
    is_over_samples,
)
from symcnn.derivation import Step
from symcnn.equations import Equation, LogSumExp, Mean, accesses


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


def _less_one(_: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Differentiate a variance that is divided by n - 1."""
    count = Integer(int(source.terms_of_entry))
    is_statistic = isinstance(source.reduction, Mean) and not source.value.is_Indexed
    if is_statistic and source is not equation and count > 1:
        yield replace(equation, value=equation.value * count / (count - 1))


_SHARES = tuple(map(Rational, ("0.1", "0.9", "0.01", "0.99", "0.001", "0.999", "0.5", "0")))
"""Which part of a running statistic is of this batch, after one step with usual momentum."""

_BEGUN = (S.One, S.Zero)
"""What a running variance begins at; a running mean begins at 0."""


def _running(work: Work) -> Ways:
    """Use r m + (1 - r) m_0 for a statistic of the batch, and leave out the paths through it."""
    kept = [step.equation for step in work.steps if not _is_statistic(step)] or [*work.equations]
    is_derivative = bool(work.steps) and not any(step.of.role == "input" for step in work.steps)
    found = {read: source for e in kept for read, source in _of_the_batch(work, e)}
    if is_derivative or not found or any(isinstance(e.reduction, Mean) for e in work.equations):
        return
    for share, begun, unbiased in product(_SHARES, _BEGUN, (False, True)):
        swap = dict[Expr, Expr]()
        for read, source in found.items():
            count = int(source.terms_of_entry)
            is_mean, scale = source.value.is_Indexed, Rational(count, count - 1 or 1)
            first = S.Zero if is_mean else begun
            now = read * (scale if unbiased and not is_mean else S.One)
            swap[read] = share * now + (1 - share) * first
        yield [replace(equation, value=equation.value.xreplace(swap)) for equation in kept]


def _of_the_batch(work: Work, equation: Equation) -> Iterator[tuple[Indexed, Equation]]:
    """Run over the means over all samples that an equation reads, and how they are computed."""
    for read in accesses(equation.value):
        sources = work.formulas.equations(work.of(read))
        means = [e for e in sources if isinstance(e.reduction, Mean) and len(sources) == 1]
        yield from ((read, e) for e in means if any(map(is_over_samples, e.reduced)))


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
        "normalised with running statistics",
        "Running statistics, or those that they begin with, were used in place of the mean and the "
        "variance of the batch. In training, the input is normalised with those of the batch.",
        _running,
    )
    yield Mistake(
        "derivative of the variance with n - 1",
        "In the derivative of the variance, n - 1 was used instead of n.",
        each(_less_one),
    )
