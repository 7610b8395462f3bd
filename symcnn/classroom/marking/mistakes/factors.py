"""Mistakes by a factor: a sign, 2 or 1/2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr, Integer, Rational, S

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work
from symcnn.equations import Mean, Sum


def times(work: Work, factor: Expr) -> Ways:
    """Multiply a sum or a mean by a factor."""
    if all(isinstance(e.reduction, Sum | Mean) for e in work.equations):
        yield [replace(e, value=factor * e.value) for e in work.equations]


def begins(work: Work) -> bool:
    """Tell whether a derivative is that of the loss itself, and not passed on."""
    return bool(work.steps) and all(step.upstream.is_number for step in work.steps)


def _unless(left_out: Callable[[Work], bool], factor: Expr) -> Callable[[Work], Ways]:
    return lambda work: () if left_out(work) else times(work, factor)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "wrong sign of the loss's derivative",
        "The derivative of the loss has the wrong sign, as if the output and the target had been "
        "exchanged in it.",
        lambda work: times(work, S.NegativeOne) if begins(work) else (),
        same_as="wrong sign",
    )
    yield Mistake(
        "wrong sign", "The sign should be the opposite one.", _unless(begins, S.NegativeOne)
    )
    yield Mistake(
        "factor 2 too many",
        "There is one factor 2 too many: the number is twice as large as it should be.",
        lambda work: times(work, Integer(2)),
    )
    yield Mistake(
        "factor 2 missing",
        "A factor 2 is missing: the number is half as large as it should be.",
        lambda work: times(work, Rational(1, 2)),
    )
