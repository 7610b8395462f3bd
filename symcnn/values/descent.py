"""One step of gradient descent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcnn.values.evaluation import Array


def after_step(
    weights: Mapping[str, Array], slopes: Mapping[str, Array], rate: Any
) -> dict[str, Array]:
    """Return w - rate * dL/dw for every weight that has a slope.

    Args:
        weights: Arrays of floats or of SymPy's numbers, by name.
        slopes: The derivatives by those that move.
        rate: The length of the step.
    """
    return {name: weights[name] - rate * slope for name, slope in slopes.items()}
