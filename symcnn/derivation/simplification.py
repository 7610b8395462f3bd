"""Formulas in fewer operations that say the same: lowest terms, and common factors taken out.

    a (1 - a) ((1 - t)/(1 - a) - t/a)  =  a - t
    a b x + a b y  =  a b (x + y)

SymPy's ``gcd_terms`` gives the second for sums of products, and takes ten times as long.
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


def factored(expression: Expr) -> Expr:
    """Return the expression with common factors in front of its sums, inner sums first.

    So are numbers, in products: SymPy multiplies 1/3 (x + y) out if nothing else is in front.
    """
    if not expression.has(Add):
        return expression
    parts = [factored(part) if part.has(Add) else part for part in expression.args]
    if isinstance(expression, Mul):
        return Mul(*(factor for part in parts for factor in _with_number_in_front(part)))
    if not isinstance(expression, Add):
        return expression.func(*parts)
    numbers, others = zip(*(part.as_coeff_Mul() for part in parts), strict=True)
    products = [Mul.make_args(other) for other in others]
    common = [factor for factor in products[0] if all(factor in p for p in products[1:])]
    if not common or common == [1]:
        return expression.func(*parts)
    number = numbers[0] if len(set(numbers)) == 1 else 1
    rest = (
        Mul(n / number, *(factor for factor in product if factor not in common))
        for n, product in zip(numbers, products, strict=True)
    )
    return Mul(number, *common, factored(Add(*rest)))


def _with_number_in_front(factor: Expr) -> tuple[Expr, ...]:
    """Return a number and a sum, if all terms of a sum have the same number up to its sign."""
    terms = Add.make_args(factor)
    number = abs(terms[0].as_coeff_Mul()[0])
    if len(terms) == 1 or any(abs(term.as_coeff_Mul()[0]) != number for term in terms):
        return (factor,)
    return number, Add(*(term / number for term in terms))


def distributed(expression: Expr) -> Expr:
    """Return a product as a sum: its longest sum's terms, each times the other factors."""
    sums = [factor for factor in Mul.make_args(expression) if isinstance(factor, Add)]
    if isinstance(expression, Add) or not sums:
        return expression
    longest = max(sums, key=lambda factor: len(factor.args))
    rest = [factor for factor in Mul.make_args(expression) if factor is not longest]
    return Add(*(Mul(*rest, term) for term in longest.args))
