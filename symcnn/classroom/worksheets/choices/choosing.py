"""Which wrong options are taken: those among which the right one does not stand out by its form.

Options differ in what can be seen without computing anything: how large a number is, how long a
formula is, and how much each has in common with the others. Somebody who knows nothing could always
choose the number in the middle, the shortest formula, or the option most like all others. What each
such habit would have earned on the questions before, beyond what chance gives, is kept, and the
options are chosen that leave the habits together nearest to chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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


class Choosing:
    """Chooses the options of one question after the other."""

    def __init__(self, candidates: Candidates, random: Random) -> None:
        """Take what makes options, and what draws where several sets are as good."""
        self._candidates, self._random = candidates, random
        self._earned = defaultdict[tuple[Kind, str], float](float)

    def __call__(
        self, right: Candidate, wrong: Sequence[Candidate], kind: Kind, printed: Printed
    ) -> list[Candidate] | None:
        """Return the wrong options of a question; None where there are too few."""
        listed = sorted(wrong, key=lambda one: one.is_plain)[:_MOST]
        seen = _Seen(kind, printed)
        for number in range(WRONG, FEWEST - 1, -1):
            sets = [*_sets(self._candidates, right, listed, number)]
            sets = [options for options in sets if _are_apart(right, options, kind)]
            if sets:
                self._random.shuffle(sets)
                costs = [self._cost(seen.habits([right, *s]), s, kind) for s in sets]
                return list(sets[costs.index(min(costs))])
        return None

    def keep(
        self, right: Candidate, options: Sequence[Candidate], kind: Kind, printed: Printed
    ) -> None:
        """Keep what each habit earns with a question that is asked."""
        for habit, gain in _Seen(kind, printed).habits([right, *options]).items():
            self._earned[kind, habit] += gain

    def _cost(self, gains: Mapping[str, float], options: Sequence[Candidate], kind: Kind) -> float:
        earned = sum((self._earned[kind, habit] + gain) ** 2 for habit, gain in gains.items())
        return earned + _PLAIN * sum(one.is_plain for one in options)


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


class _Seen:
    """What is seen of options at a glance."""

    def __init__(self, kind: Kind, printed: Printed) -> None:
        self._kind, self._printed = kind, printed
        self._letters = dict[Candidate, Counter[str]]()
        self._shared = dict[tuple[Candidate, Candidate], float]()

    def habits(self, options: Sequence[Candidate]) -> dict[str, float]:
        """Return what each habit earns, beyond chance, where the first option is right."""
        alike = [sum(self._alike(one, other) for other in options) for one in options]
        found = {"most alike": _gain(alike, -1), "least alike": _gain(alike, 0)}
        sizes = [self._size(one) for one in options]
        found |= {f"size {n}": _gain(sizes, n) for n in range(len(options))}
        if self._kind == "figure":
            amounts = [abs(size) for size in sizes]
            found |= {f"amount {n}": _gain(amounts, n) for n in (0, -1)}
        else:
            begins = [self._printed(one).startswith(("-", "(")) for one in options]
            found["plain beginning"] = _gain([*map(float, begins)], 0)
        return found

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


def _gain(values: Sequence[float], place: int) -> float:
    """Return what choosing the value at a place in order earns: the first is right."""
    taken = sorted(values)[place]
    share = 1 / values.count(taken) if values[0] == taken else 0.0
    return share - 1 / len(values)


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of their letters that two texts have in common."""
    return (one & other).total() / max((one | other).total(), 1)
