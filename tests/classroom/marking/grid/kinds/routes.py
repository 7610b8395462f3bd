"""Worked rightly in other ways: stages left out, more digits inside, another order, fractions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from fractions import Fraction
from random import Random

from tests.classroom.marking.grid.hand import AS_WRITTEN, EVERYTHING, Hand
from tests.classroom.marking.grid.handin import HandIn, worked
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.settings import Settings


def _hand(settings: Settings, random: Random) -> Hand:
    digits = settings.digits + random.randint(0, 2)
    return Hand(digits, inside=random.choice((AS_WRITTEN, EVERYTHING, digits + 1, digits + 2)))


def _more_inside(given: Given, settings: Settings, random: Random) -> HandIn:
    """Round on the way to one or two digits more than are written, or only when writing."""
    more = random.choice((settings.digits + 1, settings.digits + 2, EVERYTHING))
    return worked(given, Hand(settings.digits, inside=more))


def _stages_left_out(given: Given, settings: Settings, random: Random) -> HandIn:
    made = worked(given, _hand(settings, random))
    for texts in made.texts.values():
        if random.random() < 0.4:
            texts.update(dict.fromkeys(texts, ""))
    return made


def _computer(given: Given, settings: Settings, random: Random) -> HandIn:
    """Let a computer work: sixteen digits, the last of which depend on the order of sums."""
    made = HandIn({}, given.true, digits=15)
    for quantity in given.asked:
        made.texts[quantity] = {at: _float(n, random) for at, n in given.true[quantity].items()}
    return made


def _float(number: Decimal, random: Random) -> str:
    """Return a float beside a number: a sum of two parts that do not add up to it exactly."""
    part = random.uniform(-1, 1) * float(number)
    return repr((float(number) - part) + part)


def _fractions(given: Given, settings: Settings, random: Random) -> HandIn:
    """Write short exact numbers as fractions, and others rounded."""
    made = worked(given, Hand(settings.digits + random.randint(0, 3)))
    for quantity, texts in made.texts.items():
        for at, number in given.true[quantity].items():
            texts[at] = next(_quotients(number), texts[at])
    return made


def _quotients(number: Decimal) -> Iterator[str]:
    """Run over the quotient of whole numbers that is exactly a number, if it is short."""
    exact = Fraction(number)
    for found in (exact, exact.limit_denominator(1000)):
        is_near = abs(number - Decimal(found.numerator) / Decimal(found.denominator)) < 1e-45
        if found.denominator <= 10**6 and is_near:
            yield f"{found.numerator}/{found.denominator}"


def _mixed(given: Given, settings: Settings, random: Random) -> HandIn:
    """Write every figure with other digits, at least as many as are asked for."""
    made = HandIn({}, given.true, digits=settings.digits)
    for quantity in given.asked:
        made.texts[quantity] = {
            at: str(Context(prec=settings.digits + random.randint(0, 3)).plus(n))
            for at, n in given.true[quantity].items()
        }
    return made


KINDS = {
    "more digits inside": _more_inside,
    "stages left out": _stages_left_out,
    "computer": _computer,
    "fractions": _fractions,
    "mixed digits": _mixed,
}
