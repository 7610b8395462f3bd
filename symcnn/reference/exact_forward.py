"""The forward pass in exact numbers, with the loss's derivative with respect to every entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Expr, Indexed

from symcnn.equations import Tensor, entry_at, grouped
from symcnn.equations.values.evaluation import Array
from symcnn.reference.choices import Choice, choices
from symcnn.reference.dual import Dual, exact_numbers
from symcnn.reference.enclosures import (
    ONE,
    ZERO,
    Number,
    Precision,
    certainly,
    ends,
    from_sympy,
    to_sympy,
)
from symcnn.reference.interpreter import Kind, evaluate
from symcnn.reference.moving import Moving, moving
from symcnn.reference.passes import Arrays, HasEquations, Pass, Stages, Tie, Velocities, stages_of
from symcnn.reference.second_derivatives import Along
from symcnn.reference.windows import Windows


class ExactForward:
    """The forward pass of a network at given numbers, in exact numbers."""

    def __init__(
        self,
        network: HasEquations,
        values: Mapping[str, Sequence[Expr]],
        precision: Precision | None = None,
    ) -> None:
        """Take exact numbers, flat, by tensor name, and compute every entry.

        Raises:
            ArithmeticError: If an entry has no real value.
            UndecidedError: If more digits are needed to tell which entry is the largest.
        """
        self._precision = computing = precision or Precision()
        self._tensors, self._loss = network.tensors, network.loss_tensor.base
        by_base = {tensor.base: tensor for tensor in network.tensors.values()}
        given = {
            network.tensors[name].base: _array(Dual(from_sympy(n, computing)) for n in numbers)
            for name, numbers in values.items()
        }
        groups = ((by_base[base], group) for base, group in grouped(network.equations))
        self._pass = _ExactPass(stages_of(groups), given, exact_numbers(computing))

    def value(self, name: str, position: Sequence[int]) -> Number:
        """Return the value of an entry."""
        tensor = self._tensors[name]
        return _at(self._pass.values[tensor.base], tensor, position)

    def derivative(self, name: str, position: Sequence[int]) -> Number:
        """Return dL/dT[position]; a computed entry is moved after it was computed."""
        tensor = self._tensors[name]
        return _at(self._pass.derivatives[tensor.base], tensor, position)

    def along(self, name: str, position: Sequence[int]) -> Along:
        """Return how everything moves with an entry of what is given."""
        return Along(self._pass, self._tensors, name, position)

    def choices(self) -> Iterator[Choice]:
        """Find where there is no derivative and one is chosen."""
        return choices(self._pass)

    def departure(self, moved: Mapping[str, Sequence[Expr]]) -> Number:
        """Return how fast the loss begins to move when given tensors' entries do.

        Args:
            moved: Their velocities, flat, by name.
        """
        fast = {
            self._tensors[of].base: _array(Dual(from_sympy(n, self._precision)) for n in numbers)
            for of, numbers in moved.items()
        }
        (dual,) = self._pass.departures(fast)[self._loss]
        return dual.value  # type: ignore[no-any-return]

    def bounds(self, name: str) -> Array:
        """Return two rows of floats, next to which the values of a tensor certainly lie."""
        return self._bounds(self._pass.values[self._tensors[name].base])

    def slope_bounds(self, name: str) -> Array:
        """Return the same for dL/dT."""
        return self._bounds(self._pass.derivatives[self._tensors[name].base])

    def ties(self) -> Iterator[Tie]:
        """Find the maxima that more than one term attains."""
        return self._pass.ties()

    def _bounds(self, duals: Array) -> Array:
        found = (ends(dual.value, self._precision) for dual in duals)
        return np.array([[float(lower), float(upper)] for lower, upper in found]).T


def exact_derivatives(
    network: HasEquations,
    values: Mapping[str, Sequence[Expr]],
    entries: Sequence[tuple[str, Sequence[int]]],
    digits: int = 50,
) -> list[Expr]:
    """Return the derivatives of the loss with respect to entries, all of their digits certain.

    Raises:
        ArithmeticError: If an entry has no real value.
    """

    def attempt(precision: Precision) -> list[Expr]:
        passed = ExactForward(network, values, precision)
        return [to_sympy(passed.derivative(*entry), digits) for entry in entries]

    return certainly(attempt)


def exact_departure(
    network: HasEquations,
    values: Mapping[str, Sequence[Expr]],
    moved: Mapping[str, Sequence[Expr]],
    digits: int = 50,
) -> Expr:
    """Return how fast the loss begins to move when given tensors' entries do, by their names."""

    def attempt(precision: Precision) -> Expr:
        return to_sympy(ExactForward(network, values, precision).departure(moved), digits)

    return certainly(attempt)


def exact_value(
    network: HasEquations,
    values: Mapping[str, Sequence[Expr]],
    name: str,
    position: Sequence[int],
    digits: int = 50,
) -> Expr:
    """Return the value of an entry, all of its digits certain."""

    def attempt(precision: Precision) -> Expr:
        return to_sympy(ExactForward(network, values, precision).value(name, position), digits)

    return certainly(attempt)


class _ExactPass(Pass):
    """Every term is a dual number, with its slopes with respect to what it reads."""

    def __init__(self, stages: Stages, given: Arrays, kind: Kind) -> None:
        self._made: dict[Windows, list[Dual]] = {}
        super().__init__(stages, given, kind)

    def terms(self, windows: Windows) -> Array:
        return _array(Dual(term.value) for term in self._duals(windows))

    def slopes(self, windows: Windows) -> dict[Indexed, Array]:
        terms = self._duals(windows)
        return {
            read: _array(Dual(term.slopes.get(read, ZERO)) for term in terms)
            for read in windows.reads
        }

    def _moved_slopes(self, windows: Windows, velocities: Arrays) -> dict[Indexed, Array]:
        """Evaluate every term in dual numbers that move."""
        value, kind = windows.equation.value, moving(self.kind)
        numbers = self._reads(windows)
        fast = {read: velocities[read.base][at] for read, at in windows.reads.items()}
        if not any(_is_moved(velocity) for array in fast.values() for velocity in array):
            return {}
        made = []
        for row in range(windows.count):
            known: dict[Any, Any] = {
                read: Moving(Dual(array[row].value, {read: ONE}), fast[read][row])
                for read, array in numbers.items()
            }
            made.append(evaluate(value, known, kind).velocity.slopes)
        return {read: _array(Dual(s.get(read, ZERO)) for s in made) for read in numbers}

    def velocities_of_terms(self, windows: Windows, moved: Velocities, kind: Kind) -> Array:
        numbers = self._reads(windows)
        made = []
        for row in range(windows.count):
            known: dict[Any, Any] = {
                read: Moving(Dual(array[row].value), moved[read][row])
                for read, array in numbers.items()
            }
            made.append(evaluate(windows.equation.value, known, kind).velocity)
        return _array(made)

    def _duals(self, windows: Windows) -> list[Dual]:
        if windows not in self._made:
            reads = self._reads(windows)
            rows = zip(*reads.values(), strict=True) if reads else [()] * windows.count
            value = windows.equation.value
            self._made[windows] = [self._term(value, zip(reads, row, strict=True)) for row in rows]
        return self._made[windows]

    def _term(self, value: Expr, reads: Iterable[tuple[Indexed, Dual]]) -> Dual:
        known = {read: Dual(number.value, {read: ONE}) for read, number in reads}
        return evaluate(value, known, self.kind)  # type: ignore[no-any-return]


def _is_moved(velocity: Dual) -> bool:
    return not isinstance(velocity.value, Fraction) or bool(velocity.value)


def _at(duals: Array, tensor: Tensor, position: Sequence[int]) -> Number:
    return duals[entry_at(position, tensor.shape)].value  # type: ignore[no-any-return]


def _array(duals: Iterable[Dual]) -> Array:
    return np.array([*duals], dtype=object)
