"""What a problem asks for, and in which order it is computed; what answers earn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.classroom.marking.precision import Precision
from symcnn.classroom.marking.precision import precision as precision_of
from symcnn.derivation.statement import GRADIENT
from symcnn.equations.formulas import is_copy
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.network.stage import Stage
from symcnn.problems import Problem
from symcnn.problems.worth import check_carried, check_share

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
    return problem.moved(entry, problem.derivation.adjoints[tensor.name].symbol(position))


@dataclass(frozen=True)
class Scheme:
    """How answers are marked.

    Attributes:
        quantities: The names of the quantities that are asked for; others earn nothing.
        points: The points of a quantity, shared equally by its figures; of one that is not named,
            every figure has one point.
        carried: The share of its points that a figure gets that follows from a wrong one.
        precision: How near figures have to be.
    """

    quantities: tuple[str, ...]
    points: Mapping[str, float] = field(default_factory=dict)
    carried: float = 1.0
    precision: Precision = field(default=Precision())

    def of_figure(self, quantity: str, figures: int) -> float:
        """Return the points of one of the figures of a quantity."""
        if quantity not in self.quantities:
            return 0.0
        return self.points[quantity] / figures if quantity in self.points else 1.0


def scheme(
    problem: Problem,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float | None = None,
    precision: Precision | None = None,
) -> Scheme:
    """Check a scheme for a problem; what is not given is as the problem states.

    Without quantities it asks for all, and for those that have points.

    Raises:
        SymcnnError: If a quantity is unknown, or points are not non-negative numbers.
        TooLargeError: If more figures are asked for than can be marked.
    """
    if isinstance(quantities, str):
        raise SymcnnError(f"quantities is {shown(quantities)}: give a list of names")
    stated, given = problem.worth, dict(points or {})
    if quantities is None:
        every = asked(problem) if stated.quantities is None else stated.quantities
        quantities = [*every, *stated.points]
    chosen = tuple(dict.fromkeys([*quantities, *given]))
    given = {**{n: p for n, p in stated.points.items() if n in chosen}, **given}
    sizes = [int(problem.quantities.shape(name).size) for name in chosen]
    for name, number in given.items():
        check_share(f"the points of {name} are", number)
    share = stated.carried if carried is None else carried
    check_carried(share)
    if sum(sizes) > limits.MARKED_FIGURES:
        raise TooLargeError(
            f"{sum(sizes):,} figures are asked for, more than the {limits.MARKED_FIGURES:,} that "
            "can be marked: name fewer quantities"
        )
    return Scheme(chosen, given, share, precision or precision_of(problem))
