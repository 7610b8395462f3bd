"""Loops that the others determine: q = floor(e/m) for 0 <= e - m q < m.

So are quotients and remainders written with affine indices (``equations/selecting``); on paper
x[e - m q] is x[e mod m], without a sum over q.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Symbol, floor

from symcnn.derivation.certainty import certain
from symcnn.derivation.remainders import with_remainders
from symcnn.equations import Equation, Guard, accesses, affine, long


def determined(equation: Equation) -> Equation:
    """Return an equation to be printed: without the loops that its guards determine.

    Its indices may be quotients and remainders.
    """
    for guard in equation.guards:
        found = _solved(equation, guard)
        if found is not None:
            return determined(_without(equation, guard, *found))
    return replace(equation, value=with_remainders(equation.value))


def determining(equation: Equation) -> tuple[Guard, ...]:
    """Return the guards that determine a loop, each alone."""
    return tuple(guard for guard in equation.guards if _solved(equation, guard) is not None)


def _solved(equation: Equation, guard: Guard) -> tuple[Symbol, Expr] | None:
    """Return a reduced loop to which a guard leaves one value, inside its range, and that value."""
    if guard.expression.has(floor):
        return None
    form = affine(guard.expression)
    for loop in long(equation.reduced):
        factor = form.coefficient(loop.symbol)
        others = [other.expression for other in equation.guards if other != guard]
        if -factor != guard.size or guard.size == 1:
            continue
        if any(loop.symbol in other.free_symbols for other in others):
            continue
        dividend = (guard.expression - factor * loop.symbol).expand()
        solution = floor((dividend / guard.size).expand())
        if certain(solution, loop.size, equation.sizes):
            return loop.symbol, solution
    return None


def _without(equation: Equation, guard: Guard, loop: Symbol, solution: Expr) -> Equation:
    """Return an equation with a value for a loop, and without the guard that gave it."""
    put = {loop: solution}
    reads = {
        read: read.base[tuple(index.xreplace(put).expand() for index in read.indices)]
        for read in accesses(equation.value)
        if loop in read.free_symbols
    }
    return replace(
        equation,
        value=equation.value.xreplace(reads),
        loops=tuple(own for own in equation.loops if own.symbol != loop),
        guards=tuple(other for other in equation.guards if other != guard),
    )
