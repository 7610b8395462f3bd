"""What numbers have to be like for a sheet: how far a candidate falls short, demand by demand.

A coincidence is an accident if it is gone at numbers close by: a figure that is 0, or equal to
another, at the numbers of the sheet but not close to them. One that stays has a reason, as the
derivative of an entry that lost its maximum has, and is no fault.

Everything that a network has at some numbers: values, routings, derivatives, in floats.

The equations are laid out once, so that thousands of candidates for a sheet's numbers are
evaluated in about a millisecond each.

What every mistake of the catalogue makes of a sheet's figures, and which of them agree.

A mistake is other equations for a quantity. It can be told from what is right, and from another
mistake, by a figure that differs; which of them can be told apart at all, whatever the numbers,
is found out by trying some.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import NamedTuple

import numpy as np
from sympy import Function, IndexedBase

from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.derivation.statement import GRADIENT
from symcnn.equations import Assignments, Equation, Sum, Tensor, grouped
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.reference import FLOATS, STEP, evaluate
from symcnn.reference.choices import can_jump
from symcnn.reference.forward import FloatPass
from symcnn.reference.passes import Stages, stages_of
from symcnn.reference.windows import Windows

Shortfall = dict[str, int]
"""For each demand, how many figures do not meet it."""

LEAD = 0.03
"""The least lead of a maximum, and the least distance from a kink, as a share of the largest."""

_SLOPE = 0.05
"""The least slope of an activation that is not saturated."""

_SPREAD = 200.0
"""The largest figure of a quantity is at most so many times the least."""

_LARGEST, _LEAST = 30.0, 2e-4
_ZERO = 1e-11
_SHORT = 8
"""The decimal places of a number that counts as short; more are as bad as any."""

_SLACK = 8
"""Of so many derivatives one more or less may be 0 in another variant."""

_NO_NUMBER = 10_000
"""What counts for numbers at which something has no value."""

_LIVE = 0.5
"""The share of a layer's outputs that are not 0."""

MEANT = {
    "size": "outputs of a readable size",
    "range": "derivatives of a readable size",
    "lead": "maxima with a clear winner, and arguments away from kinks",
    "saturated": "activations that are not saturated",
    "zero": "figures that are not 0 by accident",
    "live": "enough rectifiers with positive arguments",
    "equal": "derivatives that all differ",
    "pattern": "as many zeros and digits as in the first variant",
}
"""What each demand asks for, in words."""


@dataclass(frozen=True)
class Pattern:
    """What variants have in common: zeros and digits, quantity by quantity.

    Attributes:
        zeros: How many figures of each quantity are 0.
        places: How many decimal places its figures have at most; 0 where they are rounded.
    """

    zeros: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Demands:
    """The demands on the figures of some quantities.

    Attributes:
        quantities: Their tensors, in the order of computation.
        weights: Those of them that are derivatives with respect to parameters.
        exact: Those that are rational, so that their figures can be short decimals.
        tolerance: Numbers that differ by less than this share are the same figure.
        pattern: What other variants are like, if there are any.
    """

    quantities: Sequence[Tensor]
    weights: Sequence[Tensor]
    exact: Collection[Tensor]
    tolerance: float
    pattern: Pattern | None = None

    def shortfall(self, state: State, near: Callable[[], State], most: int) -> Shortfall:
        """Count what does not meet the demands, one after the other.

        Args:
            state: Everything at the numbers of the sheet.
            near: Gives the same at numbers close by, in general position.
            most: Where more are missed than this, the other demands are not looked at.
        """
        missed: dict[str, int] = {}
        for name, count in self._counts(state, near):
            missed[name] = count
            if sum(missed.values()) > most:
                break
        return missed

    def _counts(self, state: State, near: Callable[[], State]) -> Iterator[tuple[str, int]]:
        """Count what is missed, the quickest to find out first."""
        if not state.is_finite:
            yield "size", _NO_NUMBER
            return
        outputs = [state.of(tensor) for tensor in self.quantities if _is_output(tensor)]
        yield "size", sum(map(_out_of_range, outputs))
        yield "live", sum(map(_dead, outputs))
        yield "saturated", sum(int(np.sum(np.abs(s) < _SLOPE)) for s in state.slopes())
        yield "lead", _unclear(state)
        figures = [state.of(tensor) for tensor in self.quantities]
        yield "range", sum(map(_out_of_range, figures[len(outputs) :]))
        yield "pattern", self._off_pattern(state)
        there = near()
        if not there.is_finite:
            yield "range", _NO_NUMBER
            return
        pairs = zip(figures, map(there.of, self.quantities), strict=True)
        yield "zero", sum(_accidental_zeros(*pair) for pair in pairs)
        yield "equal", self._equal(state, there)

    def pattern_of(self, state: State) -> Pattern:
        """Return the zeros and the digits of the quantities."""
        zeros = (int(np.sum(np.abs(state.of(t)) < _ZERO)) for t in self.quantities)
        return Pattern(tuple(zeros), tuple(self._most_places(t, state) for t in self.quantities))

    def length(self, state: State) -> int:
        """Return how long exact figures are: the decimal places of all together."""
        return sum(int(_places(state.of(tensor)).sum()) for tensor in self.exact)

    def _most_places(self, tensor: Tensor, state: State) -> int:
        return int(_places(state.of(tensor)).max()) if tensor in self.exact else 0

    def _equal(self, state: State, near: State) -> int:
        """Count derivatives that are the same figure as another one by accident."""
        if not self.weights:
            return 0
        here, there = (np.concatenate([s.of(t) for t in self.weights]) for s in (state, near))
        order = np.argsort(here, kind="stable")
        here, there = here[order], there[order]
        gaps, sizes = np.diff(here), np.maximum(np.abs(here[1:]), np.abs(here[:-1]))
        stays = np.abs(np.diff(there)) <= _ZERO + 1e-9 * sizes
        return int(np.sum((gaps <= self.tolerance * sizes) & ~stays))

    def _off_pattern(self, state: State) -> int:
        if self.pattern is None:
            return 0
        found, wanted = self.pattern_of(state), self.pattern
        pairs = zip(self.quantities, found.zeros, wanted.zeros, strict=True)
        zeros = sum(max(0, abs(a - b) - _slack(tensor)) for tensor, a, b in pairs)
        longer = (max(0, a - b) for a, b in zip(found.places, wanted.places, strict=True))
        return zeros + sum(longer)


def _is_output(tensor: Tensor) -> bool:
    return tensor.role in ("hidden", "loss")


def _slack(tensor: Tensor) -> int:
    """Return by how much numbers of zeros may differ: outputs have as many, derivatives nearly."""
    return 0 if _is_output(tensor) else int(tensor.size) // _SLACK


def _dead(output: Array) -> int:
    """Count the figures that are missing where too many of an output are 0."""
    most = ceil((1 - _LIVE) * output.size) if output.size > 1 else 0
    return max(0, int(np.sum(np.abs(output) < _ZERO)) - most)


def _out_of_range(array: Array) -> int:
    """Count figures that are too large, too small, or small beside the largest."""
    sizes = np.abs(array[np.abs(array) >= _ZERO])
    if not sizes.size:
        return 0
    least = max(_LEAST, float(sizes.max()) / _SPREAD)
    return int(np.sum((sizes > _LARGEST) | (sizes < least)))


def _unclear(state: State) -> int:
    leads = sum(int(np.sum(found < LEAD)) for found in state.leads())
    return leads + state.near_kinks(LEAD)


def _accidental_zeros(here: Array, there: Array) -> int:
    return int(np.sum((np.abs(here) < _ZERO) & (np.abs(there) >= _ZERO)))


def _places(array: Array) -> Array:
    """Return the decimal places of every number; one more than is short for others."""
    found = np.full(array.shape, _SHORT + 1)
    for count in range(_SHORT, -1, -1):
        scaled = array * 10.0**count
        found[np.abs(scaled - np.round(scaled)) < 1e-5] = count
    return found


_AHEAD, _SAME = 1e-4, 1e-8
"""A slope that is no different so far ahead is constant there: that of a rectifier is."""

Entries = Mapping[IndexedBase, Array]
"""The entries of tensors in row-major order, by the tensors' bases."""

_PARTS = 4
"""A stretch around an argument is cut into so many parts to look for a kink in one of them."""

_CHANGE = 0.02
"""A slope that changes by less than this share of itself has no kink that matters."""


class Layout:
    """The equations of a problem's quantities, laid out to be evaluated again and again.

    Attributes:
        formulas: How the quantities are computed.
        derivation: The derivation of the network.
        forward: The equations of the forward pass.
        maxima: Those of them that take a maximum.
        of_one_entry: Those that apply a function entry by entry.
        with_kinks: Those of these with a slope that may jump.
    """

    def __init__(self, formulas: Formulas) -> None:
        """Lay them out."""
        self.formulas, self.derivation = formulas, formulas.derivation
        self.forward = self.stages(self.derivation.network.equations)
        backward = [step.equation for step in self.derivation.steps]
        updates = [e for t in formulas.updated.values() for e in formulas.equations(t)]
        self._backward = self.stages((*backward, *updates))
        self._routed = [*self._routings()]
        every = [w for _, stage in self.forward for w in stage]
        self.maxima = [w for w in every if w.is_maximum()]
        self.of_one_entry = [w for w in every if _is_of_one_entry(w)]
        self.with_kinks = [w for w in self.of_one_entry if can_jump(w.equation)]

    def stages(self, equations: Iterable[Equation]) -> Stages:
        """Lay some equations out, each tensor at the place where it is complete."""
        tensors = self.formulas.tensors
        return stages_of((tensors[base], group) for base, group in grouped(equations))

    def at(self, given: Entries) -> State:
        """Evaluate everything at given numbers; derivatives when they are asked for."""
        with np.errstate(all="ignore"):
            values = dict(FloatPass(self.forward, given, FLOATS).values)
            for base, windows, places, size in self._routed:
                shares = windows.weights(terms(windows, values), FLOATS)
                values[base] = np.zeros(size)
                values[base][places] = shares
            return State(self, values)

    def backward(self, values: Entries) -> Entries:
        """Return the derivatives and the updated parameters too."""
        with np.errstate(all="ignore"):
            return FloatPass(self._backward, values, FLOATS).values

    def _routings(self) -> Iterator[tuple[IndexedBase, Windows, Array, int]]:
        """Find where the share of every term of a maximum stands in its routing."""
        laid = {w.equation: w for _, stage in self.forward for w in stage}
        for routing in self.derivation.routings:
            read = replace(routing.source, value=routing.entry)
            listed = Assignments(read)
            places = listed.reads[routing.entry][listed.order]
            size = int(routing.tensor.size)
            yield routing.tensor.base, laid[routing.source], places, size


def terms(windows: Windows, values: Entries) -> Array:
    """Return the terms of an equation, window by window."""
    reads = {read: values[read.base][at] for read, at in windows.reads.items()}
    found = evaluate(windows.equation.value, dict(reads), FLOATS)
    return np.broadcast_to(np.asarray(found, dtype=float), (windows.count,))


@dataclass(frozen=True, eq=False)
class State:
    """The numbers of everything."""

    layout: Layout
    forward: Entries

    @cached_property
    def values(self) -> Entries:
        """The entries of adjoints too."""
        return self.layout.backward(self.forward)

    def of(self, tensor: Tensor) -> Array:
        """Return the entries of a tensor: 0 of one that nothing adds to."""
        found = self.forward.get(tensor.base)
        if found is None:
            found = self.values.get(tensor.base)
        return np.zeros(int(tensor.size)) if found is None else found

    @cached_property
    def is_finite(self) -> bool:
        """Whether every number of the forward pass is one."""
        return all(np.isfinite(array).all() for array in self.forward.values())

    def leads(self) -> Iterator[Array]:
        """Return the lead of each maximum over the runner-up, relative to the largest term."""
        for windows in self.layout.maxima:
            found, starts = terms(windows, self.forward), _starts(windows)
            runs = (np.sort(run) for run in np.split(found, starts[1:]))
            yield np.array([_lead(run) for run in runs if run.size > 1])

    def near_kinks(self, share: float) -> int:
        """Count the arguments that are near a kink of their function."""
        return sum(_kinks(windows, self.forward, share) for windows in self.layout.with_kinks)

    def slopes(self) -> Iterator[Array]:
        """Return the slopes of functions that are applied entry by entry, where they vary."""
        for windows in self.layout.of_one_entry:
            slope, ahead = _slopes(windows, self.forward, np.array([0.0, _AHEAD]))
            yield slope[np.abs(slope - ahead) > _SAME * np.abs(slope)]


def _is_of_one_entry(windows: Windows) -> bool:
    """Tell whether every term is a function of one entry, and an entry of its own."""
    is_function = windows.equation.value.has(Function)
    return is_function and len(windows.reads) == 1 and windows.is_sum()


def _lead(run: Array) -> float:
    largest = max(abs(run[-1]), abs(run[0]))
    return float((run[-1] - run[-2]) / largest) if largest else 0.0


def _starts(windows: Windows) -> Array:
    return np.flatnonzero(np.diff(windows.windows, prepend=-1))


def _slopes(windows: Windows, values: Entries, moved: Array) -> Array:
    """Return the slope of every term with respect to what it reads, moved by each distance."""
    steps = moved[:, None] + 1j * STEP
    known = {read: values[read.base][at] + steps for read, at in windows.reads.items()}
    made = evaluate(windows.equation.value, dict(known), FLOATS)
    return np.broadcast_to(np.imag(made) / STEP, (moved.size, windows.count))


def _kinks(windows: Windows, values: Entries, share: float) -> int:
    """Count the terms of one argument whose slope changes at once within a short way of it."""
    (read,) = windows.reads
    around = share * max(float(np.max(np.abs(values[read.base]))), 1e-9)
    slopes = _slopes(windows, values, np.linspace(-around, around, _PARTS + 1))
    changes = np.abs(np.diff(slopes, axis=0))
    whole, largest = changes.sum(axis=0), np.abs(slopes).max(axis=0)
    return int(np.count_nonzero((whole > _CHANGE * largest) & (changes.max(axis=0) > whole / 2)))


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
