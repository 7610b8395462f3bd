"""Common factors of sums, which SymPy multiplies out: x/8 + y/8 is 1/8 (x + y)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Add, Expr, Mul, S
from sympy import Sum as SymbolicSum

from symcnn.equations.functions import Iverson
from symcnn.writing.printing.order import is_divisor

Key = Callable[[Expr], Any]
"""What a person orders factors by."""

Product = tuple[Expr, list[Expr]]
"""A number and the factors behind it."""


def common_factor(terms: Sequence[Expr]) -> Expr:
    """Return the number and the divisors that all terms share, up to their signs; or 1.

    It is negative if all terms are and it is not 1.
    """
    if len(terms) < 2:
        return S.One
    numbers, others = zip(*(term.as_coeff_Mul() for term in terms), strict=True)
    size = abs(numbers[0]) if len(set(map(abs, numbers))) == 1 else S.One
    divisors = set.intersection(*(set(filter(is_divisor, Mul.make_args(o))) for o in others))
    factor = Mul(size, *divisors)
    return -factor if factor != 1 and all(number.is_negative for number in numbers) else factor


def divided(terms: Sequence[Expr], factor: Expr) -> list[Expr]:
    """Return what is left of terms that share a factor."""
    return [term / factor for term in terms]


def with_factors_in_front(product: Expr) -> tuple[Expr, Expr]:
    """Return the number in front of a product, and its factors without what their terms share."""
    if not any(isinstance(factor, Add) for factor in Mul.make_args(product)):
        return _number_and_rest(product)
    factors = list[Expr]()
    for factor in Mul.make_args(product):
        shared = common_factor(factor.args) if isinstance(factor, Add) else S.One
        factors += [factor] if shared == 1 else [shared, Add(*divided(factor.args, shared))]
    number, rest = _number_and_rest(Mul(*(factor for factor in factors if not factor.is_Add)))
    return number, Mul(rest, *(factor for factor in factors if factor.is_Add))


def around_a_sum(product: Expr, key: Key) -> tuple[Product, Expr, list[Expr]] | None:
    """Return the longest sum in a product, with what a person writes before and behind it."""
    if not isinstance(product, Mul):
        return None
    number, rest = with_factors_in_front(product)
    factors = sorted(Mul.make_args(rest), key=key)
    sums = [factor for factor in factors if isinstance(factor, Add)]
    if not sums or any(map(is_divisor, factors)):
        return None
    longest = max(reversed(sums), key=lambda total: len(total.args))
    place = factors.index(longest)
    return (number, factors[:place]), longest, factors[place + 1 :]


def with_constants_in_front(total: SymbolicSum) -> Expr:
    """Return a sum times the factors of its terms that no index of the sum changes."""
    bound = {symbol for symbol, *_ in total.limits}
    number, rest = with_factors_in_front(total.function)
    factors = Mul.make_args(rest)
    inside = [f for f in factors if f.free_symbols & bound or isinstance(f, Iverson)]
    front = Mul(number, *(factor for factor in factors if factor not in inside))
    if not inside:  # how many terms there are is not counted here
        return total
    return front * SymbolicSum(Mul(*inside), *total.limits)


def _number_and_rest(product: Expr) -> tuple[Expr, Expr]:
    number, rest = product.as_coeff_Mul()
    return number, rest
