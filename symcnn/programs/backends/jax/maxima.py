"""Maxima, their routings, and logarithms of sums of exponentials.

y = max over the reduced loops of t
R = 1 at the term with the least number among those with t = y, else 0
    (or, with ties = "split", 1 / how many t = y there)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from sympy import Indexed

from symcnn.equations import Equation, LogSumExp, Max, further_guards
from symcnn.equations.access import Access
from symcnn.programs.backends.jax.builder import Builder, combined, scattered
from symcnn.programs.backends.jax.operands import Operand


@dataclass(frozen=True)
class Maximum:
    """A maximum whose statements have been written.

    Attributes:
        array: The maxima in the target's shape.
        terms: All terms, over all loops.
        here: The maximum of each term's window, with an axis for each loop.
    """

    array: Operand
    terms: Operand
    here: Operand

    @property
    def is_largest(self) -> str:
        """The comparison of every term with its maximum."""
        return f"{self.terms.text} == {self.here.text}"


def maximum_of(builder: Builder, equation: Equation) -> Maximum:
    """Write the terms of a maximum and the largest of them."""
    stem = builder.arrays[equation.target.base]
    terms = builder.name(f"{stem}_terms", terms_of(builder, equation))
    largest = _reduced(builder, equation, f"{stem}_largest", terms.text, "max")
    array, here = combined(builder, equation, largest, "max", "-jnp.inf")
    return Maximum(array, terms, here.over(terms.loops))


def terms_of(builder: Builder, equation: Equation) -> Operand:
    """Return the terms over all loops; what a guard leaves out is -inf, and never largest."""
    number, rest = equation.value.as_coeff_Mul()
    needed = further_guards(equation.guards, equation.target)
    padded = isinstance(rest, Indexed) and number > 0 and not further_guards(needed, rest)
    terms = builder.value(equation.value, equation.sizes, "-inf" if padded else "edge")
    loops = tuple(equation.sizes)
    if needed and not padded:
        inside = builder.inside(needed, equation.sizes).over(loops).text
        terms = Operand(f"jnp.where({inside} > 0, {terms.over(loops).text}, -jnp.inf)", ())
        return Operand(f"jnp.broadcast_to({terms.text}, {tuple(equation.sizes.values())})", loops)
    return terms.broadcast(loops, equation.sizes)


def log_sum_exp_of(builder: Builder, equation: Equation) -> Operand:
    """Return m + log(sum of exp(t - m)), m the largest t: no exponent is positive, one is 0."""
    if equation.reduction == LogSumExp(shifted=True):
        terms = terms_of(builder, equation)
        powers = f"jnp.exp({terms.text})"
        total = scattered(builder, equation, _reduced(builder, equation, "total", powers, "sum"))
        return Operand(f"jnp.log({total.text})")
    found = maximum_of(builder, equation)
    powers = f"jnp.exp({found.terms.text} - {found.here.text})"
    total = scattered(builder, equation, _reduced(builder, equation, "total", powers, "sum"))
    return Operand(f"{found.array.text} + jnp.log({total.text})", tight=False)


def routing_of(builder: Builder, equation: Equation, found: Maximum) -> Operand:
    """Return R over all loops."""
    rule = _first if equation.reduction == Max("first") else _equal_shares
    return rule(builder, equation, found)


def _first(builder: Builder, equation: Equation, found: Maximum) -> Operand:
    """Number the terms; the least number among the largest is the first.

    Where no two windows have the same target, a helper may find it without numbers.
    """
    shape, loops = tuple(equation.sizes.values()), found.terms.loops
    alone = Access.of(equation.target, equation.sizes).is_injective
    if builder.library.scans and alone and (axes := _axes(equation)):
        is_first = builder.call("first", found.terms.text, found.here.text, axes)
        return Operand(builder.library.truth.format(is_first), loops, tight=False)
    count = prod(shape)
    number = builder.name(
        "number", Operand(builder.library.count.format(count)).reshaped((count,), shape)
    )
    numbers = f"jnp.where({found.is_largest}, {number.text}, {count})"
    least = _reduced(builder, equation, "least", numbers, "min")
    _, here = combined(builder, equation, least, "min", str(count))
    is_least = f"{number.text} == {here.over(loops).text}"
    return Operand(builder.library.truth.format(is_least), loops, tight=False)


def _equal_shares(builder: Builder, equation: Equation, found: Maximum) -> Operand:
    loops = found.terms.loops
    largest = builder.name(
        "is_largest", Operand(builder.library.truth.format(found.is_largest), loops)
    ).text
    count = _reduced(builder, equation, "count", largest, "sum")
    _, here = combined(builder, equation, count, "add", "0")
    shares = builder.library.at_least_one.format(here.over(loops).text)
    return Operand(f"{largest}/{shares}", loops, tight=False)


def _reduced(builder: Builder, equation: Equation, name: str, terms: str, rule: str) -> Operand:
    """Name the terms reduced over the reduced loops."""
    axes, loops = _axes(equation), [*equation.sizes]
    kept = tuple(loop for axis, loop in enumerate(loops) if axis not in axes)
    scanned = rule == "max" and builder.library.scans and axes
    text = builder.call("largest", terms, axes) if scanned else f"{terms}.{rule}(axis={axes})"
    return builder.name(name, Operand(text, kept))


def _axes(equation: Equation) -> tuple[int, ...]:
    """Return which of the loops are reduced."""
    reduced = {loop.symbol for loop in equation.reduced}
    return tuple(axis for axis, loop in enumerate(equation.sizes) if loop in reduced)
