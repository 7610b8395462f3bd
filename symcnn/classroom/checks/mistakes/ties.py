"""Mistakes with ties and borders: who is the largest of equals, and on which side 0 lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from sympy import Expr, GreaterThan, LessThan, S, StrictGreaterThan, StrictLessThan

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work, by_step, with_values
from symcnn.derivation import Step
from symcnn.equations.functions import Iverson

_WITH_BORDER = {StrictGreaterThan: GreaterThan, StrictLessThan: LessThan}
_WITHOUT_BORDER = {other: one for one, other in _WITH_BORDER.items()}
_OPPOSITE = {
    StrictGreaterThan: LessThan,
    GreaterThan: StrictLessThan,
    StrictLessThan: GreaterThan,
    LessThan: StrictGreaterThan,
}


def _by_comparison(step: Step) -> Expr | None:
    """Let each entry receive the error signal that equals the maximum."""
    if step.routing is None:
        return None
    equal = Iverson(GreaterThan(step.source.value, step.source.target, evaluate=False))
    return step.equation.value.xreplace({step.routing.entry: equal})


def _brackets(change: Callable[[Expr], Expr], work: Work) -> Ways:
    """Replace the comparisons of brackets."""
    values = [e.value for e in work.equations]
    found = [
        v.xreplace({b: Iverson(*map(change, b.args)) for b in v.atoms(Iverson)}) for v in values
    ]
    return with_values(work, found) if found != values else ()


def _other_place(work: Work) -> Ways:
    """Compare with another number, 1 or -1 away."""
    return chain(*(_brackets(partial(_moved, step), work) for step in (S.One, S.NegativeOne)))


def _moved(step: Expr, condition: Expr) -> Expr:
    if not condition.rhs.is_number:
        return condition
    return type(condition)(condition.lhs, condition.rhs + step)


def _other(other: dict[type, type], condition: Expr) -> Expr:
    made = other.get(type(condition))
    return condition if made is None else made(*condition.args)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "error signal passed to all that are equal",
        "Where several entries of a window are equal to its maximum, each of them received the "
        "whole error signal, as with the mask x == max. Only the first receives it.",
        by_step(_by_comparison),
    )
    yield Mistake(
        "border included",
        "At the border itself, such as 0, the error signal was passed on. It must be stopped "
        "there.",
        partial(_brackets, partial(_other, _WITH_BORDER)),
    )
    yield Mistake(
        "border left out",
        "At the border itself, such as 0, the error signal was stopped. It must be passed on "
        "there.",
        partial(_brackets, partial(_other, _WITHOUT_BORDER)),
    )
    yield Mistake(
        "border at another number",
        "The error signal was stopped at another number than it must be, such as 1 in place of 0.",
        _other_place,
    )
    yield Mistake(
        "condition reversed",
        "The error signal was passed on where it must be stopped, and stopped where it must be "
        "passed on.",
        partial(_brackets, partial(_other, _OPPOSITE)),
    )
