r"""SymPy's functions with kinks and jumps as functions that have a derivative everywhere.

    Max(a, b, …)      the maximum, whose slopes of one window sum to 1
    Min(a, b, …)      -max(-a, -b, …)
    sign(z)           [z > 0] - [z < 0]
    |z|               z sign(z), if z need not be real to SymPy, as log(x)
    ceiling(z)        -floor(-z), and floors are constant between their jumps
    Heaviside(z)      [z > 0] + 1/2 [z = 0]
    Piecewise         each polynomial times the bracket of its case

SymPy differentiates the left sides to Heaviside steps and Dirac's delta, which are no
numbers where they matter.
"""

from __future__ import annotations

import sympy
from sympy import (
    Abs,
    Basic,
    Dummy,
    Eq,
    Expr,
    Heaviside,
    Indexed,
    Max,
    Min,
    Mul,
    Piecewise,
    S,
    ceiling,
    sign,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symcnn.equations.functions.brackets import Iverson, conjuncts, floor, maximum


def translated(value: Expr) -> Expr:
    """Return an expression with brackets and maxima for kinks and jumps."""
    if not value.has(Abs, Max, Min, sign, Heaviside, Piecewise, sympy.floor, ceiling):
        return value
    if isinstance(value, Indexed) or not value.args:
        return value
    parts = [translated(part) for part in value.args]
    return _of(value, parts)


def _of(value: Basic, parts: list[Expr]) -> Expr:
    """Return one function of translated arguments."""
    if isinstance(value, Max):
        return maximum(*parts)
    if isinstance(value, Min):
        return -maximum(*(-part for part in parts))
    if isinstance(value, sign):
        return _sign(parts[0])
    if isinstance(value, Abs) and not parts[0].is_extended_real:
        return parts[0] * _sign(parts[0])  # SymPy's slope is one of real and imaginary parts
    if isinstance(value, Heaviside):
        z, at_0 = parts
        return Iverson(z > 0) + at_0 * Iverson(Eq(z, 0))
    if isinstance(value, sympy.floor):
        return floor(parts[0])
    if isinstance(value, ceiling):
        return -floor(-parts[0])
    made = value.func(*parts)
    return _by_cases(made) if isinstance(made, Piecewise) else made


def _sign(z: Expr) -> Expr:
    return Iverson(z > 0) - Iverson(z < 0)


def _by_cases(cases: Piecewise) -> Expr:
    """Return polynomials by their brackets; what may have no value elsewhere stays."""
    if not all(_is_everywhere(value) and _is_plain(condition) for value, condition in cases.args):
        return cases
    total, before = S.Zero, S.One
    for value, condition in cases.args:
        bracket = Iverson(condition)
        total += value * merged(before * bracket)
        before *= _opposite(condition, bracket)
    return total


def _is_everywhere(value: Expr) -> bool:
    """Tell whether an expression is a polynomial of entries, which has a value everywhere."""
    return bool(value.is_polynomial(*value.atoms(Indexed, Dummy)))


def _is_plain(condition: Basic) -> bool:
    """Tell whether a condition is made of comparisons that all hold."""
    return all(isinstance(part, Relational | BooleanAtom) for part in conjuncts(condition))


def _opposite(condition: Basic, bracket: Expr) -> Expr:
    """Return [not c]: one bracket of one comparison."""
    return Iverson(condition.negated) if isinstance(condition, Relational) else 1 - bracket


def merged(product: Expr) -> Expr:
    """Return a product with [a, b] for [a] [b]."""
    factors = Mul.make_args(product)
    brackets = [factor for factor in factors if isinstance(factor, Iverson)]
    rest = Mul(*(factor for factor in factors if factor not in brackets))
    return rest * Iverson(*(condition for bracket in brackets for condition in bracket.args))
