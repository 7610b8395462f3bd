"""What answers earn: the quantities that are asked for, their points, and what follows is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from symcnn import limits
from symcnn.classroom.marking.asked import asked
from symcnn.errors import SymcnnError, TooLargeError, shown
from symcnn.problems import Problem


@dataclass(frozen=True)
class Scheme:
    """How answers are marked.

    Attributes:
        quantities: The names of the quantities that are asked for; others earn nothing.
        points: The points of a quantity, shared equally by its figures; of one that is not named,
            every figure has one point.
        carried: The share of its points that a figure gets that follows from a wrong one.
    """

    quantities: tuple[str, ...]
    points: Mapping[str, float] = field(default_factory=dict)
    carried: float = 1.0

    def of_figure(self, quantity: str, figures: int) -> float:
        """Return the points of one of the figures of a quantity."""
        if quantity not in self.quantities:
            return 0.0
        return self.points[quantity] / figures if quantity in self.points else 1.0


def scheme(
    problem: Problem,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float = 1.0,
) -> Scheme:
    """Check a scheme for a problem; without quantities it asks for all.

    Raises:
        SymcnnError: If a quantity is unknown, or points are not non-negative numbers.
        TooLargeError: If more figures are asked for than can be marked.
    """
    if isinstance(quantities, str):
        raise SymcnnError(f"quantities is {shown(quantities)}: give a list of names")
    given = dict(points or {})
    chosen = tuple(dict.fromkeys([*(asked(problem) if quantities is None else quantities), *given]))
    sizes = [int(problem.quantities.shape(name).size) for name in chosen]
    for name, number in given.items():
        _check(f"the points of {name} are", number)
    _check("carried is", carried)
    if carried > 1:
        raise SymcnnError(f"carried is {carried!r}: give a share of the points, from 0 to 1")
    if sum(sizes) > limits.MARKED_FIGURES:
        raise TooLargeError(
            f"{sum(sizes):,} figures are asked for, more than the {limits.MARKED_FIGURES:,} that "
            "can be marked: name fewer quantities"
        )
    return Scheme(chosen, given, carried)


def _check(said: str, number: Any) -> None:
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not isfinite(number) or number < 0:
        raise SymcnnError(f"{said} {number!r}: give a non-negative number")
