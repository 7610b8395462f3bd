"""The rule of precision, for one figure: the verdicts that are fair.

With t what is true, w what is written and stands for the numbers w - h to w + h, and r(x) how far
an answer may be from x:

    right       |t - w| <= r(t), or w agrees with what is due from right figures
    follows     w agrees with what is due from figures of which some are not right
    imprecise   a figure with h > r(w) stands for t or what is due; or t is cut off, not rounded, or
                what is due, unless that is accepted: then it is as good as rounded
    wrong       none of these; and a number that is given, unless it differs from t, or from what is
                due, by less than the unit of its last digit and agrees at the digits asked for; but
                where neither it nor a figure before it is short, it is judged as others are

w agrees with what is due if one of these numbers is from w - h to w + h, or not farther from w than
r(w); where h > r(w), if the one from the figures as they are written is not farther from w than r,
and no figure before it is imprecise. What is due for a figure with h > r(w) is only that one where
a figure before it is short as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from tests.classroom.marking.grid.dues import Due, Entry
from tests.classroom.marking.grid.numbers import SLACK
from tests.classroom.marking.grid.ranges import HUGE
from tests.classroom.marking.grid.reading import Figure
from tests.classroom.marking.grid.settings import Settings

Verdicts = frozenset[str]
WRONG, IMPRECISE = frozenset(["wrong"]), frozenset(["imprecise"])
RIGHT, FOLLOWS = frozenset(["right"]), frozenset(["follows"])


@dataclass(frozen=True)
class Case:
    """A figure, and what is known of it.

    Attributes:
        figure: The figure.
        true: What is true.
        due: What is due.
        settings: What is asked for.
        before: The verdicts on the figures before.
        repeats: Whether it repeats a given number that its own formula reads.
        has_stages: Whether its formula has stages of which the student knows nothing, so that
            it may be another one that reads the number.
        rests_on_short: Whether a figure that it is computed from has too few digits.
    """

    figure: Figure
    true: Decimal
    due: Due
    settings: Settings
    before: Mapping[Entry, str]
    repeats: bool
    has_stages: bool
    rests_on_short: bool

    @property
    def fair(self) -> Verdicts:
        """The verdicts that are fair."""
        if self.is_true:
            return RIGHT
        if not self.repeats:
            return self._ordinary
        return self._of_a_copy | (self._ordinary if self.has_stages else frozenset())

    @property
    def _ordinary(self) -> Verdicts:
        """The verdicts that are fair where no given number is repeated."""
        if self._is_near(self.true) or (self.settings.truncation and self.is_cut_off):
            return RIGHT
        if self._agrees:
            return IMPRECISE if self._is_roughly_carried else self.carried
        return self._otherwise | (self.carried if self._may_agree else frozenset())

    @property
    def is_true(self) -> bool:
        """Whether exactly what is true is written."""
        return abs(self.true - self.figure.value) <= SLACK

    @property
    def is_near_the_truth(self) -> bool:
        """Whether it agrees with what is true at the digits that are asked for."""
        return self._is_near(self.true)

    @property
    def carried(self) -> Verdicts:
        """What a figure is that agrees with the figures before: right if all of these are."""
        return RIGHT if self.is_carried_from_right else FOLLOWS

    @property
    def is_carried_from_right(self) -> bool:
        """Whether all figures before are right."""
        return all(self.before[source] == "right" for source in self.due.sources)

    @property
    def is_short(self) -> bool:
        """Whether it has fewer digits than are asked for."""
        return self.settings.is_short(self.figure)

    @property
    def only_due(self) -> bool:
        """Whether it is imprecise for what is due alone, and not for what is true."""
        tells = self.figure.holds(self.true, SLACK) and not self._is_a_zero_without_places
        return not (tells or self.is_cut_off)

    @property
    def _of_a_copy(self) -> Verdicts:
        figure, due = self.figure, self.due
        if self._is_near(self.true) and abs(self.true - figure.value) < figure.unit:
            return RIGHT
        is_ordinary = not self.is_short and not self.rests_on_short
        if is_ordinary and self._agrees:
            return self.carried
        exact = due.exact
        if exact is None or (is_ordinary and self._may_agree):
            return WRONG | self.carried
        near = self._is_near(exact) and abs(exact - figure.value) < max(figure.unit, SLACK)
        leads = near and not self._is_roughly_carried
        cut = self.settings.truncation and self.is_cut_off
        return WRONG | (self.carried if leads else frozenset()) | (RIGHT if cut else frozenset())

    @property
    def _agrees(self) -> bool:
        """Whether it certainly agrees with what is due."""
        exact = self.due.exact
        if self.is_short:
            return exact is not None and self._is_near(exact)
        return self._is_certain or (exact is not None and self.figure.holds(exact, SLACK))

    @property
    def _is_roughly_carried(self) -> bool:
        """Whether it has too few digits, and a figure before it is imprecise."""
        before = (self.before[source] for source in self.due.sources)
        return self.is_short and "imprecise" in before

    @property
    def _is_certain(self) -> bool:
        certain = self.due.certain
        return certain is not None and self.figure.holds(certain)

    @property
    def _may_agree(self) -> bool:
        exact = self.due.exact
        if exact is None or self._is_near(exact):
            return True
        return not self.is_short and self._meets(self.settings.reach(self.figure.value))

    def _meets(self, reach: Decimal = Decimal(0)) -> bool:
        """Tell whether a number that can be due is among those that it stands for, or near."""
        due, far = self.due.range, max(reach, self.figure.half)
        if due.low <= -HUGE / 2 and due.high >= HUGE / 2:
            return True
        return due.is_near(self.figure.value, far + SLACK)

    @property
    def _otherwise(self) -> Verdicts:
        """Return what a figure is that does not agree at the digits that are asked for."""
        cut = self.carried if self.settings.truncation else IMPRECISE
        if self.is_cut_off or any(map(self._cuts_off, (self.due.exact, self.due.certain))):
            return cut
        exact = self.due.exact
        if self.is_short and not self._is_a_zero_without_places:
            if self.figure.holds(self.true, SLACK):
                return IMPRECISE
            if exact is None:
                return IMPRECISE | WRONG
            if self.figure.holds(exact, SLACK):
                return IMPRECISE
            if self._is_certain and not self.rests_on_short:
                return IMPRECISE
            if self._meets() and not self.rests_on_short:
                return IMPRECISE | WRONG
        return WRONG | (cut if self._may_be_cut_off else frozenset())

    @property
    def _is_a_zero_without_places(self) -> bool:
        """Whether it is 0 with fewer places than digits are asked for, which tells nothing."""
        return not self.figure.value and self.figure.unit > Decimal(1).scaleb(-self.settings.digits)

    @property
    def _may_be_cut_off(self) -> bool:
        """Whether a number that can be due may have been cut off."""
        due, figure = self.due.range, self.figure
        if not self._shows_all or not figure.value:
            return False
        size, unit = abs(figure.value), figure.unit
        low, high = (due.low, due.high) if figure.value > 0 else (-due.high, -due.low)
        return low < size + unit and high >= size

    @property
    def is_cut_off(self) -> bool:
        """Whether what is true was cut off at a digit, at least at the last one asked for."""
        return self._cuts_off(self.true)

    def _cuts_off(self, number: Decimal | None) -> bool:
        if number is None or not self._shows_all or not self.figure.value:
            return False
        return number.quantize(self.figure.unit, ROUND_DOWN) == self.figure.value

    @property
    def _shows_all(self) -> bool:
        """Whether it has a last digit, and all that are asked for; a computer cuts nothing off."""
        return bool(self.figure.unit) and not self.is_short and self.figure.digits < 15

    def _is_near(self, number: Decimal) -> bool:
        return abs(number - self.figure.value) <= self.settings.reach(number) + SLACK
