"""The symbols of the entries that figures are of."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Symbol

from symcnn.classroom.marking.asked import UPDATED
from symcnn.derivation.statement import GRADIENT
from symcnn.problems import Problem


def symbol_of(problem: Problem, quantity: str, position: Sequence[int]) -> Symbol | None:
    """Return the symbol of an entry; updated weights have none of their own, nor have routings."""
    adjoints, tensors = problem.derivation.adjoints, problem.network.tensors
    of = quantity.removeprefix(GRADIENT)
    if of not in tensors:
        return None
    tensor = adjoints[of] if of != quantity else tensors[of]
    return tensor.symbol(tuple(position))


def expression_of(problem: Problem, quantity: str, position: Sequence[int]) -> Expr:
    """Return an entry as an expression: a symbol, or w - eta dL/dw for an updated weight."""
    symbol = symbol_of(problem, quantity, position)
    if symbol is not None:
        return symbol
    tensor = problem.quantities.shape(quantity)
    entry = tensor.symbol(tuple(position))
    if not quantity.startswith(UPDATED):
        return entry
    return entry - problem.learning_rate * problem.derivation.adjoints[tensor.name].symbol(position)
