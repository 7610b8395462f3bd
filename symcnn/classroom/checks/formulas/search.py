"""Looking for the reading of a formula that is right at most cases, and for edits that mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest
from time import process_time

from symcnn.classroom.checks.formulas.agreement import outcome, outcomes
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.edits import Draft, Edit, edits
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
        given: What the formula gives in the cases that are tried first, in every reading in which
            it has a value; none where there was no time for all readings.
    """

    best: Reading | None = None
    likely: list[Reading] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    given: set[tuple[bytes, ...]] = field(default_factory=set)


def search(readings: Readings, cases: Sequence[Case]) -> Found:
    """Try the readings of a formula at a few cases, and the best ones at all."""
    own = sorted((c for c in cases if c.own), key=lambda c: sum(c.traits.values()))[:_OWN]
    simple = sorted((c for c in cases if not c.own), key=lambda c: -sum(c.traits.values()))
    telling = max((c for c in cases if c.own), key=lambda c: len({*c.sizes.values()}))
    pilots = [*dict.fromkeys([*own, cases[0], telling, *simple[:_SIMPLE]])]
    found, ranked = Found(), list[tuple[int, Reading]]()
    likely = list[tuple[float, int, Reading]]()
    end = float("inf")
    for number, reading in enumerate(islice(readings, limits.READINGS)):
        score, whole, near = _score(reading, readings, pilots, found)
        likely.append((-near, number, reading))
        ranked += [(score, reading)] if score else []
        if whole or process_time() > end:
            found.given.clear()
            break
        if not number:  # the numbers of the cases are made with the first reading, and kept
            end = process_time() + limits.READING_SECONDS
    valued = [one for one in likely if one[0] < 1] or likely
    nearest = sorted(valued, key=lambda one: one[:2])
    pairs = zip(valued, nearest, strict=True)
    turns = {one[1]: one[2] for one in (*likely[:1], *(one for pair in pairs for one in pair))}
    found.likely = [*turns.values()]
    best = 0
    for _, reading in sorted(ranked, key=lambda one: -one[0])[:_KEPT]:
        made = outcomes(cases, reading, readings.read.right)
        count = sum(2 if case.own else 1 for case, o in made.items() if o.right)
        if count > best:
            found.best, best = reading, count
    return found


def _score(
    reading: Reading, readings: Readings, pilots: Sequence[Case], found: Found
) -> tuple[int, bool, float]:
    """Return how often a reading is right, whether it always is, and how near it comes."""
    score, full, near, given = 0, 0, -1.0, tuple[bytes, ...]()
    for case, made in outcomes(pilots, reading, readings.read.right).items():
        weight = 3 if case.own else 1
        full, score = full + weight, score + made.right * weight
        if made.reason and made.reason not in found.reasons and len(found.reasons) < _KEPT:
            found.reasons.append(made.reason)
        if made.given:
            given += (made.given,)
        if case.own and not made.reason:
            near = max(near, round(made.near, 1))
    found.given |= {given} if given else set()
    return score, 0 < full == score, near


def mended(drafts: Sequence[Draft], cases: Sequence[Case]) -> tuple[Edit, ...]:
    """Return the edits after which a formula is right at all cases of the network's own settings.

    Of several the one that is right at most other cases, and of these the first; none if neither
    one edit nor two mend it.

    Args:
        drafts: The formula in the ways in which it may be read, the likeliest first.
        cases: All cases.
    """
    mends = _Mending(cases)
    found = (look(draft) for look in (mends.single, mends.pair) for draft in drafts)
    return next((made for made in found if made), ())


_FIRST = 3
"""So many cases with the lengths of the network's own kernels at least have to be mended."""


class _Mending:
    """A search for edits with a limit of time."""

    def __init__(self, cases: Sequence[Case]) -> None:
        own = [case for case in cases if case.is_usual]
        like = [case for case in own if case.is_like_base]
        self.cases, self.must = cases, like if len(like) >= _FIRST else own
        self.end = process_time() + limits.SECONDS

    def edits(self, draft: Draft) -> Iterator[Edit]:
        """Run over edits while there is time."""
        for edit in edits(draft):
            if process_time() > self.end:
                return
            yield edit

    def single(self, draft: Draft) -> tuple[Edit, ...]:
        """Return the best single edit."""
        best, most = tuple[Edit, ...](), -1
        for edit in filter(self.mends, self.edits(draft)):
            made = outcomes(self.cases, edit.reading, edit.formula)
            count = sum(o.right for o in made.values())
            if count > most:
                best, most = (edit,), count
            if count == len(self.cases):
                break
        return best

    def pair(self, draft: Draft) -> tuple[Edit, ...]:
        """Return the first two edits that mend it together."""
        for first in self._promising(draft):
            again = replace(draft, formula=first.formula, reading=first.reading)
            for second in self.edits(again):
                if second.formula != draft.formula and self.mends(second):
                    return first, second
        return ()

    def _promising(self, draft: Draft) -> Iterator[Edit]:
        """Run over edits, one of each kind in turn, so that no kind takes all of the time."""
        kinds = dict[str, list[Edit]]()
        for edit in self.edits(draft):
            kinds.setdefault(edit.name, []).append(edit)
        for turn in zip_longest(*kinds.values()):
            yield from (edit for edit in turn if edit and process_time() <= self.end)

    def mends(self, edit: Edit) -> bool:
        """Tell whether a formula is right wherever the settings are the network's own."""
        made = (outcome(case, edit.reading, edit.formula) for case in reversed(self.must))
        right = (one.right for one in made if one is not None)
        return next(right, False) and all(right)
