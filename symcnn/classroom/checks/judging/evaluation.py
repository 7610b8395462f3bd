"""All stages of a derivation in numbers with bounds: what is due, and what a mistake yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sympy import IndexedBase

from symcnn.classroom.checks.judging.reducing import Terms, Values
from symcnn.classroom.checks.judging.rounded import Array, Rounded, total
from symcnn.derivation import Derivation
from symcnn.derivation.adjoint import Routing
from symcnn.equations import Equation, Tensor, accesses, grouped

Equations = tuple[Equation, ...]
Changes = tuple[tuple[IndexedBase, Equations], ...]
"""Other equations, each with what they are for."""

_FEW = 12
"""So many entries are compared before all of them are."""


class Stages:
    """The equations of a derivation in the order of evaluation, and where their terms stand.

    Attributes:
        derivation: The derivation.
    """

    def __init__(self, derivation: Derivation) -> None:
        """Take the derivation; nothing is laid out before it is used."""
        self.derivation = derivation
        self._terms: dict[Equation, Terms] = {}

    @cached_property
    def order(self) -> list[tuple[IndexedBase, Equations | Routing]]:
        """What is computed, one after the other: tensors, and the routings of maxima."""
        routed: dict[IndexedBase, list[Routing]] = {}
        for routing in self.derivation.routings:
            routed.setdefault(routing.source.target.base, []).append(routing)
        backward = [step.equation for step in self.derivation.steps]
        made: list[tuple[IndexedBase, Equations | Routing]] = []
        for base, equations in (*grouped(self.derivation.network.equations), *grouped(backward)):
            made.append((base, equations))
            made += [(r.tensor.base, r) for r in routed.get(base, ())]
        return made

    def size(self, base: IndexedBase) -> int:
        """Return how many entries a tensor has."""
        return int(self.derivation.tensors[base].size)

    def terms(self, equation: Equation) -> Terms:
        """Return where the terms of an equation stand."""
        if equation not in self._terms:
            self._terms[equation] = Terms(equation)
        return self._terms[equation]

    def reads(self, made: Equations | Routing) -> set[IndexedBase]:
        """Return what a stage is computed from."""
        equations = (made.source,) if isinstance(made, Routing) else made
        return {read.base for equation in equations for read in accesses(equation.value)}

    def computed(self, base: IndexedBase, made: Equations | Routing, values: Values) -> Rounded:
        """Return the entries of a stage."""
        size = self.size(base)
        if isinstance(made, Routing):
            return self.terms(made.source).routed(made, size, values)
        return total([self.terms(equation).added_to(size, values) for equation in made])


class Evaluation:
    """What is due at some numbers.

    Attributes:
        stages: What is computed.
        values: The entries of every tensor.
    """

    def __init__(self, stages: Stages, given: Mapping[str, Array]) -> None:
        """Compute everything.

        Args:
            stages: What is computed.
            given: The numbers of what is given, by name.
        """
        self.stages, tensors = stages, stages.derivation.network.tensors
        self._few: dict[tuple[IndexedBase, Changes], Rounded | None] = {}
        self.values: Values = {
            tensors[name].base: Rounded.exactly(np.ravel(numbers))
            for name, numbers in given.items()
        }
        with np.errstate(all="ignore"):
            for base, made in stages.order:
                self.values[base] = stages.computed(base, made, self.values)

    @property
    def loss(self) -> Array:
        """The loss."""
        return self.values[self.stages.derivation.network.loss_tensor.base].value

    def due(self, tensor: Tensor) -> Rounded:
        """Return the entries of a tensor; what the loss does not depend on has derivative 0."""
        found = self.values.get(tensor.base)
        size = int(tensor.size)
        return (found or Rounded.exactly(np.zeros(size))).shaped(shape_of(tensor))

    def otherwise(
        self, wanted: Tensor, changed: Mapping[IndexedBase, Sequence[Equation]]
    ) -> Rounded | None:
        """Return the entries of a tensor if others are computed by other equations.

        None where the equations make no sense: they read an entry that there is not, for example.
        """
        try:
            with np.errstate(all="ignore"):
                made = self._recomputed(wanted.base, {b: tuple(e) for b, e in changed.items()})
        except (IndexError, KeyError, ArithmeticError, ValueError):
            return None
        return made.shaped(shape_of(wanted))

    def few(self, wanted: Tensor, changes: Changes) -> Rounded | None:
        """Return a few entries of a tensor if some are computed by other equations.

        They are computed once: the next array, and the next function, is compared with the same.

        Args:
            wanted: The tensor.
            changes: What the equations are for, and the equations.
        """
        key = wanted.base, changes
        if key not in self._few:
            self._few[key] = self._made_of_few(wanted, changes)
        return self._few[key]

    def _made_of_few(self, wanted: Tensor, changes: Changes) -> Rounded | None:
        size = int(wanted.size)
        entries = few_entries(size)
        (base, equations), *others = changes
        if others or base != wanted.base or size <= _FEW or any(map(_is_counted, equations)):
            made = self.otherwise(wanted, dict(changes))
            return None if made is None else made.shaped((size,)).at(entries)
        try:
            with np.errstate(all="ignore"):
                terms = [Terms(equation, entries) for equation in equations]
                return total([t.added_to(size, self.values) for t in terms]).at(entries)
        except (IndexError, KeyError, ArithmeticError, ValueError):
            return None

    def _recomputed(self, wanted: IndexedBase, changed: Mapping[IndexedBase, Equations]) -> Rounded:
        values, moved = {**self.values}, set[IndexedBase]()
        for base, made in self._until(wanted):
            if base in changed or moved & self.stages.reads(made):
                values[base] = self.stages.computed(base, changed.get(base, made), values)
                moved.add(base)
        return values[wanted]

    def _until(self, wanted: IndexedBase) -> Iterator[tuple[IndexedBase, Any]]:
        for base, made in self.stages.order:
            yield base, made
            if base == wanted:
                return


def few_entries(size: int) -> Array:
    """Return which entries of so many are compared first, in order."""
    return np.unique(np.linspace(0, size - 1, min(size, _FEW)).astype(int))


def _is_counted(equation: Equation) -> bool:
    """Tell whether entries are counted through: as the last index alone, which no axis bounds."""
    target = equation.target
    return set(target.indices[:-1]) == {0} and max(target.shape[:-1]) > 1


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """Return the lengths of the axes as integers."""
    return tuple(int(n) for n in tensor.shape)
