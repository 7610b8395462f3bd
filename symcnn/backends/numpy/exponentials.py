"""Logarithms of sums of exponentials.

m = max of t,  y = m + log(sum of exp(t - m)):  no exponent is positive, one is 0
"""

from __future__ import annotations

from math import prod

from symcnn.backends.numpy.entrywise import evaluate
from symcnn.backends.numpy.im2col import Loops
from symcnn.backends.numpy.layout import outside, strided
from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import Apply
from symcnn.backends.numpy.strided import Strided
from symcnn.backends.numpy.sums import add_up
from symcnn.equations import Equation, accesses


def lowered(space: Space, equation: Equation) -> bool:
    """Write the logarithms, if each has its own entry of the target."""
    room = space.rooms[equation.target.base]
    out = strided(room, equation.target, equation.sizes)
    inside = not equation.guards and not any(map(any, outside(equation.target, equation.sizes)))
    if not inside or not out.is_injective or out.size != prod(room.shape):
        return False
    terms = _terms(space, equation)
    if terms.sizes.keys() != equation.sizes.keys():
        return False
    _write(space, terms, tuple(loop.symbol for loop in equation.reduced), out)
    return True


def _terms(space: Space, equation: Equation) -> Strided:
    reads = {read: space.read(read, equation.sizes) for read in accesses(equation.value)}
    largest = max(reads.values(), key=lambda access: access.size, default=None)
    if largest is None or equation.value in reads:
        return largest or Strided("", 0, {}, {})
    sizes = {s: n for access in reads.values() for s, n in access.sizes.items()}
    rest = [s for s in sizes if s not in largest.sizes]
    terms = space.dense("terms", (*rest, *largest.in_memory), sizes)
    evaluate(space, equation.value, reads, terms)
    return terms


def _write(space: Space, terms: Strided, reduced: Loops, out: Strided) -> None:
    order, kept = terms.in_memory, [s for s in terms.in_memory if s not in reduced]
    largest = space.dense(f"{out.array}_largest", kept, terms.sizes)
    powers = space.dense(f"{out.array}_powers", order, terms.sizes)
    add_up(space, "np.maximum", terms, reduced, largest)
    above = space.over(f"{largest.array}_of_sum", largest, order)
    source = space.over(terms.array, terms, order)
    space.do(Apply("np.subtract", (source, above), powers.array))
    space.do(Apply("np.exp", (powers.array,), powers.array))
    add_up(space, "np.add", powers, reduced, out)
    place = space.over(out.array, out, kept)
    space.do(Apply("np.log", (place,), place))
    space.do(Apply("np.add", (place, largest.array), place))
