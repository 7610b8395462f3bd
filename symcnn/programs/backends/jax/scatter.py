"""Scattering without mutation: the contribution of an equation as a new array.

T[(i W + j) C + c]      is a reshape
T[s i + u - p]          is a sum of contributions with zeros between and around them
"""

from __future__ import annotations

from typing import Literal

from symcnn.equations import Equation
from symcnn.equations.access import Access, shape_of
from symcnn.programs.backends.jax.builder import Builder
from symcnn.programs.backends.jax.operands import Operand

Combine = Literal["add", "max", "min"]


def scattered(
    builder: Builder, equation: Equation, part: Operand, combine: Combine = "add", empty: str = "0"
) -> Operand:
    """Return an array of the target's shape with the part at its place.

    Args:
        builder: Where intermediate statements go.
        equation: Whose target it is.
        part: The contribution; a loop that it lacks repeats it.
        combine: How several contributions to one entry are combined.
        empty: The value of an entry without contributions.
    """
    access = Access.of(equation.target, equation.sizes)
    if (order := access.reshaped) is not None:
        whole = part.broadcast(order, access.sizes)
        return whole.reshaped(shape_of(order, access.sizes), access.shape)
    shares = part.broadcast(access.loops, access.sizes).text
    rest = (access.shape, access.steps, access.start, f'"{combine}"', empty)
    return Operand(builder.call("scatter", shares, *rest))


def combined(
    builder: Builder, equation: Equation, part: Operand, combine: Combine, empty: str
) -> tuple[Operand, Operand]:
    """Scatter a part to its target; return the result, and its value at every term."""
    access = Access.of(equation.target, equation.sizes)
    array = builder.name("at_target", scattered(builder, equation, part, combine, empty))
    return array, part if access.is_injective else builder.view(array, access, "zeros")
