"""Fractions in lowest terms, where that says the same in fewer operations.

a (1 - a) ((1 - t)/(1 - a) - t/a)  =  a - t
"""

from __future__ import annotations

from sympy import (
    Add,
    Dummy,
    Expr,
    Function,
    Indexed,
    Mul,
    Pow,
    cancel,
    factor_terms,
    preorder_traversal,
)

from symcnn.derivation.factoring import factored

_MOST = 120
"""The most nodes of an expression that is searched for factors that cancel."""


def cancelled(expression: Expr) -> Expr:
    """Return an expression in lowest terms where it divides by sums and becomes shorter.

    Factors that share no symbol with a divisor stay as they are: nothing in them cancels.
    """
    if not _divides_by_sums(expression):
        return expression
    below = {symbol for divisor in _divisors(expression) for symbol in divisor.free_symbols}
    factors = Mul.make_args(expression)
    apart = [factor for factor in factors if not factor.free_symbols & below]
    rest = Mul(*(factor for factor in factors if factor not in apart))
    shorter = _in_lowest_terms(rest)
    if shorter == rest and isinstance(rest, Add | Mul):
        shorter = rest.func(*map(cancelled, rest.args))
    return Mul(*apart, shorter) if apart else shorter


def _in_lowest_terms(expression: Expr) -> Expr:
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
    return any(isinstance(divisor, Add) for divisor in _divisors(expression))


def _divisors(expression: Expr) -> list[Expr]:
    """Return what is divided by, wherever in an expression."""
    return [power.base for power in expression.atoms(Pow) if power.exp.is_negative]


def _is_large(expression: Expr) -> bool:
    return any(n > _MOST for n, _ in enumerate(preorder_traversal(expression)))
