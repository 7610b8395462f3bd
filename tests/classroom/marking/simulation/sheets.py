"""Sheets: what a simulated student hands in, drawn at random.

A student makes no mistake, one or two, each in any quantity, and carries on rightly. He writes 3 to
8 significant digits, or as many decimal places, goes on with what he wrote or with what he had
before he rounded it, and may leave quantities out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from random import Random

from tests.classroom.marking.simulation.arrays import Array
from tests.classroom.marking.simulation.networks import drawn
from tests.classroom.marking.simulation.pen import Pen
from tests.classroom.marking.simulation.student import Student

TRIALS = 3
"""How often the figures before one are moved, to see how far that can move it."""


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes:
        student: Who works it.
        mistakes: What he does wrong, by the quantity in which it shows first.
        random: Where further draws come from.
    """

    student: Student
    mistakes: dict[str, tuple[str, str]]
    random: Random

    @cached_property
    def answers(self) -> dict[str, list[str]]:
        """The figures."""
        return {q: self.student.written(q) for q in self.student.shown}

    @property
    def is_possible(self) -> bool:
        """Whether the student can go on: who rounds a probability to 1 may divide by 0."""
        try:
            return bool(self.answers)
        except ArithmeticError:
            return False

    def is_clear(self, place: str) -> bool:
        """Tell whether a mistake moves a figure by much more than rounding can.

        Two mistakes can lead back to the true value, which is right, however it was found.
        """
        right, found, true = self._rightly(place), self.student.exact(place), self._true(place)
        slack, unit = self.slack(place, right), self.student.pen.unit
        moved = (at for at in right if abs(found[at] - right[at]) > slack[at])
        return any(abs(found[at] - true[at]) > unit(true[at]) for at in moved)

    def _true(self, place: str) -> Array:
        exact = Pen(digits=30, fixed=False, carries=False, up=False)
        return Student(self.student.drawn, exact).exact(place)

    def _rightly(self, place: str) -> Array:
        """Return what would be right from the figures before the mistake."""
        quantity, _ = self.mistakes[place]
        moved = {q: array for q, array in self._kept.items() if q != place}
        return self.student.moved(place, {**moved, quantity: self.student.found(quantity)})

    def same(self, place: str) -> set[str]:
        """Return the kinds of mistakes that yield exactly the figures of a quantity."""
        written = self.student.pen.written
        numbers = [written(n) for n in self.student.exact(place).values()]
        return {
            kind(name)
            for name, found in self.others(place)
            if [written(n) for n in found.values()] == numbers
        }

    def near(self, place: str) -> set[str]:
        """Return the kinds of mistakes that yield nearly these figures."""
        exact = self.student.exact(place)
        slack = self.slack(place, exact)
        return {
            kind(name)
            for name, found in self.others(place)
            if all(abs(n - exact[at]) <= slack[at] for at, n in found.items())
        }

    def others(self, place: str) -> Iterator[tuple[str, Array]]:
        """Run over all mistakes that would show in a quantity, with the figures that they yield."""
        student = self.student
        for quantity in student.quantities:
            if student.shown_in(quantity) == place:
                for name in student.possible(quantity):
                    found = student.found(quantity, name)
                    others = {**self._kept, quantity: found}
                    yield name, found if quantity == place else student.moved(place, others)

    @cached_property
    def _kept(self) -> dict[str, Array]:
        return {q: self.student.kept(q) for q in self.student.quantities}

    def slack(self, quantity: str, right: Array) -> Array:
        """Return how far rounding can move the figures of a quantity, generously."""
        moved = [self.student.moved(quantity, self._nudged()) for _ in range(TRIALS)]
        unit = self.student.pen.unit
        return {
            at: 20 * max(abs(other[at] - number) for other in moved) + 5 * unit(number)
            for at, number in right.items()
        }

    def _nudged(self) -> dict[str, Array]:
        """Return all figures, also those left out, each moved by at most a unit in the last."""
        unit, random = self.student.pen.unit, self.random
        return {
            q: {
                at: n + unit(n) * Decimal(random.randint(-9, 9)) / 9
                for at, n in self.student.kept(q).items()
            }
            for q in self.student.asked
        }


CLASS = 4
"""The students who work the same network."""


def sheets(seed: int) -> dict[str, Sheet]:
    """Draw the sheets of a class."""
    numbers = range(CLASS * seed, CLASS * (seed + 1))
    return {f"student {number}": one for number in numbers if (one := sheet(number)).is_possible}


def sheet(seed: int) -> Sheet:
    """Draw a sheet."""
    random, net = Random(f"sheet {seed}"), drawn(seed // CLASS)
    pen = Pen(
        random.randint(3, 8), random.random() < 0.25, random.random() < 0.6, random.random() < 0.5
    )
    probe, mistakes = Student(net, pen), dict[str, str]()
    for _ in range(random.choice((0, 1, 1, 1, 1, 1, 2))):
        quantity, name = random.choice(_of_one_kind(probe, random))
        if probe.shown_in(quantity) not in map(probe.shown_in, mistakes):
            mistakes[quantity] = name
    shown = {probe.shown_in(quantity): (quantity, name) for quantity, name in mistakes.items()}
    left = [q for q in probe.asked if q not in shown and random.random() < 0.3]
    student = Student(net, pen, mistakes, left if random.random() < 0.3 else ())
    return Sheet(student, shown, random)


def _of_one_kind(student: Student, random: Random) -> list[tuple[str, str]]:
    """Choose a kind of mistake, and return where it can be made: some can be made everywhere."""
    found = dict[str, list[tuple[str, str]]]()
    for quantity in student.quantities:
        for name in student.possible(quantity):
            found.setdefault(kind(name), []).append((quantity, name))
    return found[random.choice([*found])]


def kind(mistake: str) -> str:
    """Return what a mistake is called, whatever was taken for what."""
    return mistake.partition(":")[0]
