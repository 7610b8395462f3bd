"""Loops that a guard leaves one value: v = 1 for 0 <= v - 1 < 1.

A window of three entries over an axis of one entry, with padding on both sides, meets it with
its middle one alone. The equation says the same with that value in place of the loop.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Symbol

from symcnn.equations.affine import affine
from symcnn.equations.equation import Equation, Guard
from symcnn.equations.reads import accesses
from symcnn.equations.rewriting import long, units
from symcnn.equations.sizes import divides


def settled(equation: Equation) -> Equation:
    """Return an equation without the loops that have one value, as its guards say."""
    zero = units(equation.loops)
    for guard in equation.guards:
        solved = _only(equation, guard.expression.xreplace(zero)) if guard.size == 1 else None
        if solved is not None:
            return settled(_without(equation, *solved, guard))
    return equation


def _only(equation: Equation, index: Expr) -> tuple[Symbol, Expr] | None:
    """Return a reduced loop and the one value with which an index is 0, inside its range."""
    for loop in long(equation.reduced):
        value = _solved(index, loop.symbol)
        if value is not None and affine(value).stays_within(loop.size, equation.sizes):
            return loop.symbol, value
    return None


def _solved(index: Expr, symbol: Symbol) -> Expr | None:
    """Return the whole number that a symbol is where an index is 0, if it always is one."""
    form = affine(index)
    factor = form.coefficient(symbol)
    numbers = (*form.coefficients.values(), form.constant)
    if factor == 0 or not all(divides(factor, n) for n in numbers):
        return None
    return (symbol - index / factor).expand()


def _without(equation: Equation, loop: Symbol, value: Expr, guard: Guard) -> Equation:
    """Return an equation with a value for a loop, and without the guard that gave it."""

    def put(index: Expr) -> Expr:
        return index.xreplace({loop: value}).expand()

    reads = {read: read.base[tuple(map(put, read.indices))] for read in accesses(equation.value)}
    others = (other for other in equation.guards if other is not guard)
    return replace(
        equation,
        value=equation.value.xreplace(reads),
        loops=tuple(own for own in equation.loops if own.symbol != loop),
        guards=tuple(replace(other, expression=put(other.expression)) for other in others),
    )
