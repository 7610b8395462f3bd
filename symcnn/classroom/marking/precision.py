"""How near a figure has to be: the digits that are asked for, and what they let a figure stand for.

With D significant digits, u(x) the unit of the last of them for a number x, and a tolerance r,

    r(x) = u(x) / 2                         as rounding needs; or more, if that is stated
    x agrees with a figure w                if |x - w| <= r(x)
    w is short                              if half of its own last unit is more than r(w)
    w is x truncated                        if |w| <= |x| < |w| + one unit of the last digit of w

0.24 agrees with 0.2403 at three digits, and with 0.243 at two; it is short at three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symcnn.classroom.marking.intervals.interval import Interval, between, meets
from symcnn.classroom.marking.intervals.written import Written, exponent
from symcnn.problems import Accuracy, Problem
from symcnn.problems.worth import SHARES, Imprecise, Tolerance, Truncation, read_tolerance


@dataclass(frozen=True)
class Precision:
    """How near figures have to be.

    Attributes:
        digits: The significant digits that are asked for; None where figures count as they are
            written, as those of a source do.
        tolerance: How far from a number a figure may be, if more than rounding needs.
        accepts_truncation: Whether digits may be cut off.
        share: The share of its points that an imprecise figure earns.
    """

    digits: int | None = Accuracy.digits
    tolerance: Tolerance | None = None
    accepts_truncation: bool = False
    share: float = SHARES["half"]

    def reach(self, number: Fraction) -> Fraction:
        """Return how far a figure may be from a number."""
        assert self.digits is not None, "figures count as they are written"
        unit = Fraction(10) ** (exponent(number) - self.digits + 1) if number else Fraction(0)
        return max(unit / 2, self._tolerated(abs(number), unit))

    def _tolerated(self, size: Fraction, unit: Fraction) -> Fraction:
        if self.tolerance is None:
            return Fraction(0)
        factors = {"unit": unit, "%": size / 100, "": Fraction(1)}
        return self.tolerance.amount * factors[self.tolerance.kind]

    def agrees(self, numbers: Interval | None, written: Written) -> bool:
        """Tell whether a number, known to many digits, agrees with a figure."""
        middle = _middle(numbers)
        return middle is not None and _is_near(numbers, written, self.reach(middle))

    def may_stand_for(self, numbers: Interval | None, written: Written) -> bool:
        """Tell whether some of these numbers round to a figure, or are as near as is tolerated."""
        reach = (written.greatest - written.least) / 2
        if self.tolerance is not None:
            reach = max(reach, self.reach(written.value))
        return _is_near(numbers, written, reach)

    def repeats(self, numbers: Interval | None, written: Written) -> bool:
        """Tell whether a given number agrees that was handed in: to its own last digit as well."""
        unit = written.greatest - written.least
        middle = _middle(numbers)
        if middle is None or not self.agrees(numbers, written):
            return False
        return abs(middle - written.value) < unit or _is_near(numbers, written, Fraction(0))

    def is_short(self, written: Written) -> bool:
        """Tell whether a figure has fewer digits than are asked for."""
        return (written.greatest - written.least) / 2 > self.reach(written.value)

    def rounds_short(self, numbers: Interval | None, written: Written) -> bool:
        """Tell whether some of these numbers round to a figure that is short.

        Zero has no significant digit: it is taken for a rounded number if it has as many decimal
        places as digits are asked for.
        """
        assert self.digits is not None, "figures count as they are written"
        is_zero = written.value == 0
        if is_zero and written.greatest > Fraction(1, 2 * 10**self.digits):
            return False
        ends = between(written.least, written.greatest)
        return numbers is not None and meets(numbers, ends)

    def is_truncated(self, numbers: Interval | None, written: Written) -> bool:
        """Tell whether a figure is some of these numbers with the digits behind it cut off."""
        unit = written.greatest - written.least
        if numbers is None or not unit or not written.value:
            return False
        value = written.value
        ends = (value, value + unit) if value > 0 else (value - unit, value)
        cut = between(*ends)
        is_last_off = numbers.a >= cut.b if value > 0 else numbers.b <= cut.a
        return meets(numbers, cut) and not is_last_off


AS_WRITTEN = Precision(digits=None, share=1.0)
"""The digits that a figure has are those that count."""


def precision(
    problem: Problem,
    digits: int | None = None,
    tolerance: Any = None,
    truncation: Truncation | None = None,
    imprecise: Imprecise | None = None,
) -> Precision:
    """Return how near the answers to a problem have to be: as it states, unless told otherwise.

    Raises:
        SymcnnError: If the digits, the tolerance or a word is none.
    """
    asked = {
        **{"digits": digits, "tolerance": tolerance, "truncation": truncation},
        "imprecise": imprecise,
    }
    stated = replace(problem.answers, **{k: v for k, v in asked.items() if v is not None})
    accepts = stated.truncation == "accepted"
    share = SHARES[stated.imprecise]
    return Precision(stated.digits, read_tolerance(stated.tolerance), accepts, share)


def _middle(numbers: Interval | None) -> Fraction | None:
    if numbers is None or not numbers.is_bounded:
        return None
    return (Fraction(numbers.a) + Fraction(numbers.b)) / 2


def _is_near(numbers: Interval | None, written: Written, reach: Fraction) -> bool:
    value = written.value
    return numbers is not None and meets(numbers, between(value - reach, value + reach))
