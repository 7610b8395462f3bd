"""Which mistakes of the catalogue a case separates: their equations give another array there.

A mistake may be made in several ways, such as the winners of one channel or of another one. Whoever
makes it fails a case at which every way gives another array. A way that cannot be followed, because
it reads an entry that is not there, is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from sympy import Float, IndexedBase

from symcnn.classroom.checks.vectors.due import Due
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.derivation.adjoint import Routing
from symcnn.equations import (
    SUM,
    Equation,
    Largest,
    LogSumExp,
    Max,
    Mean,
    Sum,
    Tensor,
    accesses,
)
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.problems.evaluation import floats
from symcnn.reference import FLOATS, evaluate
from symcnn.reference.windows import Windows

_APART = 1e-6
"""Entries are unlike that are further apart, relative to the largest of their array."""

_NO_ARRAY = (SymcnnError, ArithmeticError, IndexError, KeyError, ValueError)

_REDUCTIONS = (Sum, Mean, Max, Largest, LogSumExp)
"""How windows combine their terms; another reduction says it itself."""

Stage = tuple[Tensor, tuple[Equation, ...]]
"""A tensor with the equations that add up to it."""


class Separation:
    """The mistakes in one case."""

    def __init__(self, due: Due) -> None:
        """Take the case."""
        self._due, self._formulas = due, Formulas(due.problem)
        self._derivation = due.problem.derivation
        self._made: dict[Equation, Windows] = {}

    def of(self, tensor: Tensor) -> dict[Mistake, bool]:
        """Return the mistakes that give another array for a tensor, and whether in every way.

        Those in what is computed on the way to it count as well, such as a mean.
        """
        found = dict[str, Mistake]()
        passed = set[str]()
        for mistake, array in self._arrays(tensor):
            if _are_alike(array, self.values[tensor.base]):
                passed.add(mistake.name)
            else:
                found.setdefault(mistake.name, mistake)
        return {mistake: name not in passed for name, mistake in found.items()}

    def _arrays(self, tensor: Tensor) -> Iterator[tuple[Mistake, Array]]:
        """Run over what mistakes make of a tensor."""
        for number, (made, _) in enumerate(self._stages):
            if made != tensor and not self._leads(made, tensor):
                continue
            for mistake, equations in wrong_equations(self._formulas, made):
                try:
                    array = self._with(number, equations, tensor)
                except _NO_ARRAY:
                    continue
                if np.all(np.isfinite(array)):
                    yield mistake, array

    def _leads(self, made: Tensor, tensor: Tensor) -> bool:
        """Tell whether something between is computed on the way to a tensor, in the same pass."""
        forward, backward = "auxiliary", "adjoint"
        role = forward if tensor.role == "hidden" else backward
        is_between = made.role == role and made.base not in self._ends
        return is_between and self._depends(tensor, made)

    def _depends(self, tensor: Tensor, made: Tensor) -> bool:
        """Tell whether a tensor is computed from another one."""
        known = self._formulas
        return any(known.depends(equation, made) for equation in known.equations(tensor))

    @cached_property
    def _ends(self) -> set[IndexedBase]:
        """What is compared by itself, or given: the error signals of inputs, output and weights."""
        specimen, adjoints = self._due.specimen, self._derivation.adjoints
        own = (*specimen.inputs.values(), *specimen.parameters.values(), specimen.output)
        return {adjoints[t.name].base for t in own if t.name in adjoints}

    def _with(self, number: int, equations: Sequence[Equation], wanted: Tensor) -> Array:
        """Return a tensor where another one is computed by other equations."""
        made, _ = self._stages[number]
        values = {**self.values, made.base: self._sum(made, equations, self.values)}
        for tensor, own in self._stages[number + 1 :] if made != wanted else ():
            if self._depends(tensor, made):
                values[tensor.base] = self._sum(tensor, own, values)
            if tensor == wanted:
                break
        return values[wanted.base]

    @cached_property
    def values(self) -> dict[IndexedBase, Array]:
        """The right entries of everything, as floats."""
        found = dict[IndexedBase, Array]()
        for tensor in self._derivation.network.given:
            numbers = np.array(self._due.value(tensor), dtype=object)
            found[tensor.base] = floats(numbers)
        for tensor, equations in self._stages:
            for routing in self._routings(equations):
                if routing.tensor.base not in found:
                    found[routing.tensor.base] = self._routed(routing, found)
            found[tensor.base] = self._sum(tensor, equations, found)
        return found

    @cached_property
    def _stages(self) -> list[Stage]:
        """Every tensor that is computed, in the order of evaluation."""
        every = {t.base: t for t in self._derivation.tensors.values()}
        order = dict[IndexedBase, Tensor]()
        steps = (step.equation for step in self._derivation.steps)
        for equation in (*self._derivation.network.equations, *steps):
            order.setdefault(equation.target.base, every[equation.target.base])
        return [(tensor, self._formulas.equations(tensor)) for tensor in order.values()]

    def _routings(self, equations: Iterable[Equation]) -> Iterator[Routing]:
        read = {access.base for e in equations for access in accesses(e.value)}
        yield from (r for r in self._derivation.routings if r.tensor.base in read)

    def _routed(self, routing: Routing, values: dict[IndexedBase, Array]) -> Array:
        """Return what part of its window's maximum every term is."""
        windows = self._windows(routing.source)
        terms = self._terms(routing.source, windows, values)
        made = np.zeros(int(routing.tensor.size))
        entry = replace(routing.source, value=routing.entry, reduction=SUM)
        made[self._windows(entry).reads[routing.entry]] = windows.weights(terms, FLOATS)
        return made

    def _sum(
        self, tensor: Tensor, equations: Sequence[Equation], values: dict[IndexedBase, Array]
    ) -> Array:
        made = np.zeros(int(tensor.size))
        for equation in equations:
            windows = self._windows(equation)
            terms = self._terms(equation, windows, values)
            made[windows.entries] += _combined(windows, terms)
        return made

    def _terms(
        self, equation: Equation, windows: Windows, values: dict[IndexedBase, Array]
    ) -> Array:
        known = {read: values[read.base][at] for read, at in windows.reads.items()}
        with np.errstate(all="ignore"):  # what is infinite, or no number, is no array
            terms = np.real(evaluate(equation.value, known, FLOATS))
        return np.broadcast_to(terms, (windows.count,))

    def _windows(self, equation: Equation) -> Windows:
        if equation not in self._made:
            self._made[equation] = Windows(equation)
        return self._made[equation]


def _combined(windows: Windows, terms: Array) -> Array:
    """Return the result of every window, by a mistake's own way to combine terms if it has one."""
    reduction = windows.equation.reduction
    if type(reduction) in _REDUCTIONS:
        return np.real(windows.combined(terms, FLOATS))
    starts = np.flatnonzero(np.diff(windows.windows)) + 1
    runs = (map(Float, run.tolist()) for run in np.split(terms, starts))
    return np.array([float(reduction.combine([*run])) for run in runs])


def _are_alike(one: Array, other: Array) -> bool:
    size = float(np.max(np.abs(other), initial=1.0))
    return bool(np.max(np.abs(one - other), initial=0.0) <= _APART * size)
