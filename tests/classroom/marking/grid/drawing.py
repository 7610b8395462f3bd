"""Hand-in k: its network and settings are those of its class, and its kind goes round."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from tests.classroom.marking.grid.hand import Hand
from tests.classroom.marking.grid.handin import HandIn, worked
from tests.classroom.marking.grid.kinds import collected
from tests.classroom.marking.grid.networks import Given, given
from tests.classroom.marking.grid.numbers import exactly
from tests.classroom.marking.grid.settings import Settings, drawn

KINDS = collected()
CLASS = len(KINDS)
"""The hand-ins to one network: one of each kind."""


def class_of(number: int) -> int:
    """Return the class of a hand-in."""
    return number // CLASS


@lru_cache(maxsize=8)
def posed(number: int) -> tuple[Given, Settings]:
    """Return the network of a class, and what is asked for."""
    return given(number), drawn(Random(f"settings {number}"))


def handin(number: int) -> HandIn:
    """Draw a hand-in; who cannot go on with rounded numbers takes exact ones."""
    net, settings = posed(class_of(number))
    kind = [*KINDS][number % CLASS]
    with exactly():
        try:
            made = KINDS[kind](net, settings, Random(f"hand-in {number}"))
        except ArithmeticError:
            made = worked(net, Hand(settings.digits))
    made.kind = kind
    return made
