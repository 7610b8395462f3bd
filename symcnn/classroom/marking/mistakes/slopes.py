"""Mistakes with the derivative of a function: it is missing, or taken elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symcnn.classroom.marking.mistakes.mistake import Mistake, by_step
from symcnn.derivation import Step
from symcnn.derivation.adjoint import partial_by
from symcnn.equations import accesses


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
        by_step(_passed_on),
    )
    yield Mistake(
        "slope at the output",
        "The derivative of the function was evaluated at the output. It should be evaluated at the "
        "input.",
        by_step(_at_the_output),
    )
    yield Mistake(
        "output's formula at the input",
        "The input was put into a formula for the derivative that is stated in terms of the "
        "output, such as $a (1 - a)$ for a sigmoid $a$.",
        by_step(_at_the_input),
    )
