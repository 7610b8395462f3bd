"""The loop assignments of an equation in which an access meets given entries.

    x[2 i + u - 1] meets x[3]  where  2 i + u - 1 = 3:  (i, u) = (1, 2), (2, 0), ...

They are found axis by axis, each from the values that its few loops can take, so that the work
depends on how many there are and not on how many the equation has.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from sympy import Expr, Indexed, Symbol, sympify

from symcnn.equations.affine import affine
from symcnn.equations.assignments import Integers, admitted, columns
from symcnn.equations.equation import Equation, Loop

Columns = dict[Symbol, Integers]
"""The values of loops, each in a row of assignments."""

_NUMBER = Symbol("number of the entry")
"""The column that says which entry a row of assignments belongs to."""


def meeting(equation: Equation, access: Indexed, entries: Integers) -> Columns:
    """Return the assignments in which the target, or an access, is one of some entries.

    Args:
        equation: The equation.
        access: Its target, or what its value reads.
        entries: The entries, counted in row-major order, each once.
    """
    positions = np.unravel_index(entries, [int(n) for n in access.shape])
    found: Columns = {_NUMBER: np.arange(entries.size)}
    for index, wanted in zip(access.indices, positions, strict=True):
        found = _met(found, wanted, sympify(index), equation)
    del found[_NUMBER]
    free = [loop for loop in equation.loops if loop.symbol not in found]
    return through_guards(equation, _with_free(found, free, entries.size))


def through_guards(equation: Equation, found: Columns) -> Columns:
    """Return the assignments that the guards of an equation let through."""
    if not found:
        return found
    kept = admitted(equation, found, next(iter(found.values())).shape)
    return {symbol: column[kept] for symbol, column in found.items()}


def _met(found: Columns, wanted: Integers, index: Expr, equation: Equation) -> Columns:
    """Keep the assignments in which an index has the value that is wanted in their entry."""
    form = affine(index)
    loops = [loop for loop in equation.loops if form.coefficient(loop.symbol) != 0]
    taken = columns(loops)
    values = np.broadcast_to(np.asarray(form.at(taken)), prod(loop.size for loop in loops))
    order = np.argsort(values, kind="stable")
    values = values[order]
    searched = wanted[found[_NUMBER]]
    first, last = (np.searchsorted(values, searched, side) for side in ("left", "right"))
    rows = np.repeat(np.arange(searched.size), last - first)
    within = np.arange(rows.size) - np.repeat(
        np.cumsum(last - first) - (last - first), last - first
    )
    picked = order[np.repeat(first, last - first) + within]
    new = {loop.symbol: taken[loop.symbol][picked] for loop in loops}
    kept = np.ones(rows.size, dtype=bool)
    for symbol in new.keys() & found.keys():
        kept &= new[symbol] == found[symbol][rows]
    old = {symbol: column[rows] for symbol, column in found.items()}
    return {symbol: column[kept] for symbol, column in (old | new).items()}


def _with_free(found: Columns, loops: Sequence[Loop], count: int) -> Columns:
    """Let the loops that no index holds take all their values."""
    count = next((column.size for column in found.values()), count)
    free, each = columns(loops), prod(loop.size for loop in loops)
    tiled = {symbol: np.tile(column, count) for symbol, column in free.items()}
    return {symbol: np.repeat(column, each) for symbol, column in found.items()} | tiled
