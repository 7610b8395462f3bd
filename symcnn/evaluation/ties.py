"""Ties in floats: where rounding decides which entry of a window takes the derivative.

Two entries of a window that are equal on paper differ in the last digit of their floats,
or the other way round. That decides a gradient wherever something comes back to the
window and the entries themselves can move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Float, Symbol

from symcnn.derivation import Derivation, Routing
from symcnn.derivation.entries import enumerated
from symcnn.equations import position_of
from symcnn.errors import TooLargeError
from symcnn.problems import Problem
from symcnn.programs import Evaluation
from symcnn.reference import Forward
from symcnn.reference.complex_values import complex_value
from symcnn.values.evaluation import Array

NEAR = 1e-9
"""Entries that are closer than this, relative to the larger one, are nearly equal."""


@dataclass(frozen=True)
class NearTie:
    """One window whose largest entry is not alone.

    Attributes:
        layer: The name of the tensor that the window belongs to.
        window: The entry that the window's maximum is.
        entries: The entries that are largest, or nearly so.
        gap: How far the least of them is behind, in floats.
    """

    layer: str
    window: Symbol
    entries: tuple[Expr, ...]
    gap: float

    def __str__(self) -> str:
        """Name the window and its entries."""
        *others, last = map(str, self.entries)
        apart = f"differ by {self.gap:.1g}" if self.gap else "are equal"
        return f"{self.layer}, window {self.window}: {', '.join(others)} and {last} {apart}"


def near_ties(problem: Problem, evaluation: Evaluation) -> Iterator[NearTie]:
    """Find the windows in which a tie, or nearly one, decides a gradient.

    Args:
        problem: A network with its numbers.
        evaluation: Its floats.
    """
    if not problem.derivation.routings:
        return
    values = Forward(problem.network, problem.values).values
    moves = Moves(problem.derivation, values)
    for routing in reversed(problem.derivation.routings):
        yield from _of_routing(problem.derivation, routing, values, evaluation, moves)


def _of_routing(
    derivation: Derivation,
    routing: Routing,
    values: Mapping[str, Array],
    evaluation: Evaluation,
    moves: Moves,
) -> Iterator[NearTie]:
    tensor = derivation.tensors[routing.source.target.base]
    arriving = evaluation.gradients.get(tensor.name)
    for flat, spread in _tied_windows(derivation, routing, values):
        position = position_of(flat, tensor.shape)
        if arriving is not None and np.asarray(arriving)[position] == 0:
            continue
        terms = derivation.entries.terms(routing.source, tensor, position)
        largest = [terms[n] for n in spread.order]
        if any(moves(symbol) for term in largest for symbol in term.free_symbols):
            yield NearTie(tensor.name, tensor.symbol(position), tuple(largest), spread.gap)


@dataclass(frozen=True)
class _Spread:
    """Which terms of a window are largest, by their numbers, and how far apart they are."""

    order: list[int]
    gap: float


def _tied_windows(
    derivation: Derivation, routing: Routing, values: Mapping[str, Array]
) -> Iterator[tuple[int, _Spread]]:
    try:
        listed = enumerated(routing.source)
    except TooLargeError:  # nobody reads the warnings of so many windows
        return
    reads = {
        read: values[derivation.tensors[read.base].name].ravel()[at]
        for read, at in listed.reads.items()
    }
    terms = np.broadcast_to(
        np.real(complex_value(routing.source.value, reads)), listed.targets.shape
    )
    largest = np.full(listed.targets.max(initial=-1) + 1, -np.inf)
    np.maximum.at(largest, listed.targets, terms)
    behind = largest[listed.targets] - terms
    near = behind <= NEAR * np.abs(largest[listed.targets])
    count = np.bincount(listed.targets[near], minlength=largest.size)
    for flat in np.flatnonzero(count > 1).tolist():
        rows = listed.of_target(flat)
        largest_ones = np.flatnonzero(near[rows])
        yield flat, _Spread(largest_ones.tolist(), float(behind[rows[largest_ones]].max()))


class Moves:
    """Tells whether an entry can move: whether something given moves it at these numbers.

    What a ReLU has cut off cannot, and it does not matter to whom its derivative goes.
    """

    def __init__(self, derivation: Derivation, values: Mapping[str, Array]) -> None:
        """Take the values of all tensors."""
        self._entries, self._values = derivation.entries, values
        self._known: dict[Symbol, bool] = {}

    def __call__(self, symbol: Symbol) -> bool:
        """Tell it of one entry."""
        if symbol not in self._known:
            self._known[symbol] = self._find(symbol)
        return self._known[symbol]

    def _find(self, symbol: Symbol) -> bool:
        formula = self._entries.formula(symbol)
        if formula is None:
            return self._entries.locate(symbol)[0].role in ("input", "parameter")
        numbers = {s: self._number(s) for s in formula.free_symbols}
        return any(
            formula.diff(s).xreplace(numbers) != 0 and self(s)
            for s in sorted(formula.free_symbols, key=str)
        )

    def _number(self, symbol: Symbol) -> Float:
        tensor, position = self._entries.locate(symbol)
        return Float(self._values[tensor.name][position])
