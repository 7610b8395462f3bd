"""What a problem asks for, and in which order it is computed; the symbols of its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Symbol

from symcnn.derivation.statement import GRADIENT
from symcnn.equations.formulas import is_copy
from symcnn.network.stage import Stage
from symcnn.problems import Problem

UPDATED = "updated "
"""How the names of parameters begin after a step of gradient descent."""

AFTER_A_STEP = "loss after 1 step"
"""The loss with the updated parameters."""


def asked(problem: Problem) -> list[str]:
    """Return the quantities that a problem asks for.

    They are all outputs but those that only reindex entries, the loss, the derivatives with respect
    to these outputs and to the parameters, and the updated parameters.
    """
    network, adjoints = problem.network, problem.derivation.adjoints
    outputs = [stage.output.name for stage in network.stages if not _copies(stage)]
    learned = [tensor.name for tensor in network.parameters]
    slopes = [f"{GRADIENT}{name}" for name in (*outputs, *learned) if name in adjoints]
    updated = [f"{UPDATED}{name}" for name in learned if problem.learning_rate is not None]
    return [*outputs, "loss", *slopes, *updated]


def _copies(stage: Stage) -> bool:
    """Tell whether a layer only reindexes entries, so that there is nothing to compute."""
    return len(stage.equations) == 1 and is_copy(stage.equations[0])


def order_of(problem: Problem) -> Any:
    """Return what sorts quantities: forward, then backward from the loss, then updated."""
    places = {tensor.name: n for n, tensor in enumerate(problem.network.tensors.values())}
    learned = {tensor.name for tensor in problem.network.parameters}

    def place(name: str) -> tuple[int, bool, int, str]:
        if name.startswith(GRADIENT):
            of = name.removeprefix(GRADIENT)
            return 1, of in learned, -places.get(of, 0), name
        if name.startswith(UPDATED):
            return 2, False, places[name.removeprefix(UPDATED)], name
        if name == AFTER_A_STEP:
            return 3, False, 0, name
        return 0, False, places.get(name.removeprefix("routing of "), len(places)), name

    return place


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
