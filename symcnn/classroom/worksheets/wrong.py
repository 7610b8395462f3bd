"""What every mistake of the catalogue makes of a sheet's figures, and which of them agree.

A mistake is other equations for a quantity. It can be told from what is right, and from another
mistake, by a figure that differs; which of them can be told apart at all, whatever the numbers,
is found out by trying some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.worksheets.state import Layout, State, terms
from symcnn.derivation.statement import GRADIENT
from symcnn.equations import Sum, Tensor
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.reference import FLOATS
from symcnn.reference.windows import Windows

Pair = tuple[str, int, int]
"""A quantity and two ways to compute it, by their numbers; 0 is the right one."""

Named = tuple[str, str, str]
"""A quantity and the names of two mistakes that give the same figures; "" is no mistake."""

_STAYS = 1e-9
"""Figures that are nearer than this, relative to their size, are equal whatever the numbers."""


@dataclass(frozen=True, eq=False)
class Way:
    """One way in which a mistake computes a quantity."""

    mistake: Mistake
    windows: Sequence[Windows]


class Judged(NamedTuple):
    """How well mistakes can be told at some numbers.

    Attributes:
        accidents: The figures of mistakes that are right by accident.
        alike: The pairs of ways that agree in all figures of a quantity.
    """

    accidents: int
    alike: frozenset[Pair]


class Wrong:
    """The mistakes that can be made with some quantities of a network."""

    def __init__(self, layout: Layout, quantities: Iterable[str]) -> None:
        """Lay their equations out."""
        self._layout = layout
        self.ways = {name: tuple(self._ways(name)) for name in quantities}
        self._pairs = {name: [*_paired(ways)] for name, ways in self.ways.items()}

    def figures(self, quantity: str, state: State) -> Array:
        """Return a row of figures for every way to compute a quantity, the right one first."""
        right = state.of(tensor_of(self._layout.formulas, quantity))
        rows = [right, *(_made(way, state, right.size) for way in self.ways[quantity])]
        return np.array(rows)

    def judged(self, state: State, near: Callable[[], State], tolerance: float) -> Judged:
        """Find the figures of mistakes that are right by accident, and the ways that agree.

        Args:
            state: Everything at the numbers of a sheet.
            near: Gives the same at numbers close by.
            tolerance: Numbers that differ by less than this share are the same figure.
        """
        figures = {name: self.figures(name, state) for name in self.ways}
        agree = {name: _same(rows[0], rows[1:], tolerance) for name, rows in figures.items()}
        accidents = 0
        for name, same in agree.items():
            if same.any():
                there = self.figures(name, near())
                accidents += int(np.sum(same & ~_same(there[0], there[1:], _STAYS)))
        return Judged(accidents, frozenset(self._alike(figures, tolerance)))

    def alike(self, state: State, tolerance: float) -> frozenset[Pair]:
        """Return the ways that agree in all figures."""
        figures = {name: self.figures(name, state) for name in self.ways}
        return frozenset(self._alike(figures, tolerance))

    def _alike(self, figures: Mapping[str, Array], tolerance: float) -> Iterator[Pair]:
        for name, rows in figures.items():
            for one, others in self._pairs[name]:
                same = _same(rows[one], rows[others], tolerance).all(axis=1)
                yield from ((name, one, int(other)) for other in others[same])

    def named(self, pairs: Iterable[Pair]) -> set[Named]:
        """Return what pairs of ways are about: a quantity, and two mistakes or one alone."""
        return {(name, self._name(name, one), self._name(name, two)) for name, one, two in pairs}

    def _name(self, quantity: str, number: int) -> str:
        return self.ways[quantity][number - 1].mistake.name if number else ""

    def _ways(self, quantity: str) -> Iterator[Way]:
        """Run over the ways to get a quantity wrong, but for what is named as a last resort."""
        formulas = self._layout.formulas
        for mistake, equations in wrong_equations(formulas, tensor_of(formulas, quantity)):
            if not mistake.is_last_resort:
                yield Way(mistake, [*map(Windows, equations)])


def _paired(ways: Sequence[Way]) -> Iterator[tuple[int, Array]]:
    """Run over ways, each with those behind it but for other ways of the same mistake."""
    mistakes: Sequence[Mistake | None] = [None, *(way.mistake for way in ways)]
    for one, mistake in enumerate(mistakes):
        behind = range(one + 1, len(mistakes))
        others = [other for other in behind if mistakes[other] is not mistake]
        yield one, np.array(others, dtype=int)


def tensor_of(formulas: Formulas, quantity: str) -> Tensor:
    """Return the tensor of an output, of a derivative or of an updated parameter."""
    derivation, of = formulas.derivation, quantity.removeprefix(GRADIENT)
    if of != quantity:
        return derivation.adjoints[of]
    tensor = derivation.network.tensors[quantity.removeprefix(UPDATED)]
    return formulas.updated[tensor.base] if quantity.startswith(UPDATED) else tensor


def _made(way: Way, state: State, size: int) -> Array:
    """Return the figures that a way gives with right figures before it; nan where it gives none."""
    made = np.zeros(size)
    try:
        with np.errstate(all="ignore"):
            for windows in way.windows:
                made[windows.entries] += _reduced(windows, terms(windows, state.values))
    except (SymcnnError, ArithmeticError, IndexError, KeyError, ValueError):
        return np.full(size, np.nan)
    return made


def _reduced(windows: Windows, found: Array) -> Array:
    """Return the result of every window; some mistakes have a sum of their own."""
    reduction = windows.equation.reduction
    if type(reduction) is Sum or not isinstance(reduction, Sum):
        return windows.combined(found, FLOATS)
    runs = np.split(found, np.flatnonzero(np.diff(windows.windows)) + 1)
    return np.array([float(reduction.combine(run.tolist())) for run in runs])


def _same(one: Array, other: Array, tolerance: float) -> Array:
    """Tell which figures are the same to some tolerance; what is no number equals nothing."""
    largest = np.maximum(np.abs(one), np.abs(other))
    return np.asarray(np.abs(one - other) <= tolerance * largest + 1e-12)
