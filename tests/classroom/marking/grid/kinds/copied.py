"""Numbers that are given, handed in as figures that are computed from them."""

from __future__ import annotations

from random import Random

from tests.classroom.marking.grid.hand import AS_WRITTEN, Hand, text
from tests.classroom.marking.grid.handin import HandIn, worked
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.settings import Settings
from tests.classroom.marking.simulation.student import UPDATED


def _old_weights(given: Given, settings: Settings, random: Random) -> HandIn:
    """Hand the weights in as the updated ones, some with zeros at their ends."""
    made = worked(given, Hand(settings.digits + random.randint(0, 2), inside=AS_WRITTEN))
    made.digits, pads = 0, random.random() < 0.3
    for quantity, texts in made.texts.items():
        if quantity.startswith(UPDATED):
            old = given.drawn.values[quantity.removeprefix(UPDATED)]
            shown = Hand(settings.digits).written if pads else (lambda number: number)
            texts.update({at: text(shown(number)) for at, number in old.items()})
    return made


def _inputs(given: Given, settings: Settings, random: Random) -> HandIn:
    """Hand numbers of the input in as the first layer's outputs."""
    made = worked(given, Hand(settings.digits, inside=AS_WRITTEN))
    made.digits = 0
    inputs = [text(number) for number in given.drawn.values["x"].values()]
    first = made.texts[given.asked[0]]
    first.update({at: random.choice(inputs) for at in first if random.random() < 0.8})
    return made


KINDS = {"old weights": _old_weights, "copied input": _inputs}
