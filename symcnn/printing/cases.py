"""Cases as a sum of brackets: (a if c, else b) is a [c] + b [not c]."""

from __future__ import annotations

from sympy import Add, Expr, Not, Piecewise
from sympy.logic.boolalg import Boolean, to_nnf

from symcnn.functions import Iverson


def by_brackets(cases: Piecewise) -> Expr:
    """Return each case times the bracket of its condition and of no condition before it."""
    before: list[Boolean] = []
    terms: list[Expr] = []
    for value, condition in cases.args:
        terms.append(value * Iverson(*before, condition))
        before.append(to_nnf(Not(condition)))
    return Add(*terms)
