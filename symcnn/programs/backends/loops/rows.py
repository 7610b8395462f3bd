"""Loops over entries that lie side by side, several of which compilers compute at once.

    y[i,j,k] = sum over u, v, c of w[u,v,c,k] x[i + u, j + v, c]      the row is that of k
    y[q] = sum over m of w[q,m] x[m]                                  four sums, of every fourth m

The terms of one sum compilers have to add one after the other, for floats are rounded in their
order. In a row each entry adds its terms in the order of the equation; where there is no row, the
terms of a sum are dealt to a few sums, which are added at the end.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Indexed, Symbol

from symcnn.equations import Equation, Loop, accesses, affine, entry_at
from symcnn.programs.backends.loops.texts import Texts

NEAR = 64
"""The longest row whose sums are kept apart, in registers, until they are complete."""

LANES = Loop(Symbol("lane"), 4)
"""The sums to which the terms of one are dealt."""

_SHORT = 4
"""Below this a row is not worth it."""


def row_of(texts: Texts, equation: Equation) -> Loop | None:
    """Return the loop over a row of the target, in which nothing else has other steps than 1.

    Guards are outside of it, and every entry of the row is another one.
    """
    if not texts.language.row:
        return None
    own = any(read.base == equation.target.base for read in accesses(equation.value))
    kept = (loop for loop in equation.loops if _step(equation.target, loop.symbol) == 1)
    return None if own else _longest(equation, kept, _SHORT)


def lane_of(texts: Texts, equation: Equation) -> Loop | None:
    """Return the loop over the terms of a sum that are dealt to a few, if they lie side by side."""
    if not texts.language.row:
        return None
    return _longest(equation, equation.reduced, 2 * int(LANES.size))


def _longest(equation: Equation, loops: Iterable[Loop], least: int) -> Loop | None:
    """Return the longest loop without guards in which all that is read has steps 0 or 1."""
    guarded = {symbol for guard in equation.guards for symbol in guard.expression.free_symbols}
    reads = accesses(equation.value)
    rows = (
        loop
        for loop in loops
        if loop.size >= least
        and loop.symbol not in guarded
        and all(_step(read, loop.symbol) in (0, 1) for read in reads)
    )
    return max(rows, key=lambda loop: int(loop.size), default=None)


def _step(read: Indexed, symbol: Symbol) -> int:
    """Return by how many places a loop moves in an array."""
    return int(affine(entry_at(read.indices, read.shape)).coefficient(symbol))
