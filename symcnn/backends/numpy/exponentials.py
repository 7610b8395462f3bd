"""Logarithms of sums of exponentials.

m = max of t,  y = m + log(sum of exp(t - m)):  no exponent is positive, one is 0
"""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.backends.numpy.entrywise import Reads, over_loops
from symcnn.backends.numpy.layout import Layouts, outside, reading, strided
from symcnn.backends.numpy.statements import Apply, Statement
from symcnn.backends.numpy.strided import Loops, Strided, dense
from symcnn.backends.numpy.sums import add_up
from symcnn.equations import Equation, LogSumExp, accesses


def logarithms(layouts: Layouts, equation: Equation) -> Iterator[Statement] | None:
    """Return what computes the logarithms, if each has its own entry of the target."""
    if not isinstance(equation.reduction, LogSumExp):
        return None
    target = layouts[equation.target.base]
    out = strided(target, equation.target, equation.sizes)
    reads = {r: reading(layouts, r, equation.sizes) for r in accesses(equation.value)}
    held = {loop for access in reads.values() for loop in access.sizes}
    inside = not equation.guards and not any(map(any, outside(equation.target, equation.sizes)))
    fills = out.is_injective and out.size == target.array.size
    if not inside or not fills or held != equation.sizes.keys():
        return None
    return _logarithms(equation, reads, out)


def _logarithms(equation: Equation, reads: Reads, out: Strided) -> Iterator[Statement]:
    """Return m + log(sum of exp(t - m)), each step in an array of its own."""
    terms, computed = over_loops(equation.value, reads, "terms")
    yield from computed
    reduced: Loops = tuple(loop.symbol for loop in equation.reduced)
    order, kept = terms.in_memory, [s for s in terms.in_memory if s not in reduced]
    largest = dense(kept, terms.sizes, out.array, "_largest")
    powers = dense(order, terms.sizes, out.array, "_powers")
    yield add_up("np.maximum", terms, reduced, largest)
    above = largest.over(order, largest.array, "_of_sum")
    yield Apply("np.subtract", (terms.over(order), above), powers.array.all)
    yield Apply("np.exp", (powers.array.all,), powers.array.all)
    yield add_up("np.add", powers, reduced, out)
    place = out.over(kept)
    yield Apply("np.log", (place,), place)
    yield Apply("np.add", (place, largest.array.all), place)
