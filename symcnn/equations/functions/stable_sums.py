"""Sums in forms that do not cancel, for whatever evaluates them."""

from __future__ import annotations

from functools import lru_cache

from sympy import Add, Expr, Mul, Pow, S, exp, tanh
from sympy.codegen.cfunctions import expm1

from symcnn.equations.functions.activations import sigmoid


@lru_cache(maxsize=2**14)
def complement(expression: Add) -> Expr | None:
    """Return a sum in a form that does not cancel, if one is known.

    1 - sigma(z)      =  sigma(-z)
    1 - tanh(z)^2     =  4 sigma(2 z) sigma(-2 z)
    a (exp(z) - 1)    =  a expm1(z), the function that loses nothing near 0
    """
    return _of_one(expression) or exponentials_less_one(expression)


def exponentials_less_one(expression: Add) -> Expr | None:
    """Return  a exp(z) - a  in a sum as  a expm1(z); None where there is no such pair."""
    for term in expression.args:
        factors = Mul.make_args(term)
        for power in (factor for factor in factors if isinstance(factor, exp)):
            rest = term / power
            if -rest in expression.args:
                others = (other for other in expression.args if other not in (term, -rest))
                return Add(rest * expm1(power.args[0]), *others)
    return None


def _of_one(expression: Add) -> Expr | None:
    one, *others = expression.args
    if one is not S.One or len(others) > 1:
        return None
    taken = -others[0]
    if isinstance(taken, sigmoid):
        return sigmoid(-taken.args[0])
    if isinstance(taken, Pow) and taken.exp == 2 and isinstance(taken.base, tanh):
        z = taken.base.args[0]
        return 4 * sigmoid(2 * z) * sigmoid(-2 * z)
    return None
