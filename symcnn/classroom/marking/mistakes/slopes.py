"""Mistakes with the derivative of a function: it is missing, or taken elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sympy import Expr

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work
from symcnn.derivation import Step
from symcnn.derivation.adjoint import partial_by
from symcnn.equations import accesses


def _each(value: Callable[[Step], Expr | None]) -> Callable[[Work], Ways]:
    """Return the equations with other values; those that have none stay."""

    def ways(work: Work) -> Ways:
        values: Sequence[Expr | None] = [value(step) for step in work.steps]
        if any(other is not None for other in values):
            pairs = zip(work.equations, values, strict=True)
            yield [e if other is None else replace(e, value=other) for e, other in pairs]

    return ways


def _is_function(step: Step) -> bool:
    """Tell whether a forward equation applies a function to one entry, and is not linear."""
    alone = accesses(step.source.value) == (step.access,)
    return alone and step.routing is None and not step.local.is_number and step.upstream != 1


def _passed_on(step: Step) -> Expr | None:
    """Pass the error signal on without the derivative of the function."""
    return step.upstream if _is_function(step) else None


def _at_the_output(step: Step) -> Expr | None:
    """Take the derivative of the function at its output in place of its input."""
    if not _is_function(step):
        return None
    slope = partial_by(step.source.value, step.access)
    return step.upstream * slope.xreplace({step.access: step.source.target})


def _at_the_input(step: Step) -> Expr | None:
    """Put the input into a derivative that is written in terms of the output."""
    if not _is_function(step) or not step.local.has(step.source.target):
        return None
    return step.upstream * step.local.xreplace({step.source.target: step.access})


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "slope forgotten",
        "The error signal was passed on unchanged. It must be multiplied by the derivative of the "
        "function.",
        _each(_passed_on),
    )
    yield Mistake(
        "slope at the output",
        "The derivative of the function was evaluated at the output. It should be evaluated at the "
        "input.",
        _each(_at_the_output),
    )
    yield Mistake(
        "output's formula at the input",
        "The input was put into a formula for the derivative that is stated in terms of the "
        "output, such as $a (1 - a)$ for a sigmoid $a$.",
        _each(_at_the_input),
    )
