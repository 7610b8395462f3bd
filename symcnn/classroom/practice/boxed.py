"""Which figures have boxes: those that a box is for, and those that these only copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from symcnn.classroom.filled_in.copies import copied
from symcnn.classroom.marking.asked import AFTER_A_STEP, expression_of
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.problems import Problem


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
        """Run over an entry, and over those that it is a copy of."""
        return copied(self.problem, entry)

    def of(self, quantity: str) -> Iterator[Expr]:
        """Run over what the figures of a quantity are of."""
        if quantity == AFTER_A_STEP:
            yield AFTER_THE_STEP
            return
        positions: Iterable[tuple[int, ...]] = self.problem.quantities.shape(quantity).positions()
        yield from (expression_of(self.problem, quantity, at) for at in positions)
