"""What is due for every figure, from the figures before it.

    exactly     from the figures as they are written
    certainly   from the numbers that somebody went on with, where his figures stand for them
    at most     the range from all that the figures stand for; what was not written down may have
                been rounded to as many digits as the figures have

No formula is kept for that: the simulated student's passes are run with other kinds of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.classroom.marking.grid.hand import Hand
from tests.classroom.marking.grid.handin import HandIn
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.ranges import HUGE, Range
from tests.classroom.marking.grid.ranges import of as range_of
from tests.classroom.marking.grid.reading import Figure, read
from tests.classroom.marking.grid.sources import Sources
from tests.classroom.marking.grid.sources import of as sources_of
from tests.classroom.marking.simulation.arrays import Array, Position
from tests.classroom.marking.simulation.student import Student

Entry = tuple[str, Position]
HIDDEN: Position = (-1,)
"""Stands for all entries of a quantity that are not written down."""

_PROBABLE = Range(Decimal("0.1"), Decimal("0.9"))
"""Probabilities, of which those that are not small have the largest last digits."""


@dataclass(frozen=True)
class Due:
    """What is due for a figure.

    Attributes:
        exact: The number from the figures as they are written; None if there is none.
        certain: The number from what the student went on with, where that is one of those due.
        range: All that can be due.
        sources: The figures that it is computed from.
        given: The given entries that its own formula reads.
    """

    exact: Decimal | None
    certain: Decimal | None
    range: Range
    sources: frozenset[Entry]
    given: frozenset[Entry]


class Dues:
    """What is due for the figures of a hand-in.

    Attributes:
        figures: The figures that can be read, by their entries.
    """

    def __init__(self, net: Given, handin: HandIn) -> None:
        self._net, self._handin = net, handin
        self._worker = Student(net.drawn, Hand(40))
        found = {(q, at): read(t) for q, row in handin.texts.items() for at, t in row.items()}
        self.figures = {entry: figure for entry, figure in found.items() if figure is not None}

    def of(self, entry: Entry) -> Due:
        """Return what is due for a figure."""
        quantity, at = entry
        tokens = self._read[quantity][at].entries
        sources = frozenset(token for token in tokens if token in self.figures)
        kept = self._at_kept.get(quantity, {}).get(at)
        return Due(
            self._exact[quantity].get(at),
            kept if kept is not None and self._stands(sources, tokens) else None,
            self._wide(quantity, self._ranges[quantity][at]),
            sources,
            frozenset(token for token in tokens if token[0] in self._net.drawn.values),
        )

    def _stands(self, sources: Iterable[Entry], tokens: frozenset[Entry]) -> bool:
        """Tell whether figures stand for the numbers that the student went on with.

        What was not written down has to be right, and rounded.
        """
        made, hidden = self._handin, {name for name, at in tokens if at == HIDDEN}
        return (
            not hidden & made.mistaken
            and (made.rounds or not hidden.intersection(self._net.asked))
            and all(self._shows(self.figures[q, at], made.kept[q][at]) for q, at in sources)
        )

    def _shows(self, figure: Figure, kept: Decimal) -> bool:
        """Tell whether a figure stands for a number, also if zeros at its end were left out."""
        half = self._half(Range(figure.value, figure.value)) if figure.value else figure.half
        return abs(kept - figure.value) <= min(half, figure.half)

    def _wide(self, quantity: str, due: Range) -> Range:
        """Return the range of what is due, five times as wide where formulas read entries often.

        Whoever takes every occurrence of an entry for a number of its own finds more numbers; and
        stages in a layer, such as a sum of exponentials, may have been rounded, and probabilities
        are larger numbers than their differences from targets, which have smaller last digits.
        """
        if not self._net.reads_often(quantity):
            return due
        wide = 2 * (due.high - due.low) + 4 * self._half(due)
        if self._net.is_softmax_slope(quantity):
            wide += self._half(_PROBABLE)
        return Range(due.low - wide, due.high + wide)

    @cached_property
    def _exact(self) -> dict[str, Mapping[Position, Decimal]]:
        """What is due exactly; where a division by 0 would be needed, nothing is."""
        known, found = dict[str, Any](self._net.drawn.values), {}
        for quantity in self._net.quantities:
            try:
                made = self._found(quantity, known)
            except (ArithmeticError, KeyError):
                made = {}
            found[quantity] = {at: n for at, n in made.items() if n.is_finite()}
            known[quantity] = {
                at: figure.value
                if (figure := self.figures.get((quantity, at)))
                else found[quantity][at]
                for at in self._net.true[quantity]
                if (quantity, at) in self.figures or at in found[quantity]
            }
        return found

    @cached_property
    def _at_kept(self) -> dict[str, Array]:
        if not self._handin.kept:
            return {}
        known, found = {**self._net.drawn.values, **self._handin.kept}, {}
        for quantity in self._net.asked:
            try:
                found[quantity] = self._found(quantity, known)
            except ArithmeticError:
                continue
        return found

    @cached_property
    def _ranges(self) -> dict[str, dict[Position, Range]]:
        known, found = dict[str, Any](self._net.drawn.values), {}
        for quantity in self._net.quantities:
            made = self._found(quantity, known)
            found[quantity] = {at: range_of(n) for at, n in made.items()}
            is_copy = quantity not in self._net.asked
            known[quantity] = {
                at: Range(figure.low, figure.high)
                if (figure := self.figures.get((quantity, at)))
                else due
                if is_copy
                else self._rounded(self._wide(quantity, due))
                for at, due in found[quantity].items()
            }
        return found

    def _rounded(self, due: Range) -> Range:
        """Return what can be left of a number that was rounded and not written down."""
        half = self._half(due)
        return Range(due.low - half, due.high + half)

    def _half(self, due: Range) -> Decimal:
        """Return half of the unit that a number may have been rounded to."""
        largest = max(abs(due.low), abs(due.high))
        if not self._writing or not largest or largest >= HUGE / 2:
            return Decimal(0)
        digits, places = self._writing
        return max(Decimal(1).scaleb(largest.adjusted() - digits + 1), places) / 2

    @cached_property
    def _writing(self) -> tuple[int, Decimal] | None:
        """The most digits of a figure, and the least unit of a last one behind the point."""
        counted = [f for f in self.figures.values() if f.half and f.value]
        if not counted:
            return None
        least = min(figure.unit for figure in counted)
        return max(map(_digits, counted)), least if least < 1 else Decimal(0)

    @cached_property
    def _read(self) -> dict[str, dict[Position, Sources]]:
        """What formulas read: figures, what is given, and what was not written down."""
        net = self._net
        known: dict[str, dict[Position, Sources]] = {
            name: {at: Sources(frozenset([(name, at)])) for at in array}
            for name, array in net.drawn.values.items()
        }
        found = {}
        for quantity in net.quantities:
            made = self._found(quantity, known)
            found[quantity] = {at: Sources(sources_of(n)) for at, n in made.items()}
            known[quantity] = {
                at: Sources(frozenset([(quantity, at)]))
                if (quantity, at) in self.figures
                else Sources(self._beyond(quantity, reads))
                for at, reads in found[quantity].items()
            }
        return found

    def _beyond(self, quantity: str, reads: Sources) -> frozenset[Entry]:
        """Return what is read through a stage that was not written down: of a copy, all."""
        given = self._net.drawn.values if quantity in self._net.asked else ()
        read = (token for token in reads.entries if token[0] not in given)
        return frozenset([(quantity, HIDDEN), *read])

    def _found(self, quantity: str, known: Mapping[str, Any]) -> dict[Position, Any]:
        return self._worker.moved(quantity, known)


def _digits(figure: Figure) -> int:
    """Return how many digits a figure has, at most."""
    return figure.value.adjusted() - figure.unit.adjusted() + 1
