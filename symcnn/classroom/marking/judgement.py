"""The verdict on one figure, from the true value and from what the figures before it lead to.

    repeats a given number    right only if the true value agrees with it, to its own last digit
                              too, or what follows, whatever the figures stand for if none is short
    has all digits            right if the true value agrees, or a number that follows from right
                              figures, whatever they stand for
    is short                  right if the true value agrees, or the number that follows from right
                              figures exactly as they are written; else imprecise, if the true
                              value rounds to it, or a number that follows: from short figures,
                              exactly as they are written
    is truncated              imprecise, or as good

What follows from figures that are not all right "follows"; a short figure that follows from an
imprecise one is imprecise itself, with an error carried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Expr

from symcnn.classroom.marking.digits import TRUNCATED
from symcnn.classroom.marking.follow import AsWritten, Carried, agrees, given_in, rounds_to
from symcnn.classroom.marking.intervals.arithmetic import number
from symcnn.classroom.marking.intervals.interval import Interval
from symcnn.classroom.marking.intervals.written import Written
from symcnn.classroom.marking.marking import Verdict
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.precision import Precision


class Judgement(NamedTuple):
    """A verdict.

    Attributes:
        verdict: The verdict.
        is_carried: Whether the figure agrees with the figures before it alone, not all right.
        mistake: What is wrong with its digits, if that is known.
    """

    verdict: Verdict
    is_carried: bool = False
    mistake: Mistake | None = None


_RIGHT, _WRONG = Judgement("right"), Judgement("wrong")
_FOLLOWS = Judgement("follows", is_carried=True)


@dataclass(frozen=True, eq=False)
class Judge:
    """Gives verdicts on the figures of one sheet.

    Attributes:
        precision: How near figures have to be.
        carried: What follows from the figures.
        as_written: What follows from them exactly as they are written.
        verdicts: Gives the verdicts on the figures that a formula depends on.
    """

    precision: Precision
    carried: Carried
    as_written: AsWritten
    verdicts: Callable[[Expr], Collection[Verdict]]

    def judgement(self, written: Written, expected: Expr, formula: Expr) -> Judgement:
        """Return the verdict on a figure that has a true value and a formula."""
        if self.precision.digits is None:
            return self._by_own_digits(written, expected, formula)
        true, formula = number(expected), self.carried.original(formula)
        if given_in(self.carried.formulas, formula, written):
            return self._repeated(written, true, formula)
        if self.precision.agrees(true, written) or self._is_cut(written, true, accepted=True):
            return _RIGHT
        if self._follows(written, formula):
            return self._carried_on(written, true, formula)
        return self._imprecise(written, true, formula)

    def _by_own_digits(self, written: Written, expected: Expr, formula: Expr) -> Judgement:
        if rounds_to(expected, written):
            return _RIGHT
        if not agrees(self.carried.due(formula), written):
            return _WRONG
        return _RIGHT if self._are_right(formula) else _FOLLOWS

    def _repeated(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        if self.precision.repeats(true, written):
            return _RIGHT
        follows = self.precision.repeats(self.as_written.due(formula), written)
        if not follows and not self.precision.is_short(written):
            stands = self.precision.may_stand_for(self.carried.due(formula), written)
            follows = stands and not self._has_short_sources(formula)
        found = self._carried_on(written, true, formula) if follows else _WRONG
        return found if found.verdict in ("right", "follows") else _WRONG

    def _has_short_sources(self, formula: Expr) -> bool:
        """Tell whether a figure that a formula depends on has too few digits."""
        sources = (self.carried.figures[symbol] for symbol in self.carried.sources(formula))
        return any(map(self.precision.is_short, sources))

    def _follows(self, written: Written, formula: Expr) -> bool:
        if self.precision.agrees(self.as_written.due(formula), written):
            return True
        due = self.carried.due(formula)
        if self.precision.is_short(written):
            return False
        agreeing = self.precision.may_stand_for(due, written)
        return agreeing or self._is_cut(written, due, accepted=True)

    def _is_cut(self, written: Written, numbers: Interval | None, *, accepted: bool) -> bool:
        """Tell whether a figure has all digits, the others cut off, where that is accepted."""
        if accepted != self.precision.accepts_truncation or self.precision.is_short(written):
            return False
        return self.precision.is_truncated(numbers, written)

    def _imprecise(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        is_short = self.precision.is_short(written)
        for numbers, is_true in ((true, True), (self._due(written, formula), False)):
            carried = not is_true and not self._are_right(formula)
            if is_short and self.precision.rounds_short(numbers, written):
                return Judgement("imprecise", carried)
            if self._is_cut(written, numbers, accepted=False):
                return Judgement("imprecise", carried, TRUNCATED)
        return _WRONG

    def _due(self, written: Written, formula: Expr) -> Interval | None:
        """Return what follows; from short figures, a short one has to follow exactly."""
        exactly = self.precision.is_short(written) and self._has_short_sources(formula)
        return (self.as_written if exactly else self.carried).due(formula)

    def _carried_on(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        """Return the verdict on what follows; what is short from imprecise figures is imprecise."""
        if self._are_right(formula):
            return _RIGHT
        if not self.precision.is_short(written) or "imprecise" not in self.verdicts(formula):
            return _FOLLOWS
        return Judgement("imprecise", not self.precision.rounds_short(true, written))

    def _are_right(self, formula: Expr) -> bool:
        return all(verdict == "right" for verdict in self.verdicts(formula))
