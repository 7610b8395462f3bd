"""Writing without a memory: what an equation contributes, as a new array.

T[(i W + j) C + c]      is a reshape
T[s i + u - p]          is a sum of shares with zeros between and around them
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sympy import Symbol

from symcnn.backends.numpy.general.operands import Operand
from symcnn.backends.numpy.general.targets import at_target, unrolled
from symcnn.backends.numpy.general.writer import Writer, reshaped
from symcnn.equations import Equation
from symcnn.equations.access import Access, shape_of
from symcnn.notation import Shape

Combine = Literal["add", "max", "min"]

_NEUTRAL: dict[Combine, str] = {"add": "0", "max": "-np.inf"}


def placed(
    writer: Writer, equation: Equation, part: Operand, combine: Combine = "add", empty: str = ""
) -> str:
    """Return an array of the target's shape with the part at its place.

    Args:
        writer: Where intermediate statements go.
        equation: Whose target it is.
        part: The contribution; a loop that it lacks repeats it.
        combine: What becomes of contributions to one entry.
        empty: What an entry holds to which nothing is brought; by default 0, or -inf.
    """
    access = Access.of(equation.target, equation.sizes)
    order = access.reshaped
    loops = access.loops if order is None else order
    sizes = shape_of(loops, access.sizes)
    whole = _whole(part, loops, sizes)
    if order is not None:
        return reshaped(whole, sizes, access.shape)
    steps = tuple(tuple(form.coefficient(s) for s in loops) for form in access.forms)
    start = tuple(form.constant for form in access.forms)
    empty = empty or _NEUTRAL[combine]
    return f'spread({whole}, {access.shape}, {steps}, {start}, "{combine}", {empty})'


def gathered(
    writer: Writer, equation: Equation, part: Operand, combine: Combine, empty: str = ""
) -> tuple[str, Operand]:
    """Bring a part to its target; return the result, and the result at every term."""
    array = writer.name("at_target", placed(writer, equation, part, combine, empty))
    several = unrolled(Access.of(equation.target, equation.sizes))
    return array, at_target(writer, equation, array) if several else part


def _whole(part: Operand, order: Sequence[Symbol], sizes: Shape) -> str:
    """Return the part over all loops of the target, repeated where it lacks one."""
    text = part.over(order)
    return text if set(part.loops) == set(order) else f"np.broadcast_to({text}, {sizes})"
