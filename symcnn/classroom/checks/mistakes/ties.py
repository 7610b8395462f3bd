"""Mistakes with ties and borders: who is the largest of equals, and on which side 0 lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Expr, GreaterThan, LessThan, S, StrictGreaterThan, StrictLessThan

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work
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


def _to_all_equals(work: Work) -> Ways:
    """Let each entry receive the error signal that equals the maximum."""
    values: Sequence[Expr | None] = [_by_comparison(step) for step in work.steps]
    if any(value is not None for value in values):
        pairs = zip(work.equations, values, strict=True)
        yield [e if value is None else replace(e, value=value) for e, value in pairs]


def _by_comparison(step: Step) -> Expr | None:
    if step.routing is None:
        return None
    equal = Iverson(GreaterThan(step.source.value, step.source.target, evaluate=False))
    return step.equation.value.xreplace({step.routing.entry: equal})


def _brackets(work: Work, other: dict[type, type]) -> Ways:
    """Replace the comparisons of brackets."""
    found = [_compared(equation.value, other) for equation in work.equations]
    if any(value != e.value for value, e in zip(found, work.equations, strict=True)):
        pairs = zip(work.equations, found, strict=True)
        yield [replace(equation, value=value) for equation, value in pairs]


def _other_place(work: Work) -> Ways:
    """Compare with another number, 1 or -1 away."""
    for step in (S.One, S.NegativeOne):
        found = [_moved(equation.value, step) for equation in work.equations]
        if any(value != e.value for value, e in zip(found, work.equations, strict=True)):
            pairs = zip(work.equations, found, strict=True)
            yield [replace(equation, value=value) for equation, value in pairs]


def _moved(value: Expr, step: Expr) -> Expr:
    """Return a value whose brackets compare with a number that is so much larger."""
    pairs = (
        (b, [type(c)(c.lhs, c.rhs + step) if c.rhs.is_number else c for c in b.args])
        for b in value.atoms(Iverson)
    )
    return value.xreplace({bracket: Iverson(*conditions) for bracket, conditions in pairs})


def _compared(value: Expr, other: dict[type, type]) -> Expr:
    brackets = value.atoms(Iverson)
    return value.xreplace({b: Iverson(*(_other(c, other) for c in b.args)) for b in brackets})


def _other(condition: Expr, other: dict[type, type]) -> Expr:
    made = other.get(type(condition))
    return condition if made is None else made(*condition.args)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "error signal passed to all that are equal",
        "Where several entries of a window are equal to its maximum, each of them received the "
        "whole error signal, as with the mask x == max. Only the first receives it.",
        _to_all_equals,
    )
    yield Mistake(
        "border included",
        "At the border itself, such as 0, the error signal was passed on. It must be stopped "
        "there.",
        lambda work: _brackets(work, _WITH_BORDER),
    )
    yield Mistake(
        "border left out",
        "At the border itself, such as 0, the error signal was stopped. It must be passed on "
        "there.",
        lambda work: _brackets(work, _WITHOUT_BORDER),
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
        lambda work: _brackets(work, _OPPOSITE),
    )
