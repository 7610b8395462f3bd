"""The order of evaluation: every target with all equations that add to it."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import IndexedBase

from symcnn.equations.equation import Equation
from symcnn.equations.tensor import Tensor

Group = tuple[Tensor, tuple[Equation, ...]]
"""A tensor and the equations that add up to it; without one it is 0."""


def grouped(
    equations: Iterable[Equation],
) -> list[tuple[IndexedBase, tuple[Equation, ...]]]:
    """Return equations by their targets, each target where the last of them stands.

    There it is complete; whoever reads it comes later.
    """
    order: dict[IndexedBase, tuple[Equation, ...]] = {}
    for equation in equations:
        base = equation.target.base
        order[base] = (*order.pop(base, ()), equation)
    return list(order.items())
