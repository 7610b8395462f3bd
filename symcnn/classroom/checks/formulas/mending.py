"""Looking for the edit that mends a formula, and trying it out at other sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time

from symcnn.classroom.checks.formulas.agreement import outcome, outcomes
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.edits import Draft, Edit, edits
from symcnn.limits import formulas as limits

_FIRST = 3
"""So many cases with the lengths of the network's own kernels at least have to be mended."""


@dataclass(frozen=True)
class Mended:
    """An edit that mends a formula.

    Attributes:
        edits: The edits, one after the other.
        right: At how many cases the mended formula is right.
    """

    edits: tuple[Edit, ...]
    right: int


def mended(drafts: Sequence[Draft], cases: Sequence[Case]) -> Mended | None:
    """Return the edits after which a formula is right at all cases of the network's own settings.

    Of several the one that is right at most other cases, and of these the first.

    Args:
        drafts: The formula in the ways in which it may be read, the likeliest first.
        cases: All cases.
    """
    search = _Search(cases)
    for draft in drafts:
        if found := search.single(draft):
            return found
    for draft in drafts:
        if found := search.pair(draft):
            return found
    return None


class _Search:
    """A search with a limit of time."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.own = [case for case in cases if case.own]
        self.cases = cases
        like = [case for case in self.own if case.is_like_base]
        self.must = like if len(like) >= _FIRST else self.own
        self.end = process_time() + limits.SECONDS

    def single(self, draft: Draft) -> Mended | None:
        """Return the best single edit."""
        best: Mended | None = None
        for edit in edits(draft):
            if process_time() > self.end:
                break
            if self.mends(edit):
                made = Mended((edit,), self.count(edit))
                if best is None or made.right > best.right:
                    best = made
                if made.right == len(self.cases):
                    break
        return best

    def pair(self, draft: Draft) -> Mended | None:
        """Return the first two edits that mend it together."""
        for first in self._promising(draft):
            again = replace(draft, formula=first.formula, reading=first.reading)
            for second in edits(again):
                if process_time() > self.end:
                    return None
                if second.formula != draft.formula and self.mends(second):
                    return Mended((first, second), self.count(second))
        return None

    def _promising(self, draft: Draft) -> Iterator[Edit]:
        """Run over edits, one of each kind in turn, so that no kind takes all of the time."""
        kinds = dict[str, list[Edit]]()
        for edit in edits(draft):
            kinds.setdefault(edit.name, []).append(edit)
            if process_time() > self.end:
                return
        while kinds:
            for name in [*kinds]:
                yield kinds[name].pop(0)
                if not kinds[name]:
                    del kinds[name]

    def mends(self, edit: Edit) -> bool:
        """Tell whether a formula is right wherever the settings are the network's own."""
        tried = 0
        for case in reversed(self.must):
            made = outcome(case, edit.reading, edit.formula)
            if made is None:
                continue
            if not made.right:
                return False
            tried += 1
        return tried > 0

    def count(self, edit: Edit) -> int:
        """Return at how many cases it is right."""
        return sum(o.right for o in outcomes(self.cases, edit.reading, edit.formula).values())
