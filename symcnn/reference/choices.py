"""Choices: where there is no derivative and one stands for it, and what other choices change.

At a tie any share of what arrives may go to each of the largest terms, and at a kink, where a
slope jumps as that of a rectifier does at 0, any number between the slopes on both sides stands
for it. Derivatives are affine in the choices of one equation. So other choices change none of
them if a random combination of the changes is 0: otherwise it is 0 by chance, with a probability
of one in a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, reduce
from operator import add
from random import Random
from typing import NamedTuple

import numpy as np
from sympy import Expr, Function, Indexed, IndexedBase, Integer, Piecewise, S
from sympy.core.relational import Relational

from symcnn.equations import Equation
from symcnn.equations.functions import ELEMENTARY, DefinedFunction
from symcnn.equations.values.evaluation import Array
from symcnn.reference.interpreter import Kind
from symcnn.reference.passes import Arrays, Pass
from symcnn.reference.windows import Windows, departing

SMALLEST = 1e-300
"""An entry that nothing rounded is moved by this much: it matters at 0 alone."""

_JUMP = 0.01
"""A slope that changes by this share of itself over so short a way has jumped."""

_SMOOTH = tuple(row.function for row in ELEMENTARY.values() if row.is_smooth)
"""Over a long way their slope changes too: that of exp between -10^12 - 1 and -10^12 + 1."""

Slope = Callable[[Indexed, Array], Array]
"""Returns the slope of every term with respect to one access, at numbers of that access."""


class Kink(NamedTuple):
    """A term whose slope jumps where an entry that it reads is, or nearly there.

    Attributes:
        equation: The equation of the term.
        entry: The entry of its target.
        base: The tensor that is read.
        read: The entry of it.
    """

    equation: Equation
    entry: int
    base: IndexedBase
    read: int


@lru_cache(maxsize=2**12)
def can_jump(equation: Equation) -> bool:
    """Tell whether a slope may jump; that of a product of entries does not."""
    return any(map(_may_jump, equation.value.atoms(Function, Piecewise, Relational)))


def _may_jump(part: Expr) -> bool:
    """Tell it of a function, of its definition where it has one."""
    if isinstance(part, DefinedFunction):
        definition = part.definition(part.args[0])
        return any(map(_may_jump, definition.atoms(Function, Piecewise, Relational) - {part}))
    return not isinstance(part, _SMOOTH)


def jumps(
    windows: Windows, read: Indexed, numbers: Array, around: float, slope: Slope
) -> Iterator[Kink]:
    """Compare the slopes of every term a little below and a little above one access."""
    below, above = slope(read, numbers - around), slope(read, numbers + around)
    largest = np.maximum(np.abs(below), np.abs(above))
    targets = windows.each(windows.entries)
    for term in np.flatnonzero(np.abs(above - below) > _JUMP * largest):
        place = int(windows.reads[read][term])
        yield Kink(windows.equation, int(targets[term]), read.base, place)


_MANY = 10**6
_ROUNDING = 1e-12
"""A change in floats that is smaller, relative to what is moved, is rounding."""


class Choice(NamedTuple):
    """All that is chosen in one equation, at ties or at the kinks of one access.

    Attributes:
        equation: The equation.
        entries: The entries of its target whose derivatives are chosen.
        read: The access at whose kinks they are; None at ties.
        places: The entries of the tensor that is accessed which are at kinks.
        changed: The entries of which other choices change the derivative, by their tensors.
    """

    equation: Equation
    entries: tuple[int, ...]
    read: Indexed | None
    places: tuple[int, ...]
    changed: Mapping[IndexedBase, tuple[int, ...]]


def choices(passed: Pass, compared: Kind | None = None) -> Iterator[Choice]:
    """Find all that is chosen.

    Args:
        passed: The forward pass.
        compared: How terms of a maximum compare; by default as the pass compares them.
    """
    found = _Choices(passed, compared or passed.kind)
    for tensor, equations in passed.stages:
        for windows in equations:
            arriving = windows.each(passed.derivatives[tensor.base][windows.entries])
            if windows.is_maximum():
                yield from found.winners(windows, arriving)
            if can_jump(windows.equation):
                yield from found.slopes(windows, arriving * passed.weights(windows))


class _Choices:
    def __init__(self, passed: Pass, compared: Kind) -> None:
        self._passed, self._compared, self._random = passed, compared, Random(0)
        self._nothing = passed.constant(S.Zero, 1)[0]

    def winners(self, windows: Windows, arriving: Array) -> Iterator[Choice]:
        """Move what arrives at tied terms from the first of them to the others, at random."""
        ties = dict(windows.ties(self._passed.terms(windows), self._compared))
        if not ties:
            return
        shares = self._passed.constant(S.Zero, windows.count)
        for first, *others in ties.values():
            shares[others] = self._drawn(len(others))
            shares[first] = self._nothing - reduce(add, shares[others])
        moved = self._passed.zeros()
        for read, slopes in self._passed.slopes(windows).items():
            np.add.at(moved[read.base], windows.reads[read], arriving * shares * slopes)
        yield Choice(windows.equation, tuple(ties), None, (), self._changed(moved))

    def slopes(self, windows: Windows, arriving: Array) -> Iterator[Choice]:
        """Take other slopes at kinks, at random."""
        for read, at in windows.reads.items():
            jump = self._jump(windows, read)
            kinks = np.flatnonzero(self._passed.kind.order(jump, self._nothing))
            if not kinks.size:
                continue
            moved = self._passed.zeros()
            turned = arriving[kinks] * jump[kinks] * self._drawn(kinks.size)
            np.add.at(moved[read.base], at[kinks], turned)
            entries = windows.entries[windows.windows[kinks]]
            made = (tuple(dict.fromkeys(found.tolist())) for found in (entries, at[kinks]))
            yield Choice(windows.equation, next(made), read, next(made), self._changed(moved))

    def _jump(self, windows: Windows, read: Indexed) -> Array:
        """Return the slopes on the right of every term less those on the left."""
        still, one = (self._passed.constant(n, windows.count) for n in (S.Zero, S.One))
        others, kind = dict.fromkeys(windows.reads, still), departing(self._passed.kind)
        right, left = (
            self._passed.velocities_of_terms(windows, {**others, read: moved}, kind)
            for moved in (one, still - one)
        )
        jump: Array = right + left  # to the left, an entry moves with the velocity -1
        return jump

    def _drawn(self, count: int) -> Array:
        numbers = [Integer(self._random.randint(1, _MANY)) for _ in range(count)]
        return np.array([self._passed.kind.number(number) for number in numbers])

    def _changed(self, moved: Arrays) -> dict[IndexedBase, tuple[int, ...]]:
        """Return the entries whose derivative changes if what arrives at others does."""
        made = self._passed.propagated(moved)
        differ = self._differ(max(map(_largest, moved.values())))
        found = {base: np.flatnonzero(differ(array)).tolist() for base, array in made.items()}
        return {base: tuple(entries) for base, entries in found.items() if entries}

    def _differ(self, moved: float) -> Callable[[Array], Array]:
        """Return what tells numbers from 0, beside floats that were moved by so much."""
        order, nothing = self._passed.kind.order, self._nothing
        if isinstance(nothing, float):
            return lambda array: np.abs(array) > _ROUNDING * moved
        return lambda array: np.asarray(order(array, nothing))


def _largest(array: Array) -> float:
    return 0.0 if array.dtype == object else float(np.max(np.abs(array), initial=0.0))
