"""Sums without terms: a sum from m to n is 0 where n < m, as on paper.

SymPy reads such a sum as minus the one between its limits, so its forms have a bracket [m <= n]
before a sum that may have no terms. Where letters are sizes, that is left to the reader.
"""

from __future__ import annotations

from sympy import Expr, Mul, Sum

from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import is_size


def with_empty_sums(expression: Expr) -> Expr:
    """Return a general form in letters without the brackets that only say that sums have terms."""
    if not any(map(is_size, expression.free_symbols)):
        return expression
    return _without(expression)


def _without(expression: Expr) -> Expr:
    if not expression.has(Sum):
        return expression
    if isinstance(expression, Mul):
        sums = [factor for factor in expression.args if isinstance(factor, Sum)]
        implied = {low <= high for total in sums for _, low, high in total.limits}
        kept = (f for f in expression.args if not (isinstance(f, Iverson) and implied >= {*f.args}))
        return Mul(*map(_without, kept))
    parts = (_without(part) if isinstance(part, Expr) else part for part in expression.args)
    return expression.func(*parts)
