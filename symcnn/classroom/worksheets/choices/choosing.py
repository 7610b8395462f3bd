"""Which wrong options are taken: those among which the right one does not stand out by its form.

Options differ in what can be seen without computing anything: how large a number is, how long a
formula is, and how much each has in common with the others. If the right one were always the middle
number, the shortest formula or the one most like all others, marks could be had for that. So its
place among them in each of these respects is drawn, and the options are chosen for which it is
nearest to what was drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from random import Random

from symcnn.classroom.worksheets.choices.candidates import (
    Candidate,
    Candidates,
    distinct,
    is_likely,
)
from symcnn.classroom.worksheets.choices.question import Kind

WRONG = 3
"""The wrong options of a question, where there are so many."""

FEWEST = 2
"""The fewest wrong options of a question."""

_MOST = 12
"""The mistakes of which options are chosen: those that are of the quantity itself come first."""

_PLAIN = 0.12
"""What an option costs that says little of the quantity: a sign, a factor, two mistakes at once."""

Printed = Callable[[Candidate], str]
"""How an option is written, on one line."""


def chosen(
    candidates: Candidates,
    right: Candidate,
    wrong: Sequence[Candidate],
    kind: Kind,
    printed: Printed,
    random: Random,
) -> list[Candidate] | None:
    """Return the wrong options of a question; None where there are too few."""
    listed = sorted(wrong, key=lambda one: one.is_plain)[:_MOST]
    seen = _Seen(kind, printed)
    drawn = random.random(), random.random()

    def cost(options: tuple[Candidate, ...]) -> float:
        ranks = seen.places([right, *options])
        missed = sum((rank - at) ** 2 for rank, at in zip(ranks, drawn, strict=True))
        return missed + _PLAIN * sum(one.is_plain for one in options)

    for number in range(WRONG, FEWEST - 1, -1):
        sets = [s for s in _sets(candidates, right, listed, number) if _are_apart(right, s, kind)]
        if sets:
            return list(min(sets, key=cost))
    return None


def _sets(
    candidates: Candidates, right: Candidate, wrong: Sequence[Candidate], number: int
) -> Iterator[tuple[Candidate, ...]]:
    """Run over sets of options: single mistakes, or two and both together."""
    yield from combinations(wrong, number)
    if number == WRONG:
        for one, other in combinations(wrong, 2):
            both = candidates.both(one, other, right)
            if both is not None:
                yield one, other, both


def _are_apart(right: Candidate, options: Sequence[Candidate], kind: Kind) -> bool:
    """Tell whether options are apart from the right one, and as what they are from each other."""
    if kind == "figure":
        return all(is_likely(right, one) for one in options) and distinct([right, *options])
    formulas = {one.formula for one in options}
    return len(formulas) == len(options) and all(distinct([right, one]) for one in options)


def _place(values: Sequence[float]) -> float:
    """Return the place of the first value among all, from 0 to 1; equal ones share theirs."""
    below = sum(value < values[0] for value in values)
    equal = sum(value == values[0] for value in values) - 1
    return (below + equal / 2) / (len(values) - 1)


class _Seen:
    """What is seen of options at a glance."""

    def __init__(self, kind: Kind, printed: Printed) -> None:
        self._kind, self._printed = kind, printed
        self._letters = dict[Candidate, Counter[str]]()
        self._shared = dict[tuple[Candidate, Candidate], float]()

    def places(self, options: Sequence[Candidate]) -> tuple[float, float]:
        """Return the place of the first option by its size, and by what it has in common."""
        sizes = [self._size(one) for one in options]
        alike = [sum(self._alike(one, other) for other in options) for one in options]
        return _place(sizes), _place(alike)

    def _size(self, one: Candidate) -> float:
        return one.size if self._kind == "figure" else self._of(one).total()

    def _of(self, one: Candidate) -> Counter[str]:
        if one not in self._letters:
            self._letters[one] = Counter(self._printed(one))
        return self._letters[one]

    def _alike(self, one: Candidate, other: Candidate) -> float:
        if (one, other) not in self._shared:
            shared = likeness(self._of(one), self._of(other))
            self._shared[one, other] = self._shared[other, one] = shared
        return self._shared[one, other]


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of their letters that two texts have in common."""
    return (one & other).total() / max((one | other).total(), 1)
