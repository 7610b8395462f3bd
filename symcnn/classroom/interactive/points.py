"""Numbers in other regions: where another entry wins, or a comparison has turned.

Every border is met exactly. As a function of one given number g alone, what is 0 at a border is
affine as long as no layer bends it, so that  g - d(g) (g' - g) / (d(g') - d(g))  is on the border,
and a little beyond it is the region behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from random import Random

from sympy import Expr, Rational

from symcnn.classroom.interactive.deciding import Decision, State
from symcnn.document.explanation.numbers import Numbers
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

Givens = Mapping[str, tuple[Expr, ...]]
"""The numbers of all given tensors."""

_FURTHER = (Rational(101, 100), Rational(5, 4), Rational(2))
"""How far behind a border a region is looked for, as a part of the way to it."""

_WAYS = 4
"""How many given numbers are tried to reach a border."""

_BORDERS = 60
"""How many places behind borders and on them are looked at."""

_DRAWS = 60
"""How many random numbers are tried to find combinations of winners."""

_FINEST = 10**4
"""Random numbers have at most four decimals, as people write them."""


@dataclass(frozen=True)
class Place:
    """A problem at some numbers, and how everything is decided there."""

    problem: Problem
    state: State


def _covering(start: Place, found: list[Place], most: int) -> list[Place]:
    """Choose the places in which most decisions fall as they have not before, one by one."""
    seen, chosen, left = set(enumerate(start.state)), list[Place](), list(found)
    while left and len(chosen) < most:
        best = max(left, key=lambda place: len({*enumerate(place.state)} - seen))
        left.remove(best)
        chosen.append(best)
        seen |= {*enumerate(best.state)}
    return chosen


class Survey:
    """Finds numbers of a problem in as many regions as there is room for."""

    def __init__(self, problem: Problem, decisions: Sequence[Decision], seed: int = 0) -> None:
        """Begin at the problem's own numbers."""
        self._decisions, self._random = decisions, Random(seed)
        self._origin = problem
        self.start = self._at(problem.values)
        assert self.start is not None

    def places(self, most: int) -> list[Place]:
        """Return places: the problem's numbers, others close by, behind and on borders, anywhere.

        The first is there twice: what only its own document says is told by the second.
        """
        assert self.start is not None
        near = [place for place in map(self._at, self._near(2)) if place is not None]
        alike = [place for place in near if place.state == self.start.state]
        found: dict[State, Place] = {}
        for place in chain(islice(self._behind(), _BORDERS), self._anywhere()):
            found.setdefault(place.state, place)
        found.pop(self.start.state, None)
        chosen = _covering(self.start, list(found.values()), most - 2 - len(alike))
        return [self.start, self.start, *alike, *chosen]

    def _at(self, values: Givens) -> Place | None:
        """Return the problem at other numbers; None where it takes none such or has no value."""
        try:
            problem = self._origin.with_values(values)
            return Place(problem, self._state(problem))
        except (SymcnnError, ArithmeticError):
            return None

    def _state(self, problem: Problem) -> State:
        value = Numbers(problem).value
        return tuple(decision.state(value) for decision in self._decisions)

    def _near(self, count: int) -> Iterator[Givens]:
        """Run over numbers a few per cent from the problem's."""
        return (self._moved(Rational(self._random.randint(5, 30), 1000)) for _ in range(count))

    def _anywhere(self) -> Iterator[Place]:
        """Run over places at random, near and far."""
        for draw in range(_DRAWS):
            place = self._at(self._moved(Rational(1 + draw % 6, 4)))
            if place is not None:
                yield place

    def _moved(self, by: Expr) -> Givens:
        """Return all numbers moved at random, by a part of the largest of their tensor."""

        def moved(numbers: tuple[Expr, ...]) -> tuple[Expr, ...]:
            span = max((abs(number) for number in numbers), default=1) * by * _FINEST
            steps = [self._random.randint(-int(span), int(span)) for _ in numbers]
            return tuple(
                n + Rational(step, _FINEST) for n, step in zip(numbers, steps, strict=True)
            )

        values = self._origin.values
        return {**values, **{name: moved(values[name]) for name in self._free}}

    def _behind(self) -> Iterator[Place]:
        """Run over places behind every border, and on it, each reached by one given number."""
        for decision in self._decisions:
            for border in decision.borders:
                yield from self._beyond(border)

    def _beyond(self, border: Expr) -> Iterator[Place]:
        """Run over the places behind one border, and on it, by the shortest way."""
        ways = sorted(islice(self._ways(border), _WAYS), key=lambda way: abs(way[2]))
        for name, entry, step in ways:
            crossed = [self._at(self._stepped(name, entry, step * far)) for far in _FURTHER]
            behind = next((p for p in crossed if p and self._differs(p)), None)
            if behind is None:
                continue
            yield behind
            on = self._at(self._stepped(name, entry, step))
            if on is not None:
                yield on
            return

    def _differs(self, place: Place) -> bool:
        assert self.start is not None
        return place.state != self.start.state

    def _ways(self, border: Expr) -> Iterator[tuple[str, int, Expr]]:
        """Run over given numbers, and by how much each is moved to the border."""
        start, step = self._origin.point.value(border), Rational(1, 1000)
        sizes = {name: len(self._origin.values[name]) for name in self._free}
        places = [(name, entry) for name, size in sizes.items() for entry in range(size)]
        self._random.shuffle(places)
        for name, entry in places:
            there = self._origin.with_values(self._stepped(name, entry, step))
            slope = (there.point.value(border) - start) / step
            if slope != 0 and slope.is_Rational and start.is_Rational:
                yield name, entry, -start / slope

    @cached_property
    def _free(self) -> list[str]:
        """The tensors whose numbers may be any: a target may have to be a distribution."""
        tensors, indices = self._origin.network.tensors, self._origin.network.indexing
        names = self._origin.values
        return [n for n in names if tensors[n].role != "target" and n not in indices]

    def _stepped(self, name: str, entry: int, step: Expr) -> Givens:
        numbers = list(self._origin.values[name])
        numbers[entry] += step
        return {**self._origin.values, name: tuple(numbers)}
