"""Ties and kinks in floats: where rounding decides which way a derivative takes.

Two entries of a window that are equal on paper differ in the last digit of their floats, or the
other way round; so does what a ReLU reads from 0: it may be 5.6e-17. That decides a gradient
wherever something comes back to the window, or the function, and what it reads can move.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Float, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.equations import position_of
from symcnn.equations.values import Evaluation
from symcnn.problems import Problem
from symcnn.reference import Forward, Kink, Tie

TIED = 1e-9
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
        gap = f"differ by {self.gap:.1g}" if self.gap else "are equal"
        return f"{self.layer}, window {self.window}: {', '.join(others)} and {last} {gap}"


def near_ties(
    problem: Problem, evaluation: Evaluation, passed: Forward | None = None
) -> Iterator[NearTie]:
    """Find the windows in which a tie, or nearly one, decides a gradient.

    Args:
        problem: A network with its numbers.
        evaluation: Its floats.
        passed: The forward pass at these numbers, if it was made before.
    """
    if not problem.derivation.routings:
        return
    passed = passed or Forward(problem.network, problem.values)
    moves = Moves(problem.derivation, passed)
    sources = {routing.source for routing in problem.derivation.routings}
    for tie in passed.ties(TIED):
        # Nobody reads the warnings of a maximum over very many windows.
        if tie.equation in sources and tie.equation.terms <= limits.LISTED_TERMS:
            yield from _near_tie(problem.derivation, tie, evaluation, moves)


def _near_tie(
    derivation: Derivation, tie: Tie, evaluation: Evaluation, moves: Moves
) -> Iterator[NearTie]:
    """Name a tie if a derivative comes back to it and one of its entries can move."""
    tensor = derivation.tensors[tie.equation.target.base]
    position, arriving = position_of(tie.entry, tensor.shape), evaluation.gradients.get(tensor.name)
    if arriving is not None and np.asarray(arriving)[position] == 0:
        return
    terms = derivation.entries.terms(tie.equation, tensor, position)
    largest = [terms[place] for place in tie.places]
    if any(moves(symbol) for term in largest for symbol in term.free_symbols):
        yield NearTie(
            tensor.name, tensor.symbol(position), tuple(largest), float(np.ptp(tie.terms))
        )


class Moves:
    """Tells whether an entry can move: whether something given moves it at these numbers.

    What a ReLU has cut off cannot, and it does not matter to whom its derivative goes.
    """

    def __init__(self, derivation: Derivation, passed: Forward) -> None:
        """Take the values of all tensors."""
        self._entries, self._passed = derivation.entries, passed
        self._known: dict[Symbol, bool] = {}

    def __call__(self, symbol: Symbol) -> bool:
        """Tell it of one entry."""
        if symbol not in self._known:
            self._known[symbol] = self._find(symbol)
        return self._known[symbol]

    def _find(self, symbol: Symbol) -> bool:
        """Look for an entry that can move, and whose moving an entry feels."""
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
        return Float(self._passed.value(tensor.name, position))


KINKED = 1e-12
"""An argument is nearly at a kink that is closer than this, relative to its largest term."""


@dataclass(frozen=True)
class NearKink:
    """One entry that is computed at a kink, or nearly there.

    Attributes:
        layer: The name of the tensor that it belongs to.
        entry: The entry.
        argument: The entry that it is a function of.
    """

    layer: str
    entry: Symbol
    argument: Symbol

    def __str__(self) -> str:
        """Name the entry and its argument."""
        return (
            f"{self.layer}, entry {self.entry}: {self.argument} is at a kink, or within "
            "rounding of one"
        )


def near_kinks(
    problem: Problem, evaluation: Evaluation, passed: Forward | None = None
) -> Iterator[NearKink]:
    """Find the entries at which a kink, or nearly one, decides a gradient.

    Args:
        problem: A network with its numbers.
        evaluation: Its floats.
        passed: The forward pass at these numbers, if it was made before.
    """
    passed = passed or Forward(problem.network, problem.values)
    moves = Moves(problem.derivation, passed)
    for kink in passed.kinks(KINKED):
        if not {kink.equation.target.base, kink.base} <= problem.derivation.tensors.keys():
            continue  # of a shifted logarithm's parts, which no layer has
        found = _near_kink(problem, kink)
        arriving = evaluation.gradients.get(found.layer)
        entry = position_of(kink.entry, problem.derivation.tensors[kink.equation.target.base].shape)
        if (arriving is None or np.asarray(arriving)[entry] != 0) and moves(found.argument):
            yield found


def _near_kink(problem: Problem, kink: Kink) -> NearKink:
    target, read = (problem.derivation.tensors[b] for b in (kink.equation.target.base, kink.base))
    entry = target.symbol(position_of(kink.entry, target.shape))
    argument = read.symbol(position_of(kink.read, read.shape))
    return NearKink(target.name, entry, argument)
