"""A figure, marked: the answer, what is right, what follows, and the verdict.

right      the true value rounds to it, or it follows from right figures as they were rounded
follows    wrong, but right from the figures before it, which are not all right
wrong      neither
missing    not given
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy import Expr

from symcnn.classroom.marking.intervals.interval import Interval
from symcnn.classroom.marking.intervals.written import Written
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.naming import Cause

Verdict = Literal["right", "follows", "wrong", "missing"]
VERDICTS: tuple[Verdict, ...] = ("right", "follows", "wrong", "missing")


@dataclass(frozen=True)
class Figure:
    """One figure, marked.

    Attributes:
        quantity: The name of the quantity.
        position: The entry, counted from 0.
        answer: What was written; None if nothing was.
        expected: The true value.
        due: The interval of what follows from the figures before it, if it has a value.
        formula: How it is computed from the stages before it.
        verdict: The verdict.
        causes: What yields it, if it is wrong: mistakes of the catalogue, each with its formula.
    """

    quantity: str
    position: tuple[int, ...]
    answer: Written | None
    expected: Expr
    due: Interval | None
    formula: Expr
    verdict: Verdict
    causes: tuple[Cause, ...] = ()

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes of the catalogue that yield it."""
        return tuple(cause.mistake for cause in self.causes)
