"""Answers, marked: every figure, and the points that they earn by a scheme.

right      the true value agrees with it at the digits that are asked for, or it follows from right
           figures as they were rounded
follows    wrong, but right from the figures before it, which are not all right
imprecise  right, or following, but with fewer digits than are asked for, or with digits cut off
wrong      none of these
unread     not understood
missing    not given
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, fsum
from typing import Literal

from sympy import Expr

from symcnn.classroom.marking.asked import Scheme
from symcnn.classroom.marking.intervals.interval import Interval
from symcnn.classroom.marking.intervals.written import Unread, Written
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.naming import Cause, Concealed
from symcnn.problems import Problem

_EXACT = 1e-9
"""Sums of shares such as thirds are exact to so much."""


def to_half_points(earned: float, of: float) -> float:
    """Return points, rounded to the nearest half point, the higher one of two.

        score = floor(2 x + 1/2) / 2

    Those of figures are added up exactly, and their sum is rounded once. Nobody who has all points
    loses any: with all of them, or where these are less, the score is what can be earned.

    >>> to_half_points(2.75, 10), to_half_points(2.74, 10), to_half_points(1.3, 1.3)
    (3.0, 2.5, 1.3)
    """
    if of - earned <= _EXACT:
        return of
    return min(floor(2 * earned + 0.5 + _EXACT) / 2, of)


Verdict = Literal["right", "follows", "imprecise", "wrong", "unread", "missing"]
VERDICTS: tuple[Verdict, ...] = ("right", "follows", "imprecise", "wrong", "unread", "missing")


@dataclass(frozen=True)
class Figure:
    """One figure, marked.

    Attributes:
        quantity: The name of the quantity.
        position: The entry, counted from 0.
        answer: What was written; None if nothing was, or nothing that is read.
        expected: The true value.
        due: The interval of what follows from the figures before it, if it has a value.
        formula: How it is computed from the stages before it.
        verdict: The verdict.
        causes: What yields it, if it is wrong: mistakes of the catalogue, each with its formula;
            of an imprecise figure, what is wrong with its digits beside their number.
        is_carried: Whether it agrees with the figures before it alone, which are not all right.
        unread: What was written and not understood.
    """

    quantity: str
    position: tuple[int, ...]
    answer: Written | None
    expected: Expr
    due: Interval | None
    formula: Expr
    verdict: Verdict
    causes: tuple[Cause, ...] = ()
    is_carried: bool = False
    unread: Unread | None = None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes of the catalogue that yield it."""
        return tuple(cause.mistake for cause in self.causes)


@dataclass(frozen=True)
class Marking:
    """Answers to a problem, marked.

    Attributes:
        problem: The problem.
        figures: Every figure that was asked for or given, in the order of computation.
        scheme: What the figures earn.
        concealed: Mistakes that were perhaps made too, in quantities whose figures are wrong.
    """

    problem: Problem
    figures: tuple[Figure, ...]
    scheme: Scheme
    concealed: tuple[Concealed, ...] = ()

    @property
    def score(self) -> float:
        """The points that were earned, rounded to half points."""
        return to_half_points(self.exact_score, self.of)

    @property
    def exact_score(self) -> float:
        """The same, not rounded."""
        return self.earned(self.figures)

    @property
    def of(self) -> float:
        """The points that can be earned."""
        return self.possible(self.figures)

    def earned(self, figures: Iterable[Figure]) -> float:
        """Return the points that some of the figures earned."""
        return fsum(self.share(f) * self._points(f) for f in figures)

    def share(self, figure: Figure) -> float:
        """Return the share of its points that a figure earned."""
        if figure.verdict not in ("right", "follows", "imprecise"):
            return 0.0
        carried = self.scheme.carried if figure.is_carried else 1.0
        return carried * (self.scheme.precision.share if figure.verdict == "imprecise" else 1.0)

    def possible(self, figures: Iterable[Figure]) -> float:
        """Return the points that some of the figures can earn."""
        return fsum(map(self._points, figures))

    @property
    def first_wrong(self) -> Figure | None:
        """The first figure, in the order of computation, that is wrong."""
        return next((f for f in self.figures if f.verdict == "wrong"), None)

    @property
    def trivial(self) -> tuple[Figure, ...]:
        """The figures that are 0, though what they are computed from does not give 0.

        They make everything easy that is computed from them.
        """
        zeros = (f for f in self.figures if f.answer and f.answer.value == 0 and f.expected != 0)
        return tuple(f for f in zeros if f.due is None or not f.due.a <= 0 <= f.due.b)

    @property
    def named(self) -> Mapping[Mistake, Sequence[Figure]]:
        """The mistakes that alone yield figures, and the figures that each of them yields."""
        found = dict[Mistake, list[Figure]]()
        for figure in self.figures:
            if len(figure.mistakes) == 1:
                found.setdefault(figure.mistakes[0], []).append(figure)
        return found

    def count(self, verdict: Verdict) -> int:
        """Return how many figures have a verdict."""
        return sum(f.verdict == verdict for f in self.figures)

    def _points(self, figure: Figure) -> float:
        return self.scheme.of_figure(figure.quantity, self._figures_of[figure.quantity])

    @cached_property
    def _figures_of(self) -> Counter[str]:
        return Counter(figure.quantity for figure in self.figures)

    def __repr__(self) -> str:
        """Give the score."""
        return f"<Marking: {self.score:g} of {self.of:g} points>"
