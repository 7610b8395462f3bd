"""Maxima, and the mask of the terms that answer for them.

y = max over the reduced loops of t
R = 1 at the first t with t = y, in the order of the loops, else 0
    (or, with ties = "split", 1 / how many t = y there)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from sympy import Indexed, Symbol

from symcnn.backends.numpy.general.operands import Operand
from symcnn.backends.numpy.general.sums import elementwise
from symcnn.backends.numpy.general.targets import (
    Combine,
    accumulate,
    at_target,
    maximise,
    minimise,
    placed,
    run_over,
    unrolled,
)
from symcnn.backends.numpy.general.writer import Writer, left
from symcnn.equations import Equation, Max
from symcnn.equations.access import Access, shape_of


@dataclass(frozen=True)
class Maximum:
    """A maximum that is written.

    Attributes:
        array: The maxima in the target's shape.
        terms: All terms, over all loops.
        here: The maximum that each term competes for.
    """

    array: str
    terms: str
    here: Operand


def maximum_of(writer: Writer, equation: Equation) -> Maximum:
    """Write the terms of a maximum and the largest of them."""
    stem = writer.arrays[equation.target.base]
    terms = writer.name(f"{stem}_terms", terms_of(writer, equation))
    kept = kept_loops(equation)
    largest = writer.name(f"{stem}_largest", f"{terms}.max(axis={reduced_axes(equation)})")
    array, here = _gathered(writer, equation, Operand(largest, kept), maximise, "-np.inf")
    return Maximum(array, terms, here)


def routing_of(writer: Writer, equation: Equation, found: Maximum) -> str:
    """Return R over all loops."""
    if equation.reduction != Max("first"):
        return _equal_shares(writer, equation, found)
    if unrolled(Access.of(equation.target, equation.sizes)):
        return _first_by_number(writer, equation, found)
    return _first_by_turn(writer, equation, found)


def terms_of(writer: Writer, equation: Equation) -> str:
    """Return the terms over all loops; what a guard leaves out is -inf, and never largest."""
    number, rest = equation.value.as_coeff_Mul()
    needed = left(equation.guards, equation.target)
    padded = isinstance(rest, Indexed) and number > 0 and not left(needed, rest)
    operand = elementwise(writer, equation.value, equation.sizes, "-inf" if padded else "edge")
    loops, shape = tuple(equation.sizes), tuple(equation.sizes.values())
    text = operand.over(loops)
    if needed and not padded:
        inside = writer.inside(needed, equation.sizes)
        text = f"np.where({inside.over(loops)} > 0, {text}, -np.inf)"
    elif operand.loops == loops:
        return text
    return f"np.broadcast_to({text}, {shape})"


def _gathered(
    writer: Writer, equation: Equation, part: Operand, combine: Combine, empty: str
) -> tuple[str, Operand]:
    """Bring a part to its target; return the result, and the result at every term."""
    array = writer.name("at_target", placed(writer, equation, part, combine, empty))
    several = unrolled(Access.of(equation.target, equation.sizes))
    return array, at_target(writer, equation, array) if several else part


def _first_by_turn(writer: Writer, equation: Equation, found: Maximum) -> str:
    """Let the terms of all windows step forward, one after the other."""
    reduced, loops, sizes = [s.symbol for s in equation.reduced], [*equation.sizes], equation.sizes
    routing = writer.name("first", f"np.zeros({tuple(sizes.values())})")
    free = writer.name("free", f"np.ones({shape_of(kept_loops(equation), sizes)}, bool)")
    wins = writer.fresh("wins")
    head, at = run_over(reduced, loops, shape_of(reduced, sizes))
    writer.line(
        f"{head}\n"
        f"    {wins} = {free} & ({found.terms}{at} == {found.here.text})\n"
        f"    {routing}{at} = {wins}\n"
        f"    {free} &= ~{wins}"
    )
    return routing


def _first_by_number(writer: Writer, equation: Equation, found: Maximum) -> str:
    """Number the terms; the least number among the largest is the first."""
    shape, loops = tuple(equation.sizes.values()), tuple(equation.sizes)
    number = writer.name("number", f"np.arange({prod(shape)}).reshape({shape})")
    largest = f"{found.terms} == {found.here.over(loops)}"
    least = f"np.where({largest}, {number}, {prod(shape)}).min(axis={reduced_axes(equation)})"
    part = Operand(writer.name("least", least), kept_loops(equation))
    _, here = _gathered(writer, equation, part, minimise, str(prod(shape)))
    return f"1.0*({number} == {here.over(loops)})"


def _equal_shares(writer: Writer, equation: Equation, found: Maximum) -> str:
    loops = tuple(equation.sizes)
    largest = writer.name("is_largest", f"{found.terms} == {found.here.over(loops)}")
    count = writer.name("count", f"{largest}.sum(axis={reduced_axes(equation)}, dtype=float)")
    _, here = _gathered(writer, equation, Operand(count, kept_loops(equation)), accumulate, "0.0")
    return f"{largest}/np.maximum({here.over(loops)}, 1)"


def kept_loops(equation: Equation) -> tuple[Symbol, ...]:
    """Return the loops that the target has, in the equation's order."""
    reduced = {loop.symbol for loop in equation.reduced}
    return tuple(s for s in equation.sizes if s not in reduced)


def reduced_axes(equation: Equation) -> tuple[int, ...]:
    """Return the axes of the terms over which they are reduced."""
    kept = kept_loops(equation)
    return tuple(axis for axis, s in enumerate(equation.sizes) if s not in kept)
