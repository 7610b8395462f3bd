"""Mistakes with quantities: one is taken for another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Indexed

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work, factors
from symcnn.equations import Equation, Loop, Tensor, entry_at
from symcnn.equations.formulas import is_copy

_FORWARD = ("input", "hidden")


def _another(work: Work) -> Ways:
    """Take another quantity with as many entries for the result, or for one of its factors."""
    if work.is_update:
        return
    of = work.tensor
    for other in _alike(work, of):
        loops = tuple(Loop(symbol, size) for symbol, size in zip(of.indices, of.shape, strict=True))
        yield [Equation(of[of.indices], _entry(other, of, of.indices), loops)]

    def change(_: Work, equation: Equation, __: Equation) -> Iterable[Equation]:
        for read in factors(work, equation):
            for other in _alike(work, work.of(read)):
                entry = _entry(other, work.of(read), read.indices)
                yield replace(equation, value=equation.value.xreplace({read: entry}))

    if not all(map(is_copy, work.equations)):
        yield from work.one_by_one(change)


def _alike(work: Work, of: Tensor) -> list[Tensor]:
    """Return the other quantities that one can be taken for: of its kind, with as many entries."""
    kinds = _FORWARD if of.role in _FORWARD else (of.role,)
    if of.role not in (*_FORWARD, "adjoint"):
        return []
    left_out = {of, work.tensor, *work.formulas.updated.values()}
    return [
        t
        for t in work.formulas.tensors.values()
        if t.role in kinds and t.size == of.size and t not in left_out
    ]


def _entry(other: Tensor, of: Tensor, at: Iterable[Expr]) -> Indexed:
    """Return the entry in the same place, in row-major order."""
    place: Expr = entry_at(tuple(at), of.shape)
    return other.base[(*(0,) * (len(other.shape) - 1), place)]


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "another quantity",
        "Another quantity was used instead of the right one, such as the derivative with respect "
        "to a neighbouring stage.",
        _another,
        is_last_resort=True,
        exchange="Here {taken} was used instead of {right}.",
    )
