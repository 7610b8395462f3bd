"""What is handed in: the texts of all figures, and what is known of who wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.classroom.marking.grid.hand import Hand, text
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.numbers import tidy
from tests.classroom.marking.simulation.arrays import Array, Position
from tests.classroom.marking.simulation.student import Student

Texts = dict[str, dict[Position, str]]
"""The texts of figures, by their quantities and places; what is left out is empty."""


@dataclass
class HandIn:
    """A hand-in.

    Attributes:
        texts: What stands where figures are asked for.
        kept: The numbers that the student went on with, if somebody worked it.
        rounds: Whether that somebody rounded to the nearest number.
        mistaken: The quantities in which he made mistakes.
        digits: The significant digits that every figure has at least, rounded from what was worked
            rightly, but for mistakes; 0 if there is no such number.
        kind: What kind of a hand-in it is, for reports.
    """

    texts: Texts
    kept: Mapping[str, Array] = field(default_factory=dict)
    rounds: bool = True
    mistaken: frozenset[str] = frozenset()
    digits: int = 0
    kind: str = ""

    @property
    def answers(self) -> dict[str, list[str]]:
        """The texts as ``mark`` takes them, without quantities of which nothing is written."""
        listed = {quantity: [*texts.values()] for quantity, texts in self.texts.items()}
        return {quantity: texts for quantity, texts in listed.items() if any(texts)}

    @property
    def figures(self) -> Iterator[tuple[str, Position, str]]:
        """The texts with their quantities and places."""
        for quantity, texts in self.texts.items():
            yield from ((quantity, at, text) for at, text in texts.items())


def worked(given: Given, hand: Hand, mistakes: Mapping[str, str] | None = None) -> HandIn:
    """Let somebody work a network.

    Raises:
        ArithmeticError: If he cannot go on: who rounds a probability to 1 may divide by 0.
    """
    student = Student(given.drawn, hand, mistakes)
    return HandIn(
        {
            q: {at: text(hand.written(tidy(n))) for at, n in student.exact(q).items()}
            for q in given.asked
        },
        {q: student.kept(q) for q in given.quantities},
        hand.rounds,
        frozenset(mistakes or ()),
        hand.digits if hand.is_plain else 0,
    )
