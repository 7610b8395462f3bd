"""Taking out what all terms of a sum have in common, and putting it back in.

    a b x + a b y  =  a b (x + y)

SymPy's ``gcd_terms`` gives the same for sums of products, and takes ten times as long.
"""

from __future__ import annotations

from sympy import Add, Expr, Mul


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
