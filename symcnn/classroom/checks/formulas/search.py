"""Looking for the reading of a formula that is right at most cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import process_time

from symcnn.classroom.checks.formulas.agreement import outcome, outcomes
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.meaning import Reading
from symcnn.classroom.checks.formulas.readings import Readings
from symcnn.limits import formulas as limits

_OWN, _SIMPLE, _KEPT = 2, 2, 4


@dataclass
class Found:
    """What was found.

    Attributes:
        best: The reading that is right at most cases; None if none is right anywhere.
        likely: The likeliest readings with which the formula has a value at all.
        reasons: Why it has none with others, the first first.
    """

    best: Reading | None = None
    likely: list[Reading] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def search(readings: Readings, cases: Sequence[Case]) -> Found:
    """Try the readings of a formula at a few cases, and the best ones at all."""
    own = sorted((c for c in cases if c.own), key=lambda c: sum(c.traits.values()))[:_OWN]
    simple = sorted((c for c in cases if not c.own), key=lambda c: -sum(c.traits.values()))
    telling = max((c for c in cases if c.own), key=lambda c: len({*c.sizes.values()}))
    pilots = [*dict.fromkeys([*own, cases[0], telling, *simple[:_SIMPLE]])]
    found, ranked = Found(), list[tuple[int, int, Reading]]()
    likely = list[tuple[float, int, Reading]]()
    end = float("inf")
    for number, reading in enumerate(islice(readings, limits.READINGS)):
        score, whole, near = _score(reading, readings, pilots, found)
        likely.append((-near, number, reading))
        if score:
            ranked.append((-score, number, reading))
        if whole or process_time() > end:
            break
        if not number:  # the numbers of the cases are made with the first reading, and kept
            end = process_time() + limits.READING_SECONDS
    ranked.sort(key=lambda one: one[:2])
    valued = [one for one in likely if one[0] < 1] or likely
    nearest = sorted(valued, key=lambda one: one[:2])
    pairs = zip(valued, nearest, strict=True)
    turns = {one[1]: one[2] for one in (*likely[:1], *(one for pair in pairs for one in pair))}
    found.likely = [*turns.values()]
    best = 0
    for _, _, reading in ranked[:_KEPT]:
        made = outcomes(cases, reading, readings.read.right)
        count = sum(2 if case.own else 1 for case, o in made.items() if o.right)
        if count > best:
            found.best, best = reading, count
    return found


def _score(
    reading: Reading, readings: Readings, pilots: Sequence[Case], found: Found
) -> tuple[int, bool, float]:
    """Return how often a reading is right, whether it always is, and how near it comes."""
    score, full, near = 0, 0, -1.0
    for case in pilots:
        made = outcome(case, reading, readings.read.right)
        if made is None:
            continue
        full += _weight(case)
        score += made.right * _weight(case)
        if made.reason and made.reason not in found.reasons and len(found.reasons) < _KEPT:
            found.reasons.append(made.reason)
        if case.own and not made.reason:
            near = max(near, round(made.near, 1))
    return score, 0 < full == score, near


def _weight(case: Case) -> int:
    return 3 if case.own else 1
