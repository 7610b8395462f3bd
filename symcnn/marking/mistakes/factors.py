"""Mistakes by a factor: a sign, 2 or 1/2, a mean in place of a sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr, Integer, Rational, S

from symcnn.equations import Sum
from symcnn.marking.mistakes.mistake import Mistake, Ways, Work


def _times(factor: Expr) -> Callable[[Work], Ways]:
    def ways(work: Work) -> Ways:
        if all(isinstance(e.reduction, Sum) for e in work.equations):
            yield [replace(e, value=factor * e.value) for e in work.equations]

    return ways


def _mean_for_sum(work: Work) -> Ways:
    """Divide the sum by the number of its terms."""
    counts = [e.terms_of_entry for e in work.equations if isinstance(e.reduction, Sum)]
    if len(counts) == len(work.equations) and max(counts, default=1) > 1:
        pairs = zip(work.equations, counts, strict=True)
        yield [replace(e, value=e.value / Integer(count)) for e, count in pairs]


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake("sign", "The sign is the opposite one.", _times(S.NegativeOne))
    yield Mistake("factor 2", "The number is twice as large as it should be.", _times(Integer(2)))
    yield Mistake(
        "factor 1/2", "The number is half as large as it should be.", _times(Rational(1, 2))
    )
    yield Mistake("mean for sum", "The sum was divided by the number of its terms.", _mean_for_sum)
