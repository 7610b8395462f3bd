"""The verdict on one figure, from the true value and from what the figures before it lead to.

    repeats a given number    right only if the true value agrees with it, to its own last digit
                              too, or what follows, whatever the figures stand for if none is short
    has all digits            right if the true value agrees, or a number that follows from right
                              figures, whatever they stand for
    is short                  right if the true value agrees, or the number that follows from right
                              figures exactly as they are written; else imprecise, if the true
                              value rounds to it, or a number that follows
    is truncated              imprecise, or as good

What follows from figures that are not all right "follows", or is imprecise with an error carried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Expr

from symcnn.classroom.marking.digits import REPEATED, TRUNCATED
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
        are_right: Tells whether the figures that a formula depends on are all right.
    """

    precision: Precision
    carried: Carried
    as_written: AsWritten
    are_right: Callable[[Expr], bool]

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
            return self._carried_on(formula)
        return self._imprecise(written, true, formula)

    def _by_own_digits(self, written: Written, expected: Expr, formula: Expr) -> Judgement:
        if rounds_to(expected, written):
            return _RIGHT
        follows = agrees(self.carried.due(formula), written)
        return self._carried_on(formula) if follows else _WRONG

    def _repeated(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        if self.precision.repeats(true, written):
            return _RIGHT
        if self.precision.repeats(self.as_written.due(formula), written):
            return self._carried_on(formula)
        due, is_short = self.carried.due(formula), self._is_short_anywhere(written, formula)
        if not is_short and self.precision.may_stand_for(due, written):
            return self._carried_on(formula)
        return Judgement("wrong", mistake=REPEATED)

    def _is_short_anywhere(self, written: Written, formula: Expr) -> bool:
        """Tell whether a figure, or one that it depends on, has too few digits."""
        sources = (self.carried.figures[symbol] for symbol in self.carried.sources(formula))
        return any(map(self.precision.is_short, (written, *sources)))

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
        due, is_short = self.carried.due(formula), self.precision.is_short(written)
        for numbers, is_true in ((true, True), (due, False)):
            carried = not is_true and not self.are_right(formula)
            if is_short and self.precision.rounds_short(numbers, written):
                return Judgement("imprecise", carried)
            if self._is_cut(written, numbers, accepted=False):
                return Judgement("imprecise", carried, TRUNCATED)
        return _WRONG

    def _carried_on(self, formula: Expr) -> Judgement:
        return _RIGHT if self.are_right(formula) else _FOLLOWS
