"""One step of gradient descent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Expr

from symcnn.equations.values.evaluation import Array
from symcnn.equations.values.exact import exact
from symcnn.errors import SymcnnError


def positive_rate(rate: Any) -> Expr:
    """Return a learning rate exactly; anything but a positive number is an error."""
    number = exact(rate, "the learning rate")
    if number <= 0:
        raise SymcnnError(f"the learning rate is {number}: a positive number is needed")
    return number


def after_step(
    weights: Mapping[str, Array], slopes: Mapping[str, Array], rate: Any
) -> dict[str, Array]:
    """Return w - rate * dL/dw for every weight that has a slope.

    Args:
        weights: Arrays of floats or of SymPy's numbers, by name.
        slopes: The derivatives with respect to those that move.
        rate: The length of the step.
    """
    return {name: weights[name] - rate * slope for name, slope in slopes.items()}
