"""What an equation is by its form alone: a maximum, or one term for every entry."""

from __future__ import annotations

from symcnn.equations.equation import Equation
from symcnn.equations.reduction import Max


def is_one_to_one(equation: Equation) -> bool:
    """Tell whether every entry of the target has exactly one term, every index bare."""
    axes = [axis for axis in equation.target.indices if axis != 0]
    bare = len(set(axes)) == len(equation.loops) and all(a in equation.sizes for a in axes)
    whole = all(
        equation.sizes.get(axis, 1) == size
        for axis, size in zip(equation.target.indices, equation.target.shape, strict=True)
    )
    return bare and whole and not equation.guards


def is_maximum(equation: Equation) -> bool:
    """Tell whether an equation is a maximum, which needs a routing to be differentiated."""
    return isinstance(equation.reduction, Max)
