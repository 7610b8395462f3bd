"""Fractions in lowest terms, where that says the same in fewer operations.

a (1 - a) ((1 - t)/(1 - a) - t/a)  =  a - t
"""

from __future__ import annotations

from sympy import Add, Dummy, Expr, Function, Indexed, Pow, cancel, factor_terms, preorder_traversal

from symcnn.derivation.factoring import factored

_MOST = 120
"""The most nodes of an expression that is searched for factors that cancel."""


def cancelled(expression: Expr) -> Expr:
    """Return an expression in lowest terms if it divides by sums and becomes shorter."""
    if not _divides_by_sums(expression) or _is_large(expression):
        return expression
    parts = expression.atoms(Function, Indexed)
    names = {part: Dummy(real=True) for part in parts}
    rational = expression.xreplace(names)
    if not rational.is_rational_function(*rational.free_symbols):
        return expression
    parts_by_name = {name: part for part, name in names.items()}
    shorter = factor_terms(factored(cancel(rational))).xreplace(parts_by_name)
    return shorter if shorter.count_ops() < expression.count_ops() else expression


def _divides_by_sums(expression: Expr) -> bool:
    powers = expression.atoms(Pow)
    return any(power.exp.is_negative and isinstance(power.base, Add) for power in powers)


def _is_large(expression: Expr) -> bool:
    return any(n > _MOST for n, _ in enumerate(preorder_traversal(expression)))
