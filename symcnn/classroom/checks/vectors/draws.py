"""The numbers of a case: short binary fractions, which float64 holds, as their products and sums.

The same case has the same numbers everywhere: of Python's generators, only ``random()`` of one that
is seeded with a text gives the same results in every version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

Numbers = list[Fraction]
Draw = Callable[[int, Random], Numbers]
"""Draws so many numbers."""


def distinct(count: int, random: Random) -> Numbers:
    """Return distinct multiples of 1/4 around 0, without 0: no tie, and no kink at 0."""
    largest = count // 2 + 2
    pool = [Fraction(n, 4) for n in range(-largest, largest + 1) if n]
    return _shuffled(pool, random)[:count]


def repeated(count: int, random: Random) -> Numbers:
    """Return numbers that are equal to each other and to 0 here and there."""
    pool = [Fraction(n, 2) for n in (-2, -1, 0, 1, 2)]
    return [_one_of(pool, random) for _ in range(count)]


def powers(count: int, random: Random) -> Numbers:
    """Return powers of 2 with signs, whose quotients are binary fractions, too."""
    pool = [sign * Fraction(2) ** n for n in range(-2, 3) for sign in (-1, 1)]
    return [_one_of(pool, random) for _ in range(count)]


def positive(count: int, random: Random) -> Numbers:
    """Return distinct positive multiples of 1/4."""
    return _shuffled([Fraction(n + 1, 4) for n in range(count)], random)


def bits(count: int, random: Random) -> Numbers:
    """Return 0 and 1, both of them if there are several."""
    return _shuffled([Fraction(n % 3 > 0) for n in range(count)], random)


def below(entries: int) -> Draw:
    """Return what draws whole numbers from 0 to below a number of entries, with repetitions."""

    def draw(count: int, random: Random) -> Numbers:
        pool = [Fraction(n) for n in range(entries)]
        return [_one_of(pool, random) for _ in range(count)]

    return draw


def times(factor: int, draw: Draw) -> Draw:
    """Return what draws multiples of a factor."""
    return lambda count, random: [factor * number for number in draw(count, random)]


def seeded(*names: object) -> Random:
    """Return a generator of its own for what has these names."""
    return Random("/".join(map(str, names)))


def _shuffled(pool: Sequence[Fraction], random: Random) -> Numbers:
    return [number for _, number in sorted((random.random(), number) for number in pool)]


def _one_of(pool: Sequence[Fraction], random: Random) -> Fraction:
    return pool[int(random.random() * len(pool))]
