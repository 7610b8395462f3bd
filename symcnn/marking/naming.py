"""Which mistake yields a wrong figure: each of the catalogue is tried at the figures before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from sympy import Expr, Symbol

from symcnn.derivation.entries import Entries
from symcnn.derivation.statement import GRADIENT
from symcnn.errors import SymcnnError
from symcnn.marking.follow import Carried, agrees
from symcnn.marking.mistakes import CATALOGUE, Mistake, Work
from symcnn.marking.written import Written
from symcnn.problems import Problem

Wrong = Sequence[tuple[Symbol, Written]]
"""The wrong figures of one quantity, with the symbols of their entries."""


class Naming:
    """The mistakes that yield figures of one problem."""

    def __init__(self, problem: Problem, carried: Carried) -> None:
        """Take the problem, and what follows from the figures."""
        self._derivation, self._carried = problem.derivation, carried

    def named(self, quantity: str, wrong: Wrong) -> list[tuple[Mistake, ...]]:
        """Return for each wrong figure the mistakes that yield it.

        Those that yield all wrong figures of the quantity come before those that do not: who
        makes a mistake mostly makes it throughout.
        """
        found = [(mistake, self._yields(mistake, quantity, wrong)) for mistake in CATALOGUE]
        whole = [mistake for mistake, yields in found if all(yields)]
        if whole:
            return [tuple(whole)] * len(wrong)
        return [tuple(m for m, yields in found if yields[n]) for n in range(len(wrong))]

    def _yields(self, mistake: Mistake, quantity: str, wrong: Wrong) -> list[bool]:
        """Tell which of the wrong figures a mistake yields, by the way that yields the most."""
        best = [False] * len(wrong)
        for made in self._ways(mistake, quantity):
            yields = [self._is_yielded(made, symbol, written) for symbol, written in wrong]
            best = max(best, yields, key=sum)
        return best

    def _ways(self, mistake: Mistake, quantity: str) -> Iterator[Entries]:
        work = self._work(quantity)
        for equations in mistake.ways(work) if work.equations else ():
            if tuple(equations) != work.equations:
                yield Entries(equations, self._derivation.tensors, self._derivation.routings)

    def _is_yielded(self, made: Entries, symbol: Symbol, written: Written) -> bool:
        try:
            formula: Expr | None = made.formula(symbol)
        except (SymcnnError, ArithmeticError, IndexError):
            return False
        return formula is not None and agrees(self._carried.due(formula), written)

    def _work(self, quantity: str) -> Work:
        if quantity not in self._works:
            self._works[quantity] = self._made(quantity)
        return self._works[quantity]

    @cached_property
    def _works(self) -> dict[str, Work]:
        return {}

    def _made(self, quantity: str) -> Work:
        network, of = self._derivation.network, quantity.removeprefix(GRADIENT)
        if of != quantity:
            steps = tuple(self._derivation.steps_by(of))
            return Work(tuple(step.equation for step in steps), steps)
        base = network.tensors[quantity].base if quantity in network.tensors else None
        return Work(tuple(e for e in network.equations if e.target.base == base))
