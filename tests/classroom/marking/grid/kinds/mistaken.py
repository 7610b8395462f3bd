"""Worked with a mistake of the catalogue, and rightly from there on."""

from __future__ import annotations

from random import Random

from tests.classroom.marking.grid.hand import AS_WRITTEN, EVERYTHING, Hand
from tests.classroom.marking.grid.handin import HandIn, worked
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.settings import Settings


def _mistakes(number: int):
    def handin(given: Given, settings: Settings, random: Random) -> HandIn:
        made = dict[str, str]()
        for _ in range(number):
            kind = random.choice([*given.mistakes])
            quantity, name = random.choice(given.mistakes[kind])
            made[quantity] = name
        digits = settings.digits + random.choice((0, 0, 1, 3))
        inside = random.choice((AS_WRITTEN, EVERYTHING, digits + 1))
        return worked(given, Hand(digits, inside=inside), made)

    return handin


def _with_gaps(given: Given, settings: Settings, random: Random) -> HandIn:
    """Make a mistake, and leave some stages out."""
    made = _mistakes(1)(given, settings, random)
    for texts in made.texts.values():
        if random.random() < 0.25:
            texts.update(dict.fromkeys(texts, ""))
    return made


def _one_digit(given: Given, settings: Settings, random: Random) -> HandIn:
    """Make a mistake, and write too few digits."""
    kind = random.choice([*given.mistakes])
    quantity, name = random.choice(given.mistakes[kind])
    hand = Hand(random.choice((1, max(1, settings.digits - 1))), inside=EVERYTHING)
    return worked(given, hand, {quantity: name})


KINDS = {
    "a mistake": _mistakes(1),
    "another mistake": _mistakes(1),
    "a third mistake": _mistakes(1),
    "two mistakes": _mistakes(2),
    "a mistake and stages left out": _with_gaps,
    "a mistake and few digits": _one_digit,
}
