"""A forward pass in any kind of number, and its derivative by adding up paths.

An equation is read as its definition says: every loop assignment that the guards let
through is listed, its term computed, and reduced into the entry that it leads to. A small
change of an entry, made after it was computed, changes what reads it by slope times change,
and so on up to the loss: all paths from the entry to the loss together are its derivative.
Nothing is differentiated in symbols, and nothing is known of adjoints or of routings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import add
from typing import Any, NamedTuple, Protocol

import numpy as np
from sympy import Expr, Indexed, IndexedBase, S

from symcnn.equations import Equation, Group, Tensor, entry_at
from symcnn.equations.values.evaluation import Array
from symcnn.reference.interpreter import Kind
from symcnn.reference.windows import Windows, departing

Arrays = Mapping[IndexedBase, Array]
"""The entries of tensors in row-major order, by the tensors' bases."""


class HasEquations(Protocol):
    """A network, as far as a forward pass needs to know it."""

    @property
    def equations(self) -> tuple[Equation, ...]:
        """All forward equations, in the order of evaluation; the last is the loss."""

    @property
    def tensors(self) -> dict[str, Tensor]:
        """Every tensor by its name."""

    @property
    def loss_tensor(self) -> Tensor:
        """The loss."""


Velocities = Mapping[Indexed, Array]
"""How fast what the terms of an equation read moves, access by access."""

Stages = Sequence[tuple[Tensor, Sequence[Windows]]]
"""Every computed tensor with the terms of its equations, in the order of evaluation."""


def stages_of(groups: Iterable[Group], windows: Callable[[Equation], Windows] = Windows) -> Stages:
    """Lay the terms of all equations out."""
    return [(tensor, [*map(windows, equations)]) for tensor, equations in groups]


class Tie(NamedTuple):
    """A maximum that more than one term attains."""

    equation: Equation
    entry: int
    places: list[int]
    terms: Array


class Pass(ABC):
    """One forward pass.

    Attributes:
        values: The entries of every tensor, given or computed.
    """

    def __init__(
        self, stages: Stages, given: Arrays, kind: Kind, moved: Arrays | None = None
    ) -> None:
        """Compute every entry.

        Args:
            stages: What is computed.
            given: The entries of the tensors that are not.
            kind: In which numbers.
            moved: What is added to entries, given or just computed, before they are read.
        """
        self.stages, self.kind, self._moved = stages, kind, moved or {}
        self.values: dict[IndexedBase, Array] = {}
        for base, array in given.items():
            self._keep(base, array)
        for tensor, equations in stages:
            self._keep(tensor.base, reduce(add, (self._computed(tensor, e) for e in equations)))

    @abstractmethod
    def terms(self, windows: Windows) -> Array:
        """Return the terms of an equation."""

    @abstractmethod
    def slopes(self, windows: Windows) -> Mapping[Indexed, Array]:
        """Return how fast every term grows with each entry that it reads."""

    @abstractmethod
    def _moved_slopes(self, windows: Windows, velocities: Arrays) -> Mapping[Indexed, Array]:
        """Return how fast these slopes change when all entries move."""

    @abstractmethod
    def velocities_of_terms(self, windows: Windows, moved: Velocities, kind: Kind) -> Array:
        """Return how fast every term moves with what it reads, in numbers of some kind."""

    @cached_property
    def derivatives(self) -> Arrays:
        """The derivative of the last tensor's entry with respect to every entry."""
        return self.propagated({self.stages[-1][0].base: self.constant(S.One, 1)})

    def propagated(self, arriving: Arrays) -> Arrays:
        """Return the derivatives of a weighted sum of entries with respect to every entry."""
        found = self.zeros() | {base: array.copy() for base, array in arriving.items()}
        for tensor, equations in reversed(self.stages):
            for windows in equations:
                towards = windows.each(found[tensor.base][windows.entries])
                if not windows.is_sum():  # a sum grows as each of its terms does
                    towards = towards * windows.weights(self.terms(windows), self.kind)
                for read, slopes in self.slopes(windows).items():
                    np.add.at(found[read.base], windows.reads[read], towards * slopes)
        return found

    def velocities(self, moved: Arrays, after: IndexedBase | None = None) -> Arrays:
        """Return how fast all entries move when some do.

        Args:
            moved: The velocities of these.
            after: A tensor up to which no other entries move.
        """
        found, still = self.zeros() | dict(moved), self._until(after)
        for tensor, equations in self.stages[len(still) :]:
            for windows in equations:
                each = self._moved_terms(windows, found) * self.weights(windows)
                np.add.at(found[tensor.base], windows.entries[windows.windows], each)
        return found

    def departures(self, moved: Arrays) -> Arrays:
        """Return how fast all entries begin to move when some do: their one-sided derivatives.

        They obey the chain rule at kinks too. Where terms of a maximum are equal, the fastest of
        them is the largest a moment later.
        """
        found, kind = self.zeros() | dict(moved), departing(self.kind)
        for tensor, equations in self.stages:
            for windows in equations:
                fast = {read: found[read.base][at] for read, at in windows.reads.items()}
                each = self.velocities_of_terms(windows, fast, kind)
                if windows.is_maximum():
                    made = windows.fastest(self.terms(windows), each, self.kind)
                    np.add.at(found[tensor.base], windows.entries, made)
                else:
                    where = windows.entries[windows.windows]
                    np.add.at(found[tensor.base], where, each * self.weights(windows))
        return found

    def moved_derivatives(self, velocities: Arrays, after: IndexedBase | None = None) -> Arrays:
        """Return how fast the derivatives change when all entries move.

        Args:
            velocities: How fast entries move.
            after: A tensor up to which all equations count as linear.
        """
        found, linear = self.zeros(), self._until(after)
        for tensor, equations in reversed(self.stages):
            for windows in equations:
                weights = self.weights(windows)
                arriving = windows.each(self.derivatives[tensor.base][windows.entries])
                moved = windows.each(found[tensor.base][windows.entries]) * weights
                bent = self._moved_slopes(windows, velocities) if tensor.base not in linear else {}
                for read, slopes in self.slopes(windows).items():
                    made = moved * slopes
                    if bent:
                        turned = self._moved_weights(windows, velocities) * slopes
                        made = made + arriving * (turned + weights * bent[read])
                    np.add.at(found[read.base], windows.reads[read], made)
        return found

    def _moved_terms(self, windows: Windows, velocities: Arrays) -> Array:
        """Return how fast every term moves with what it reads."""
        moved = self.constant(S.Zero, windows.count)
        for read, slopes in self.slopes(windows).items():
            moved = moved + slopes * velocities[read.base][windows.reads[read]]
        return moved

    def weights(self, windows: Windows) -> Array:
        """Return how fast the result of every term's window grows with it."""
        if windows.is_sum():
            return self.constant(S.One, windows.count)
        return windows.weights(self.terms(windows), self.kind)

    def _moved_weights(self, windows: Windows, velocities: Arrays) -> Array:
        """Return how fast these weights change: those of a maximum are constant between jumps."""
        if not windows.is_log_sum_exp():
            return self.constant(S.Zero, windows.count)
        weights, terms = self.weights(windows), self._moved_terms(windows, velocities)
        made: Array = weights * (terms - windows.each(windows.added(weights * terms)))
        return made

    def _until(self, last: IndexedBase | None) -> list[IndexedBase]:
        """Return what is computed until a tensor is."""
        order = [tensor.base for tensor, _ in self.stages]
        return order[: order.index(last) + 1] if last in order else []

    def zeros(self) -> dict[IndexedBase, Array]:
        """Return a 0 for every entry, by tensors."""
        return {base: self.constant(S.Zero, array.size) for base, array in self.values.items()}

    def ties(self, kind: Kind | None = None) -> Iterator[Tie]:
        """Find the maxima that more than one term attains, as this kind of number compares."""
        for _, equations in self.stages:
            for windows in filter(Windows.is_maximum, equations):
                terms = self.terms(windows)
                for entry, tied in windows.ties(terms, kind or self.kind):
                    yield Tie(windows.equation, entry, windows.places(tied), terms[tied])

    def _reads(self, windows: Windows) -> dict[Indexed, Array]:
        """Return the numbers that every term reads."""
        return {read: self.values[read.base][..., at] for read, at in windows.reads.items()}

    def _computed(self, tensor: Tensor, windows: Windows) -> Array:
        """Return what an equation adds to every entry of its target."""
        results = windows.combined(self.terms(windows), self.kind)
        made = np.full((*results.shape[:-1], tensor.size), self.kind.number(S.Zero), results.dtype)
        made[..., windows.entries] = results
        return made

    def _keep(self, base: IndexedBase, array: Array) -> None:
        self.values[base] = array + self._moved[base] if base in self._moved else array

    def constant(self, number: Expr, size: int) -> Array:
        """Return an array of equal numbers."""
        return np.full(size, self.kind.number(number))


# Second derivatives by adding up paths: how everything moves with one entry v.


class Along:
    """The derivatives of all entries, and of all derivatives of the loss, with respect to v."""

    def __init__(
        self, passed: Pass, tensors: Mapping[str, Tensor], name: str, position: Sequence[int]
    ) -> None:
        """Take a pass, and the entry v of what is given."""
        self._pass, self._tensors = passed, tensors
        tensor = tensors[name]
        moved = passed.constant(S.Zero, tensor.size)
        moved[entry_at(tensor.checked(position), tensor.shape)] = passed.constant(S.One, 1)[0]
        self._moved = {tensor.base: moved}
        self._linear: dict[str, Arrays] = {}

    def second(self, kind: str, name: str, position: Sequence[int], output: str) -> Any:
        """Return one of the following, by its name."""
        if kind == "gauss_newton":
            return self.gauss_newton(name, position, output)
        return self.jacobian(name, position) if kind == "jacobian" else self.signal(name, position)

    def jacobian(self, name: str, position: Sequence[int]) -> Any:
        """Return dT[position]/dv."""
        return self._at(self._velocities, name, position)

    def signal(self, name: str, position: Sequence[int]) -> Any:
        """Return d^2 L / dT[position] dv."""
        return self._at(self._derivatives, name, position)

    def gauss_newton(self, name: str, position: Sequence[int], output: str) -> Any:
        """Return the same where all layers up to the output count as linear."""
        if output not in self._linear:
            end = self._tensors[output].base
            with np.errstate(all="ignore"):
                beyond = self._pass.velocities({end: self._velocities[end]}, end)
                self._linear[output] = self._pass.moved_derivatives(beyond, end)
        return self._at(self._linear[output], name, position)

    @cached_property
    def _velocities(self) -> Arrays:
        with np.errstate(all="ignore"):
            return self._pass.velocities(self._moved)

    @cached_property
    def _derivatives(self) -> Arrays:
        with np.errstate(all="ignore"):
            return self._pass.moved_derivatives(self._velocities)

    def _at(self, arrays: Arrays, name: str, position: Sequence[int]) -> Any:
        tensor = self._tensors[name]
        return arrays[tensor.base][entry_at(tensor.checked(position), tensor.shape)]
