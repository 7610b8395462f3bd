"""Functions of straight-line code, which a program computes in fewer steps than formulas do.

``rewrite(Piecewise)`` expresses them for languages without an equivalent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Eq, Expr, Function, Integer, Piecewise, true


class Select(Function):  # type: ignore[misc]  # SymPy is untyped
    """Select(k, c_0, c_1, ...) = c_k: the coefficient of the entry that a maximum took."""

    def _eval_rewrite_as_Piecewise(self, k: Expr, *values: Expr, **hints: Any) -> Expr:
        return _chosen((value, Eq(k, n)) for n, value in enumerate(values))


class Argmax(Function):  # type: ignore[misc]
    """Argmax(t, t_0, t_1, ...) = k, the first with t_k = t."""

    def _eval_rewrite_as_Piecewise(self, wanted: Expr, *terms: Expr, **hints: Any) -> Expr:
        return _chosen((Integer(n), Eq(wanted, term)) for n, term in enumerate(terms))


class log_of_sum(Function):  # type: ignore[misc]  # noqa: N801
    """log_of_sum(t_0, t_1, ...) = log(exp(t_0) + exp(t_1) + ...)."""


def _chosen(cases: Iterable[tuple[Expr, Expr]]) -> Expr:
    """Return the value of the first case that holds; one does, so it is the last if no other."""
    *others, (last, _) = cases
    return Piecewise(*others, (last, true))
