"""Everything that a network has at some numbers: values, routings, derivatives, in floats.

The equations are laid out once, so that thousands of candidates for a sheet's numbers are
evaluated in about a millisecond each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from sympy import Function, IndexedBase

from symcnn.classroom.marking.formulas import Formulas
from symcnn.equations import Assignments, Equation, Tensor, grouped
from symcnn.equations.values import Array
from symcnn.reference import FLOATS, STEP, evaluate
from symcnn.reference.choices import can_jump
from symcnn.reference.forward import FloatPass
from symcnn.reference.passes import Stages, stages_of
from symcnn.reference.windows import Windows

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
