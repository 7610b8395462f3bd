"""Entries that only copy others, as after a flattening: one figure is for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sympy import Expr

from symcnn.problems import Problem


def copied(problem: Problem, entry: Expr) -> Iterator[Expr]:
    """Run over an entry, and over those that it is a copy of, one of the other."""
    entries = problem.derivation.entries
    found: Expr | None = entry
    while found is not None and found.is_Symbol:
        yield found
        found = entries.formula(found) if entries.where(found) else None
    if not entry.is_Symbol:
        yield entry


def with_copies(
    problem: Problem, numbers: Mapping[Expr, int], boxes: Iterable[Expr]
) -> dict[Expr, int]:
    """Return the numbers of figures by what they are of, and by copies of that."""
    found = dict(numbers)
    for entry, number in numbers.items():
        for original in copied(problem, entry):
            found.setdefault(original, number)
    for entry in boxes:
        for original in copied(problem, entry):
            if original in found:
                found.setdefault(entry, found[original])
    return found
