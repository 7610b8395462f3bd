"""The terms of an equation, window by window, and how its reduction puts them together.

A window is all terms that lead to one entry of the target. Arrays of terms have them along
the last axis, those of a window side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np
import sympy
from sympy import Dummy, Expr, Indexed, Rational, S, exp, sqrt
from sympy.codegen.cfunctions import log1p

from symcnn.equations import (
    Assignments,
    Equation,
    Largest,
    LogSumExp,
    Max,
    Sum,
    is_maximum,
    meeting,
)
from symcnn.equations.assignments import Selected
from symcnn.equations.functions import (
    ELEMENTARY,
    DefinedFunction,
    Iverson,
    maximum,
    normal_cdf,
    softplus,
)
from symcnn.equations.functions.elementary import Z
from symcnn.equations.values.evaluation import Array
from symcnn.reference.enclosures import Number, Precision, functions
from symcnn.reference.interpreter import Kind, Lazy, evaluate

# Functions of exact numbers in forms that do not cancel, and the slopes of a few.


Written = tuple[Dummy, Expr]
"""A function's argument, and an expression of it."""


ANALYTIC: Mapping[str, tuple[Callable[[Number, Precision], Number], Written]] = {
    name: (getattr(functions, name), (Z, row.slope))
    for name, row in ELEMENTARY.items()
    if row.slope is not None
}
"""Functions with their slopes."""

WRITTEN: Mapping[str, Written] = {
    name: (Z, row.written) for name, row in ELEMENTARY.items() if row.written is not None
}
"""Functions by what they are made of, from which their slopes follow."""


@cache
def definition(function: type[DefinedFunction]) -> Written:
    """Return a function of symcnn by what it is made of; nothing cancels or overflows."""
    if function is softplus:
        return Z, Z * Iverson(Z > 0) + log1p(exp(-maximum(-Z, Z)))
    if function is normal_cdf:
        return Z, ELEMENTARY["erfc"].function(-Z / sqrt(2)) / 2
    return Z, function.definition(Z)


# Numbers that move: a value, and how fast it changes, in any kind of number.


class Moving:
    """A value, and its velocity, in the same kind of number, or in arrays of them."""

    __slots__ = ("value", "velocity")

    def __init__(self, value: Any, velocity: Any) -> None:
        """Take both."""
        self.value, self.velocity = value, velocity

    def __add__(self, other: Moving) -> Moving:
        """Return the sum."""
        return Moving(self.value + other.value, self.velocity + other.velocity)

    def __sub__(self, other: Moving) -> Moving:
        """Return the difference."""
        return Moving(self.value - other.value, self.velocity - other.velocity)

    def __mul__(self, other: Moving) -> Moving:
        """Return the product, by the product rule."""
        velocity = self.value * other.velocity + self.velocity * other.value
        return Moving(self.value * other.value, velocity)


def moving(kind: Kind) -> Kind:
    """Return moving numbers of a kind as a kind of number."""
    computing = _Moving(kind)
    return replace(
        kind,
        number=computing.number,
        exp=computing.exp,
        log=computing.log,
        power=computing.power,
        order=lambda a, b: kind.order(a.value, b.value),
        choose=computing.choose,
        larger=computing.larger,
        function=computing.function,
    )


def departing(kind: Kind) -> Kind:
    """Return numbers that begin to move: of two that are equal, the faster one is larger."""

    def order(a: Moving, b: Moving) -> Any:
        found = kind.order(a.value, b.value)
        if np.all(found):
            return found
        return np.where(found == 0, kind.order(a.velocity, b.velocity), found)

    return replace(moving(kind), order=order)


class _Moving:
    """Functions of moving numbers, by the chain rule."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def number(self, number: Expr) -> Moving:
        return Moving(self._kind.number(number), self._kind.number(S.Zero))

    def exp(self, z: Moving) -> Moving:
        value = self._kind.exp(z.value)
        return Moving(value, value * z.velocity)

    def log(self, z: Moving) -> Moving:
        below = self._kind.power(z.value, Fraction(-1))
        return Moving(self._kind.log(z.value), below * z.velocity)

    def power(self, z: Moving, exponent: Fraction) -> Moving:
        below = self._kind.power(z.value, exponent - 1)
        factor = self._kind.number(Rational(exponent.numerator, exponent.denominator))
        return Moving(self._kind.power(z.value, exponent), factor * below * z.velocity)

    def choose(self, holds: Any, one: Lazy, other: Lazy) -> Moving:
        def part(name: str) -> Any:
            parts = (lambda: getattr(one(), name)), (lambda: getattr(other(), name))
            return self._kind.choose(holds, *parts)

        return Moving(part("value"), part("velocity"))

    def larger(self, a: Moving, b: Moving) -> Moving:
        """Return the larger number, at rest: it is subtracted and added again."""
        return Moving(self._kind.larger(a.value, b.value), self._kind.number(S.Zero))

    def function(self, name: str) -> Callable[[Moving], Moving] | None:
        function = self._kind.function(name)
        if function is None:
            return None
        argument, slope = _slope(name)

        def moved(z: Moving) -> Moving:
            factor = evaluate(slope, {argument: z.value}, self._kind)
            return Moving(function(z.value), factor * z.velocity)

        return moved


@cache
def _slope(name: str) -> Written:
    """Return the slope of a function of SymPy, of which some are known in better forms."""
    if name in ANALYTIC:
        return ANALYTIC[name][1]
    return Z, getattr(sympy, name)(Z).diff(Z)


_KEPT = 64
"""Of how many entries terms are kept: a row is checked at one set of numbers after the other."""


class Windows:
    """Where the terms of one equation come from, and where they go.

    Attributes:
        equation: The equation.
        count: How many terms there are.
        reads: For each access of the value, the entry that it reads in every term.
        entries: The entry of the target that each window leads to.
        windows: The window that each term is in.
    """

    def __init__(self, equation: Equation, listed: Assignments | None = None) -> None:
        """Lay the terms out.

        Args:
            equation: The equation.
            listed: Some of its loop assignments, those of whole windows; by default all.
        """
        listed = listed or Assignments(equation)
        self.equation, self.count, self._reduction = equation, listed.count, equation.reduction
        self.reads = {read: entries[listed.order] for read, entries in listed.reads.items()}
        self.entries, self._starts = listed.windows
        self.windows = np.repeat(
            np.arange(self.entries.size, dtype=np.int32), np.diff(self._starts, append=self.count)
        )

    def combined(self, terms: Array, kind: Kind) -> Array:
        """Return the result of every window."""
        if self.is_sum():
            return _sums(terms, self._starts)
        if self.is_log_sum_exp():
            shift: Array = kind.largest(terms, self._starts)  # no exponent is positive
            powers: Array = kind.exp(terms - self.each(shift))
            return np.asarray(shift + kind.log(_sums(powers, self._starts)))
        chosen = self._chosen(terms, kind)
        starts = np.searchsorted(self.windows[chosen], np.arange(self.entries.size))
        return _sums(terms[..., chosen] * self._shares(chosen, kind), starts)

    def weights(self, terms: Array, kind: Kind) -> Array:
        """Return how fast the result of a window grows with each of its terms."""
        if self.is_log_sum_exp():
            return np.asarray(kind.exp(terms - self.each(self.combined(terms, kind))))
        made = np.full(self.count, kind.number(S.One))
        if not self.is_sum():
            chosen = self._chosen(terms, kind)
            made[:] = kind.number(S.Zero)
            made[chosen] = self._shares(chosen, kind)
        return made

    def each(self, windows: Array) -> Array:
        """Return what there is one of for every window for every one of its terms."""
        return windows[..., self.windows]

    def added(self, terms: Array) -> Array:
        """Return the sum of every window's terms."""
        return _sums(terms, self._starts)

    def is_log_sum_exp(self) -> bool:
        """Tell whether the windows' results are the logarithms of sums of exponentials."""
        return isinstance(self._reduction, LogSumExp)

    def is_sum(self) -> bool:
        """Tell whether the windows' results are the sums of their terms."""
        return isinstance(self._reduction, Sum)

    def is_maximum(self) -> bool:
        """Tell whether the windows' results are their largest terms, and it matters which."""
        return is_maximum(self.equation) and not isinstance(self._reduction, Largest)

    def ties(self, terms: Array, kind: Kind) -> Iterator[tuple[int, Array]]:
        """Return the entries whose largest term is not alone, and which terms these are."""
        largest = self._largest(terms, kind)
        for tied in np.split(largest, np.flatnonzero(np.diff(self.windows[largest])) + 1):
            if tied.size > 1:
                yield int(self.entries[self.windows[tied[0]]]), tied

    def fastest(self, terms: Array, velocities: Array, kind: Kind) -> Array:
        """Return, for every window, the largest velocity of its largest terms."""
        largest = self._largest(terms, kind)
        starts = np.searchsorted(self.windows[largest], np.arange(self.entries.size))
        made: Array = kind.largest(velocities[largest], starts)
        return made

    def places(self, terms: Array) -> list[int]:
        """Return which terms of their window some terms of one window are."""
        return (terms - self._starts[self.windows[terms[0]]]).tolist()  # type: ignore[no-any-return]

    def _largest(self, terms: Array, kind: Kind) -> Array:
        largest = self.each(kind.largest(terms, self._starts))
        tied = np.asarray(kind.order(terms, largest) == 0)
        return np.flatnonzero(tied.reshape(-1, self.count)[0])

    def _chosen(self, terms: Array, kind: Kind) -> Array:
        """Return the terms that count: the largest ones of a maximum, all of a mean."""
        if not isinstance(self._reduction, Max):
            return np.arange(self.count)
        winners = self._largest(terms, kind)
        if self._reduction.ties == "first":
            winners = winners[np.unique(self.windows[winners], return_index=True)[1]]
        return winners

    def _shares(self, chosen: Array, kind: Kind) -> Array:
        """Return 1/n for each of n terms that count in a window."""
        counts = np.bincount(self.windows[chosen])
        shares = {n: kind.number(Rational(1, n)) for n in set(counts.tolist()) - {0}}
        return np.array([shares[n] for n in counts[self.windows[chosen]].tolist()])


def _sums(terms: Array, starts: Array) -> Array:
    return np.add.reduceat(terms, starts, axis=-1)


def windows_at(equation: Equation, access: Indexed, entries: Array) -> Windows | None:
    """Return the terms in which an access is one of some entries; None if there are none."""
    listed = Selected(equation, meeting(equation, access, entries))
    return Windows(equation, listed) if listed.count else None


@lru_cache(_KEPT)
def windows_at_entry(equation: Equation, access: Indexed, entry: int) -> Windows | None:
    """Return the terms in which an access is one entry; None if there are none."""
    return windows_at(equation, access, np.array([entry]))
