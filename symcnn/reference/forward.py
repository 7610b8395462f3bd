"""The forward pass alone, naively and independently: for checking everything else.

An equation is read as its definition says: every loop assignment that the guards let
through is listed, its term computed, and reduced into the entry that it leads to.
Nothing is differentiated, and nothing is shared with the programs of ``lambdify`` but
the identities that spare the logarithm of what underflows (``equations/logarithms``).

It computes with complex numbers (comparisons look at real parts), so a derivative is

    dL/dT[p]  =  Im L(T[p] + i h) / h,     h = 1e-30,

which has no cancellation: it is exact to rounding (Squire and Trapp, "Using complex
variables to estimate derivatives of real functions", 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import prod
from typing import Protocol

import numpy as np
from sympy import Indexed, IndexedBase, Symbol

from symcnn.equations import Equation, Group, LogSumExp, Max, Mean, Tensor, accesses, grouped
from symcnn.equations.formulas import Formulas
from symcnn.equations.logarithms import without_logarithms
from symcnn.errors import SymcnnError
from symcnn.reference.complex_values import complex_value
from symcnn.values import Values, required
from symcnn.values.evaluation import Array
from symcnn.values.floats import float_array

STEP = 1e-30
"""The h of the complex step; its square is far below rounding."""


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


class Forward:
    """The forward pass of a network at given numbers."""

    def __init__(self, network: HasEquations, values: Values, slack: float = 0.0) -> None:
        """Take the numbers by the tensors' names; nothing is computed yet.

        Args:
            network: What is evaluated.
            values: Numbers by the tensors' names.
            slack: Terms of a maximum that are at most this far behind, relative to it,
                count as equal to it: ties of exact numbers are seldom ties of floats.
        """
        self._slack = slack
        self._tensors = {t.base: t for t in network.tensors.values()}
        given = [t for t in self._tensors.values() if t.is_given]
        required(values, given)
        self._given = {t.base: float_array(values[t.name], t).ravel() for t in given}
        self._network = network
        groups = [(self._tensors[b], group) for b, group in grouped(network.equations)]
        self._textbook = _Stages(groups)
        self._stages = _Stages(without_logarithms(groups, Formulas()))

    @cached_property
    def values(self) -> dict[str, Array]:
        """The values of every tensor, given or computed, by name."""
        arrays = self._run(self._stages)
        return {
            tensor.name: arrays[base].real.reshape(tensor.shape)
            for base, tensor in self._tensors.items()
        }

    @property
    def outputs(self) -> dict[str, Array]:
        """Every layer's output, and the loss, by name."""
        computed = (t for t in self._tensors.values() if t.role in ("hidden", "loss"))
        return {tensor.name: self.values[tensor.name] for tensor in computed}

    @property
    def terms(self) -> int:
        """The number of terms that one pass computes."""
        return sum(e.count for _, stage in self._stages.assignments for e in stage)

    def derivative(self, name: str, position: Sequence[int]) -> float:
        """Return dL/dT[position] by complex step; T may be any tensor but the loss.

        A hidden entry is moved after it was computed, and everything that reads it sees it.

        Raises:
            SymcnnError: If there is no such tensor or entry.
        """
        if name not in self._network.tensors:
            raise SymcnnError(f"there is no tensor {name!r}")
        tensor = self._network.tensors[name]
        flat = int(np.ravel_multi_index(tensor.checked(position), tensor.shape))
        given = tensor.base in self._given
        arrays = self._run(self._stages if given else self._textbook, (tensor.base, flat))
        loss = arrays[self._network.loss_tensor.base]
        return float(loss[0].imag / STEP)

    def _run(
        self, stages: _Stages, moved: tuple[IndexedBase, int] | None = None
    ) -> dict[IndexedBase, Array]:
        arrays = {base: array.astype(complex) for base, array in self._given.items()}
        if moved is not None and moved[0] in arrays:
            arrays[moved[0]][moved[1]] += 1j * STEP
        for base, stage in stages.assignments:
            arrays[base] = np.zeros(self._tensors[base].size, complex)
            for assignments in stage:
                arrays[base] += assignments.reduced(arrays, self._slack)
            if moved is not None and moved[0] == base:
                arrays[base][moved[1]] += 1j * STEP
        return arrays


def forward(network: HasEquations, values: Values) -> dict[str, Array]:
    """Return every layer's output, and the loss, by name."""
    return Forward(network, values).outputs


def complex_step(
    network: HasEquations, values: Values, name: str, position: Sequence[int]
) -> float:
    """Return dL/dT[position] by complex step on the forward pass."""
    return Forward(network, values).derivative(name, position)


class _Stages:
    """Every computed tensor with the assignments of its equations."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = groups

    @cached_property
    def assignments(self) -> list[tuple[IndexedBase, list[_Assignments]]]:
        """The assignments by the base of the tensor, in the order of evaluation."""
        return [(tensor.base, [*map(_Assignments, group)]) for tensor, group in self._groups]


class _Assignments:
    """All loop assignments of one equation that its guards let through."""

    def __init__(self, equation: Equation) -> None:
        sizes = [loop.size for loop in equation.loops]
        grid = np.indices(sizes).reshape(len(sizes), prod(sizes))
        loops = {loop.symbol: row for loop, row in zip(equation.loops, grid, strict=True)}
        keep = np.ones(prod(sizes), bool)
        for guard in equation.guards:
            index = _index(guard.expression, loops, keep.size)
            keep &= (index >= 0) & (index < guard.size)
        self._equation = equation
        self.count = int(keep.sum())
        kept = {symbol: row[keep] for symbol, row in loops.items()}
        self._target = _positions(equation.target, kept, self.count)
        self._reads = {r: _positions(r, kept, self.count) for r in accesses(equation.value)}

    def reduced(self, arrays: dict[IndexedBase, Array], slack: float) -> Array:
        """Return what the equation contributes to each entry of its target."""
        read = {r: arrays[r.base][at] for r, at in self._reads.items()}
        terms = np.broadcast_to(complex_value(self._equation.value, read), (self.count,))
        size = prod(int(n) for n in self._equation.target.shape)
        if isinstance(self._equation.reduction, Max):
            return _largest(terms, self._target, size, self._equation.reduction.ties, slack)
        if isinstance(self._equation.reduction, LogSumExp):
            return _log_of_sum(terms, self._target, size)
        if isinstance(self._equation.reduction, Mean):
            terms = terms / np.bincount(self._target, minlength=size)[self._target]
        return _sum(terms, self._target, size)


def _sum(terms: Array, target: Array, size: int) -> Array:
    result = np.zeros(size, complex)
    np.add.at(result, target, terms)
    return result


def _log_of_sum(terms: Array, target: Array, size: int) -> Array:
    largest = np.full(size, -np.inf)
    np.maximum.at(largest, target, terms.real)
    return largest + np.log(_sum(np.exp(terms - largest[target]), target, size))


def _largest(terms: Array, target: Array, size: int, ties: str, slack: float) -> Array:
    largest = np.full(size, -np.inf)
    np.maximum.at(largest, target, terms.real)
    near = terms.real >= largest[target] - slack * np.abs(largest[target])
    winners = np.flatnonzero(near)
    if ties == "first":
        _, first = np.unique(target[winners], return_index=True)
        winners = winners[first]
    slope, count = np.zeros(size), np.zeros(size)
    np.add.at(slope, target[winners], terms.imag[winners])
    np.add.at(count, target[winners], 1)
    return largest + 1j * slope / np.maximum(count, 1)


def _positions(read: Indexed, loops: dict[Symbol, Array], count: int) -> Array:
    indices = [_index(position, loops, count) for position in read.indices]
    return np.ravel_multi_index(indices, tuple(int(size) for size in read.shape))


def _index(position: object, loops: dict[Symbol, Array], count: int) -> Array:
    value = complex_value(position, loops)
    return np.broadcast_to(np.asarray(value, np.int64), (count,))
