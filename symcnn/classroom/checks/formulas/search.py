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
    pilots = [*own, *simple[:_SIMPLE]]
    found, ranked = Found(), list[tuple[int, int, Reading]]()
    end = process_time() + limits.READING_SECONDS
    for number, reading in enumerate(islice(readings, limits.READINGS)):
        score, whole = _score(reading, readings, pilots, found)
        if score:
            ranked.append((-score, number, reading))
        if whole or process_time() > end:
            break
    ranked.sort(key=lambda one: one[:2])
    best = 0
    for _, _, reading in ranked[:_KEPT]:
        made = outcomes(cases, reading, readings.read.right)
        count = sum(2 if case.own else 1 for case, o in made.items() if o.right)
        if count > best:
            found.best, best = reading, count
    return found


def _score(
    reading: Reading, readings: Readings, pilots: Sequence[Case], found: Found
) -> tuple[int, bool]:
    """Return how often a reading is right, and whether it always is."""
    score, tried, has_value = 0, 0, False
    for case in pilots:
        made = outcome(case, reading, readings.read.right)
        if made is None:
            continue
        tried += 1
        score += made.right * (3 if case.own else 1)
        has_value |= not made.reason
        if made.reason and made.reason not in found.reasons and len(found.reasons) < 5:
            found.reasons.append(made.reason)
        if case.own and not made.right and made.reason and not has_value and tried == 1:
            continue
    if has_value and len(found.likely) < _KEPT:
        found.likely.append(reading)
    full = sum(3 if c.own else 1 for c in pilots)
    return score, tried > 0 and (score == full or (tried < len(pilots) and score >= tried + 2))
