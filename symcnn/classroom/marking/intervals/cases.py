"""Formulas in which brackets of the same comparison vary together.

    a [z <= 0] + b [z > 0]    is    a  if z <= 0,  else  b
    a [c] f([c])              is    a [c] f(1)

On intervals every occurrence of an entry varies apart: where the sign of z is open, the two
brackets of the sum would be 0 and 1 in all combinations. By cases, one of them holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Eq, Expr, Ge, Gt, Le, Lt, Mul, Ne, Piecewise, S, nan, oo, zoo
from sympy.core.relational import Relational

from symcnn.equations.functions import Iverson

_MOST = 2
"""The pairs of numbers that are distinguished in one formula: each makes two cases or three."""

_ORDERS = (-1, 0, 1)
_HOLDS: dict[Any, frozenset[int]] = {
    Lt: frozenset({-1}),
    Le: frozenset({-1, 0}),
    Eq: frozenset({0}),
    Ne: frozenset({-1, 1}),
    Ge: frozenset({0, 1}),
    Gt: frozenset({1}),
}
"""The orders of two numbers for which a comparison of them holds."""

_RELATION: dict[frozenset[int], Callable[..., Relational]] = {
    orders: relation for relation, orders in _HOLDS.items()
}

Pair = tuple[Basic, Basic]
"""Two numbers that are compared, in an order that does not depend on the comparison."""


@lru_cache(maxsize=2**14)
def by_cases(formula: Expr) -> Expr:
    """Return a formula of the same values in which comparisons of the same numbers vary together.

    A formula that is no entry alone, and no number, stays so: a copy and a 0 are told by that.
    """
    if not formula.has(Iverson):
        return formula
    found = _distinguished(formula, _MOST)
    undefined = found.has(nan, zoo, oo, -oo)
    return formula if undefined or found.is_Symbol or not found.free_symbols else found


def _distinguished(formula: Expr, most: int) -> Expr:
    """Tell cases apart where two parts of a sum or product compare the same numbers."""
    if isinstance(formula, Iverson | Piecewise) or not formula.has(Iverson):
        return formula
    if isinstance(formula, Mul):
        formula = _where_brackets_hold(formula)
    shared = _shared(formula) if isinstance(formula, Add | Mul) else []
    if not shared:
        return formula.func(*(_distinguished(part, most) for part in formula.args))
    if len(shared) > most:
        return formula
    pair, cases = shared[0], list[tuple[Expr, Any]]()
    for orders in _classes(formula, pair):
        value = _distinguished(_where(formula, pair, orders), most - 1)
        cases.append((value, _RELATION[orders](*pair, evaluate=False)))
    *others, (last, _) = cases
    return Piecewise(*others, (last, S.true), evaluate=False)


def _where_brackets_hold(product: Mul) -> Expr:
    """Return a product with 1 for its brackets in its other factors: where they fail, it is 0."""
    for bracket in product.args:
        if isinstance(bracket, Iverson):
            rest = Mul(*(factor for factor in product.args if factor != bracket))
            for condition in bracket.args:
                if isinstance(condition, Relational):
                    rest = _where(rest, _pair(condition), _orders(condition))
            product = bracket * rest
            if not isinstance(product, Mul):
                break
    return product


def _shared(formula: Expr) -> list[Pair]:
    """Return the pairs that several parts of a formula compare, in a fixed order."""
    counted = Counter(pair for part in formula.args for pair in {*map(_pair, _compared(part))})
    return sorted((pair for pair, n in counted.items() if n > 1), key=str)


def _compared(formula: Basic) -> Iterator[Relational]:
    yield from (c for b in formula.atoms(Iverson) for c in b.args if type(c) in _HOLDS)


def _pair(comparison: Relational) -> Pair:
    one, other = sorted(comparison.args, key=str)
    return one, other


def _orders(comparison: Relational) -> frozenset[int]:
    """Return the orders of its pair for which a comparison holds."""
    orders, swapped = _HOLDS[type(comparison)], comparison.args != _pair(comparison)
    return frozenset(-order for order in orders) if swapped else orders


def _classes(formula: Expr, pair: Pair) -> list[frozenset[int]]:
    """Return the orders of a pair, those together of which no comparison tells the difference."""
    compared = [_orders(c) for c in {*_compared(formula)} if _pair(c) == pair]
    found = dict[tuple[bool, ...], frozenset[int]]()
    for order in _ORDERS:
        key = tuple(order in orders for orders in compared)
        found[key] = found.get(key, frozenset()) | {order}
    return [*found.values()]


def _where(formula: Expr, pair: Pair, orders: frozenset[int]) -> Expr:
    """Return a formula with what is known of comparisons of a pair where it has one of orders."""
    known = dict[Basic, Basic]()
    for comparison in _compared(formula):
        holds = _orders(comparison)
        if _pair(comparison) == pair and (orders <= holds or not orders & holds):
            known[comparison] = S.true if orders <= holds else S.false
    return formula.xreplace(known)
