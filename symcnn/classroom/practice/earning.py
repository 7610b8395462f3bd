"""Which figures of a student's version have boxes or copy those that do, and what they earn.

They are those of ``symcnn mark``: sheets, pages for practice and markings have one total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sympy import Expr

from symcnn.classroom.marking.asked import AFTER_A_STEP, expression_of, order_of, scheme
from symcnn.classroom.marking.quantity_letters import letter_of
from symcnn.classroom.practice.boxes import asked_for
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.blocks import Block
from symcnn.document.rows.gaps import gaps
from symcnn.document.rows.points import Listed, Points
from symcnn.document.traversal import flat
from symcnn.errors import SymcnnError
from symcnn.problems import Problem, Worth


@dataclass(frozen=True, eq=False)
class Boxed:
    """The boxes of a problem's student's version."""

    problem: Problem
    boxes: Sequence[Expr]

    @cached_property
    def entries(self) -> set[Expr]:
        """What boxes are for, with what is copied there."""
        return {original for entry in self.boxes for original in self.copied(entry)}

    def has(self, entry: Expr) -> bool:
        """Tell whether an entry has a box, or copies what has."""
        return bool(self.entries & {*self.copied(entry)})

    def copied(self, entry: Expr) -> Iterator[Expr]:
        """Run over an entry, and over those that it is a copy of, one of the other."""
        entries = self.problem.derivation.entries
        found: Expr | None = entry
        while found is not None and found.is_Symbol:
            yield found
            found = entries.formula(found) if entries.where(found) else None
        if not entry.is_Symbol:
            yield entry

    def with_copies(self, numbers: Mapping[Expr, int]) -> dict[Expr, int]:
        """Return the numbers of figures by what they are of, and by copies of that."""
        found = dict(numbers)
        for entry, number in numbers.items():
            for original in self.copied(entry):
                found.setdefault(original, number)
        for entry in self.boxes:
            for original in self.copied(entry):
                if original in found:
                    found.setdefault(entry, found[original])
        return found

    def of(self, quantity: str) -> Iterator[Expr]:
        """Run over what the figures of a quantity are of."""
        if quantity == AFTER_A_STEP:
            yield AFTER_THE_STEP
            return
        positions: Iterable[tuple[int, ...]] = self.problem.quantities.shape(quantity).positions()
        yield from (expression_of(self.problem, quantity, at) for at in positions)


def asking(
    problem: Problem,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
) -> Problem:
    """Return a problem that asks for some quantities, and gives points for them.

    Args:
        problem: The problem.
        quantities: The names of those that earn points; by default as it states.
        points: The points of quantities, besides those that it states.

    Raises:
        SymcnnError: If a quantity is unknown, or points are not non-negative numbers.
    """
    if not quantities and not points:
        return problem
    chosen = scheme(problem, quantities or None, points)
    return replace(problem, worth=Worth(chosen.quantities, dict(chosen.points), chosen.carried))


def earned(problem: Problem, student: Iterable[Block]) -> Points:
    """Return the points of a student's version.

    Raises:
        TooLargeError: If more figures are asked for than can be marked.
    """
    every = [*flat(student)]
    boxed, chosen = Boxed(problem, tuple(asked_for(every))), scheme(problem)
    found, earning = list[Listed](), set[Any]()
    for name in sorted(chosen.quantities, key=order_of(problem)):
        entries = [*boxed.of(name)]
        own = [entry for entry in entries if boxed.has(entry)]
        points = len(own) * chosen.of_figure(name, len(entries))
        if points:
            found.append(Listed(name, _letter(problem, name), len(own), points))
            earning |= {original for entry in own for original in boxed.copied(entry)}
    counted = sum(bool(earning & {*boxed.copied(box)}) for box in boxed.boxes)
    total = sum(listed.points for listed in found)
    listed = () if problem.worth.is_usual else tuple(found)
    return Points(total, listed, counted < sum(map(gaps, every)))


def without_boxes(problem: Problem, student: Iterable[Block]) -> list[str]:
    """Return the quantities that earn points, and of which not all figures have boxes."""
    boxed, chosen = Boxed(problem, tuple(asked_for(flat(student)))), scheme(problem)
    return [
        name
        for name in sorted(chosen.quantities, key=order_of(problem))
        if chosen.of_figure(name, 1) and not all(map(boxed.has, boxed.of(name)))
    ]


def _letter(problem: Problem, name: str) -> Any:
    try:
        return letter_of(problem, name)
    except (KeyError, SymcnnError):  # a routing, and what is reached after some steps, have none
        return None
