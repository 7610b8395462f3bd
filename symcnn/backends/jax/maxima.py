"""Maxima, logarithms of sums of exponentials, and who answers for a maximum.

y = max over the reduced loops of t
R = 1 at the term with the least number among those with t = y, else 0
    (or, with ties = "split", 1 / how many t = y there)
"""

from __future__ import annotations

from math import prod

from symcnn.backends.jax.targets import gathered, placed
from symcnn.backends.numpy.general.maxima import Maximum, kept_loops, reduced_axes, terms_of
from symcnn.backends.numpy.general.operands import Operand
from symcnn.backends.numpy.general.writer import Writer
from symcnn.equations import Equation, Max


def maximum_of(writer: Writer, equation: Equation) -> Maximum:
    """Write the terms of a maximum and the largest of them."""
    stem = writer.arrays[equation.target.base]
    terms = writer.name(f"{stem}_terms", terms_of(writer, equation))
    largest = writer.name(f"{stem}_largest", f"{terms}.max(axis={reduced_axes(equation)})")
    part = Operand(largest, kept_loops(equation))
    array, here = gathered(writer, equation, part, "max")
    return Maximum(array, terms, here)


def log_sum_exp_of(writer: Writer, equation: Equation) -> str:
    """Return the logarithms; the largest term is taken out, so that no exponent is positive."""
    found, loops = maximum_of(writer, equation), tuple(equation.sizes)
    powers = f"np.exp({found.terms} - {found.here.over(loops)})"
    summed = writer.name("total", f"{powers}.sum(axis={reduced_axes(equation)})")
    total = placed(writer, equation, Operand(summed, kept_loops(equation)))
    return f"{found.array} + np.log({total})"


def routing_of(writer: Writer, equation: Equation, found: Maximum) -> str:
    """Return R over all loops."""
    rule = _first if equation.reduction == Max("first") else _equal_shares
    return rule(writer, equation, found)


def _first(writer: Writer, equation: Equation, found: Maximum) -> str:
    """Number the terms; the least number among the largest is the first."""
    shape, loops = tuple(equation.sizes.values()), tuple(equation.sizes)
    number = writer.name("number", f"np.arange({prod(shape)}).reshape({shape})")
    largest = f"{found.terms} == {found.here.over(loops)}"
    least = f"np.where({largest}, {number}, {prod(shape)}).min(axis={reduced_axes(equation)})"
    part = Operand(writer.name("least", least), kept_loops(equation))
    _, here = gathered(writer, equation, part, "min", str(prod(shape)))
    return f"1.0*({number} == {here.over(loops)})"


def _equal_shares(writer: Writer, equation: Equation, found: Maximum) -> str:
    loops = tuple(equation.sizes)
    largest = f"1.0*({found.terms} == {found.here.over(loops)})"
    largest = writer.name("is_largest", largest)
    count = writer.name("count", f"{largest}.sum(axis={reduced_axes(equation)})")
    _, here = gathered(writer, equation, Operand(count, kept_loops(equation)), "add")
    return f"{largest}/np.maximum({here.over(loops)}, 1)"
