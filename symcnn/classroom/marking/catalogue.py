"""What the mistakes of the catalogue yield in one problem, whoever makes them.

The formulas are made when they are needed, and kept: the sheets of a class share them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Add, Expr, IndexedBase, Mul, Symbol

from symcnn.classroom.marking.follow import Carried
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.mistakes import CATALOGUE, Mistake, Work
from symcnn.derivation.entries import Entries
from symcnn.equations import Equation, Tensor
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

Equations = tuple[Equation, ...]
"""The equations that add up to a quantity."""


@dataclass(frozen=True, eq=False)
class Way:
    """A way to get a quantity wrong."""

    mistake: Mistake
    tensor: Tensor
    _entries: Entries
    _known: dict[Symbol, Expr | None] = field(default_factory=dict)

    def formula(self, symbol: Symbol) -> Expr | None:
        """Return the formula that the mistake follows; None where it makes no sense."""
        if symbol not in self._known:
            self._known[symbol] = self._made(symbol)
        return self._known[symbol]

    def _made(self, symbol: Symbol) -> Expr | None:
        try:
            found = self._entries.formula(symbol)
        except (SymcnnError, ArithmeticError, IndexError):
            return None
        return None if found is None else as_product(found)


class Catalogue:
    """The ways to get the quantities of a problem wrong."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self.formulas = Formulas(problem)
        self._ways: dict[IndexedBase, Sequence[Way]] = {}

    @cached_property
    def right(self) -> Carried:
        """What follows from what is given alone."""
        return Carried(self.formulas, {})

    def ways(self, tensor: Tensor) -> Sequence[Way]:
        """Return the ways to get a quantity wrong."""
        if tensor.base not in self._ways:
            self._ways[tensor.base] = self._found(tensor)
        return self._ways[tensor.base]

    def _found(self, tensor: Tensor) -> list[Way]:
        formulas = self.formulas
        return [
            Way(mistake, tensor, formulas.entries(equations))
            for mistake, equations in wrong_equations(formulas, tensor)
        ]


def wrong_equations(
    formulas: Formulas, tensor: Tensor, catalogue: Sequence[Mistake] | None = None
) -> Iterator[tuple[Mistake, Equations]]:
    """Run over other equations for a quantity, each with the mistake that they are of.

    What reads the quantity itself, or what is computed from it, cannot be computed.

    Args:
        formulas: How everything is computed rightly.
        tensor: The quantity.
        catalogue: The mistakes; by default those that are made on paper.
    """
    work = Work(tensor, formulas)
    mistakes = CATALOGUE if catalogue is None else catalogue
    for mistake in mistakes if work.equations else ():
        for equations in dict.fromkeys(map(tuple, mistake.ways(work))):
            is_other = equations != work.equations
            if is_other and not any(formulas.depends(e, tensor) for e in equations):
                yield mistake, equations


def as_product(formula: Expr) -> Expr:
    """Return a sum over all pairs, w1 x1 + w1 x2 + w2 x1 + w2 x2, as (w1 + w2)(x1 + x2)."""
    rows = dict[Expr, list[Expr]]()
    for term in Add.make_args(formula):
        parts = [part for part in Mul.make_args(term) if part.is_Symbol]
        if len(parts) != 2 or Mul(*parts) != term:
            return formula
        first, second = sorted(parts, key=lambda part: part.name)
        rows.setdefault(first, []).append(second)
    sums = {frozenset(row) for row in rows.values()}
    if len(rows) < 2 or len(sums) != 1 or len(*sums) < 2:
        return formula
    return Mul(Add(*rows), Add(*sums.pop()), evaluate=False)
