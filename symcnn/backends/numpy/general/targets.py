"""Writing: what an equation contributes goes to affine positions of its target.

T[i, j]                 is an assignment
T[(i W + j) C + c]      is a reshape
T[s i + u - p]          is += on a view of T, for one u after the other, so that
                        no two entries of the view are the same number of T
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import prod

from sympy import Symbol

from symcnn.backends.numpy.general.operands import Operand, atom
from symcnn.backends.numpy.general.writer import Writer, reshaped
from symcnn.equations import Equation
from symcnn.equations.access import Access, injective, shape_of
from symcnn.notation import Shape

Combine = Callable[[str, str], str]


def accumulate(left: str, right: str) -> str:
    """Add to the entries of a view."""
    return f"{left} += {right}"


def maximise(left: str, right: str) -> str:
    """Keep the larger entries."""
    return f"{left} = np.maximum({left}, {right})"


def minimise(left: str, right: str) -> str:
    """Keep the smaller entries."""
    return f"{left} = np.minimum({left}, {right})"


def placed(
    writer: Writer,
    equation: Equation,
    part: Operand,
    combine: Combine = accumulate,
    empty: str = "0.0",
) -> str:
    """Return an array of the target's shape with the part at its place.

    Args:
        writer: Where intermediate statements go.
        equation: Whose target it is.
        part: The contribution; a loop that it lacks repeats it.
        combine: The statement that brings a value to an entry that holds another.
        empty: What the entries hold to which nothing is brought.
    """
    access = Access.of(equation.target, equation.sizes)
    order = access.reshaped
    if order is None:
        return _scattered(writer, equation, access, part, combine, empty)
    sizes = shape_of(order, access.sizes)
    return reshaped(_whole(part, order, sizes), sizes, access.shape)


def unrolled(access: Access) -> tuple[Symbol, ...]:
    """Return the loops to run one value after the other: the fewest steps that suffice."""
    loops = access.loops
    choices = (c for count in range(len(loops) + 1) for c in combinations(loops, count))
    safe = (c for c in choices if injective(access, [s for s in loops if s not in c]))
    return min(safe, key=lambda c: prod(shape_of(c, access.sizes)))


def run_over(loops: Sequence[Symbol], order: Sequence[Symbol], sizes: Shape) -> tuple[str, str]:
    """Return the head of a Python loop, and the index that picks its step."""
    index = ", ".join(f"at[{loops.index(s)}]" if s in loops else ":" for s in order)
    return f"for at in np.ndindex({sizes}):", f"[{index}]"


def _scattered(
    writer: Writer,
    equation: Equation,
    access: Access,
    part: Operand,
    combine: Combine,
    empty: str,
) -> str:
    stem = writer.arrays[equation.target.base]
    room = writer.name(f"{stem}_room", f"np.full({access.padded}, {empty})")
    view = writer.name(f"{stem}_places", writer.view(room, access))
    loops, everything = unrolled(access), access.loops
    whole = _whole(part, everything, shape_of(everything, access.sizes))
    if not loops:
        writer.line(combine(f"{view}[...]", whole))
    else:
        share = writer.name(f"{stem}_shares", whole)
        head, index = run_over(loops, everything, shape_of(loops, access.sizes))
        writer.line(f"{head}\n    {combine(view + index, share + index)}")
    return room + _crop(access)


def _whole(part: Operand, order: Sequence[Symbol], sizes: Shape) -> str:
    """Return the part over all loops of the target, repeated where it lacks one."""
    text = part.over(order)
    return text if set(part.loops) == set(order) else f"np.broadcast_to({text}, {sizes})"


def _crop(access: Access) -> str:
    if not any(map(any, access.padding)):
        return ""
    pairs = zip(access.padding, access.shape, strict=True)
    slices = ", ".join(f"{before}:{before + size}" for (before, _), size in pairs)
    return f"[{slices}]"


def at_target(writer: Writer, equation: Equation, array: str) -> Operand:
    """Return an array of the target's shape, read back at the target's positions."""
    access = Access.of(equation.target, equation.sizes)
    if (order := access.reshaped) is not None:
        return Operand(reshaped(array, access.shape, shape_of(order, access.sizes)), order)
    text = array
    if any(map(any, access.padding)):
        text = f"np.pad({atom(array)}, {access.padding})"
    return Operand(writer.view(text, access), access.loops)
