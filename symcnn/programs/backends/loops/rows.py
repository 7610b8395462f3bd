"""Sums that are added row by row: the innermost loop runs over entries that lie side by side.

    y[i,j,k] = sum over u, v, c of w[u,v,c,k] x[i + u, j + v, c]      the row is that of k

Compilers compute several entries of a row at once; the terms of a sum they have to add one after
the other, for floats are rounded in their order. Each entry adds its terms in the same order.
"""

from __future__ import annotations

from sympy import Indexed, Symbol

from symcnn.equations import Equation, Loop, accesses, affine, entry_at
from symcnn.programs.backends.loops.texts import Texts

_SHORT = 4
"""Below this a row is not worth it."""


def row_of(texts: Texts, equation: Equation) -> Loop | None:
    """Return the loop over a row of the target, in which nothing else has other steps than 1.

    Guards are outside of it, and every entry of the row is another one.
    """
    if not texts.language.row or not equation.reduced:
        return None
    rows = [loop for loop in equation.loops if _is_row(equation, loop)]
    return max(rows, key=lambda loop: int(loop.size), default=None)


def _is_row(equation: Equation, loop: Loop) -> bool:
    guarded = any(loop.symbol in g.expression.free_symbols for g in equation.guards)
    if guarded or loop.size < _SHORT or _step(equation.target, loop.symbol) != 1:
        return False
    reads = accesses(equation.value)
    own = any(read.base == equation.target.base for read in reads)
    return not own and all(_step(read, loop.symbol) in (0, 1) for read in reads)


def _step(read: Indexed, symbol: Symbol) -> int:
    """Return by how many places a loop moves in an array."""
    return int(affine(entry_at(read.indices, read.shape)).coefficient(symbol))
