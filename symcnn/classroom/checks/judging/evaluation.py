"""All stages of a derivation in numbers with bounds: what is due, and what a mistake yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sympy import IndexedBase

from symcnn.classroom.checks.judging.reducing import Layout, Terms, Values
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
    """The equations of a derivation in the order of evaluation, and where their terms stand."""

    def __init__(self, derivation: Derivation) -> None:
        """Take the derivation; nothing is laid out before it is used."""
        self.derivation = derivation
        self._layouts: dict[tuple[Any, ...], Layout] = {}
        self._reads: dict[IndexedBase, set[IndexedBase]] = {}

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

    def terms(self, equation: Equation, *, few: bool = False) -> Terms:
        """Return where the terms of an equation stand.

        Equations with other values have the same layout: it is made once.

        Args:
            equation: The equation.
            few: Whether only a few entries of its target are of interest.
        """
        key = equation.target, equation.loops, equation.guards, few
        if key not in self._layouts:
            entries = few_entries(self.size(equation.target.base)) if few else None
            self._layouts[key] = Layout(equation, entries)
        return Terms(equation, self._layouts[key])

    def reads(self, base: IndexedBase, made: Equations | Routing) -> set[IndexedBase]:
        """Return what a stage is computed from."""
        if base not in self._reads:
            equations = (made.source,) if isinstance(made, Routing) else made
            found = {read.base for equation in equations for read in accesses(equation.value)}
            self._reads[base] = found
        return self._reads[base]

    def until(self, wanted: IndexedBase) -> Iterator[tuple[IndexedBase, Equations | Routing]]:
        """Run over the stages up to one."""
        for base, made in self.order:
            yield base, made
            if base == wanted:
                return

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
        """Compute everything."""
        self.stages, tensors = stages, stages.derivation.network.tensors
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

    def _recomputed(self, wanted: IndexedBase, changed: Mapping[IndexedBase, Equations]) -> Rounded:
        values, moved = {**self.values}, set[IndexedBase]()
        for base, made in self.stages.until(wanted):
            if base in changed or moved & self.stages.reads(base, made):
                values[base] = self.stages.computed(base, changed.get(base, made), values)
                moved.add(base)
        return values[wanted]


def few_entries(size: int) -> Array:
    """Return which entries of so many are compared first, in order."""
    return np.unique(np.linspace(0, size - 1, min(size, _FEW)).astype(int))


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """Return the lengths of the axes as integers."""
    return tuple(int(n) for n in tensor.shape)
