"""Mistakes with exponentials and logarithms."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, S, exp, log

from symcnn.classroom.marking.mistakes.factors import times
from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work, with_values
from symcnn.equations import Equation, LogSumExp, accesses

_BASES = (10, 2)


def _normalisers(work: Work, equation: Equation) -> dict[Expr, Expr]:
    """Return the logarithms of sums of exponentials that an equation reads."""
    reads = accesses(equation.value)
    return {read: S.Zero for read in reads if _is_normaliser(work, read)}


def _is_normaliser(work: Work, read: Expr) -> bool:
    made = work.formulas.equations(work.of(read))
    return any(isinstance(equation.reduction, LogSumExp) for equation in made)


def _unnormalised(work: Work) -> Ways:
    """Leave the division by the sum of the exponentials out."""
    zeros = [_normalisers(work, equation) for equation in work.equations]
    pairs = zip(work.equations, zeros, strict=True)
    return with_values(work, (e.value.xreplace(zero) if zero else None for e, zero in pairs))


def _other_base(work: Work) -> Ways:
    """Take the logarithm to the base 10 or 2."""
    has_logarithm = any(
        e.value.has(log) or (_normalisers(work, e) and not e.value.has(exp)) for e in work.equations
    )
    for base in _BASES if has_logarithm and not work.steps else ():
        yield from times(work, 1 / log(Integer(base)))


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "softmax not normalised",
        "The exponentials were not divided by their sum. A softmax divides each exponential by the "
        "sum of all of them.",
        _unnormalised,
    )
    yield Mistake(
        "logarithm to another base",
        "The logarithm was taken to base 10 or 2. Here it is the natural logarithm.",
        _other_base,
    )
