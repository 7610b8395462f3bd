"""Common factors of sums, which SymPy multiplies out: x/8 + y/8 is 1/8 (x + y)."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Mul, Rational, S


def common_factor(terms: Sequence[Expr]) -> Rational:
    """Return the number other than 1 that all terms share, up to their signs; or 1.

    It is negative if all terms are.
    """
    factors = [term.as_coeff_Mul()[0] for term in terms]
    size = abs(factors[0])
    if size == 1 or len(terms) < 2 or any(abs(factor) != size for factor in factors):
        return S.One
    return -size if all(factor.is_negative for factor in factors) else size


def divided(terms: Sequence[Expr], factor: Rational) -> list[Expr]:
    """Return what is left of terms that share a factor."""
    return [term / factor for term in terms]


def with_factors_in_front(product: Expr) -> tuple[Expr, Expr]:
    """Return the number in front of a product, and its factors without what their terms share."""
    number, rest = product.as_coeff_Mul()
    factors = list[Expr]()
    for factor in Mul.make_args(rest):
        shared = common_factor(factor.args) if isinstance(factor, Add) else S.One
        number *= shared
        factors.append(factor if shared == 1 else Add(*divided(factor.args, shared)))
    return number, Mul(*factors)
