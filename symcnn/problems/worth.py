"""What a problem asks for, and what that earns, as a problem file states it.

    [answers]
    quantities = ["conv1", "loss", "gradient of conv1.weight"]      # others earn nothing
    points = { conv1 = 4, "gradient of conv1.weight" = 6 }          # shared by their figures

By default all outputs, derivatives and updated parameters are asked for, and every figure has one
point. Whether there is a quantity of a name, is known when the problem is marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from symcnn.errors import SymcnnError, shown

MOST_POINTS = 10_000
"""The most points of one quantity."""


@dataclass(frozen=True)
class Worth:
    """What is asked for, and what that earns.

    Attributes:
        quantities: The names of the quantities that are asked for; None for all.
        points: The points of a quantity by its name, shared equally by its figures; of one that
            is not named, every figure has one point. What is named here is asked for.
    """

    quantities: tuple[str, ...] | None = None
    points: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the names and the points."""
        if self.quantities is not None:
            object.__setattr__(self, "quantities", checked_names(self.quantities))
        object.__setattr__(self, "points", checked_points(self.points))

    @property
    def is_usual(self) -> bool:
        """Whether all is asked for, and every figure has one point."""
        return self.quantities is None and not self.points


def checked_names(quantities: Any) -> tuple[str, ...]:
    """Return names of quantities, each once.

    Raises:
        SymcnnError: If they are no list of names, or an empty one.
    """
    if isinstance(quantities, str) or not isinstance(quantities, Sequence):
        raise SymcnnError(f"quantities is {shown(quantities)}: give a list of names")
    for name in quantities:
        if not isinstance(name, str):
            raise SymcnnError(f"quantities has {shown(name)}: give names such as 'conv1'")
    if not quantities:
        raise SymcnnError("quantities is empty: name one, or leave it out")
    return tuple(dict.fromkeys(quantities))


def checked_points(points: Any) -> dict[str, float]:
    """Return points by the names of quantities.

    Raises:
        SymcnnError: If they are no numbers from 0 on.
    """
    if not isinstance(points, Mapping):
        raise SymcnnError(f"points is {shown(points)}: give a table such as {{ conv1 = 4 }}")
    for name, number in points.items():
        check_share(f"the points of {name} are", number)
        if number > MOST_POINTS:
            raise SymcnnError(f"the points of {name} are {number:g}: give at most {MOST_POINTS:,}")
    return dict(points)


def check_share(said: str, number: Any) -> None:
    """Refuse what is no number from 0 on."""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not isfinite(number) or number < 0:
        raise SymcnnError(f"{said} {shown(number)}: give a non-negative number")
