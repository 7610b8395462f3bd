"""Products over loops, written factor by factor.

    y[i] <- product over u < 3 of t[i + u]        y[i] <- t[i] t[i + 1] t[i + 2]

So a product is a value like any other: its derivative with respect to one factor is the product
of the others, also where factors are 0, and that is a product again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from math import prod

from sympy import Expr, Indexed, Integer, Mul, Symbol

from symcnn import limits
from symcnn.equations.access import accesses, leads_to_different_entries
from symcnn.equations.redundant_guards import Inside
from symcnn.equations.sizes import Size, is_symbolic
from symcnn.errors import SymcnnError, TooLargeError


def multiplied(
    target: Indexed, value: Expr, ranges: Mapping[Symbol, Size], inside: Iterable[Inside] = ()
) -> Expr:
    """Return the product of a value over the loops that are not indices of the target.

    Args:
        target: The entry that is defined.
        value: The factor.
        ranges: The range of every loop.
        inside: Pairs (e, n) that mean 0 <= e < n.

    Raises:
        SymcnnError: If several products would be one entry, or conditions leave out factors, or
            the number of factors is not known, or too large.
    """
    _check_one_product(target, ranges, inside)
    reduced = {s: n for s, n in ranges.items() if s not in target.free_symbols}
    if any(map(is_symbolic, reduced.values())):
        raise SymcnnError(
            f"{target} is a product of as many factors as letters say: give numbers for the sizes"
        )
    factors = prod(map(int, reduced.values()))
    if factors > limits.PRODUCT_FACTORS:
        raise TooLargeError(
            f"{target} is a product of {factors:,} factors, more than the "
            f"{limits.PRODUCT_FACTORS} that are written out: of positive factors, take the "
            "exponential of a sum of logarithms"
        )
    return Mul(*(_at(value, dict(zip(reduced, at, strict=True))) for at in _every(reduced)))


def _check_one_product(
    target: Indexed, ranges: Mapping[Symbol, Size], inside: Iterable[Inside]
) -> None:
    """Refuse a target of which several products would be one entry, and factors left out."""
    if not leads_to_different_entries(target, ranges):
        raise SymcnnError(
            f"{target} is a product whose factors come from several positions: let every loop "
            "of the target be an index of its own, and name the others in over={...}"
        )
    for expression, _ in inside:
        if others := sorted(map(str, expression.free_symbols - target.free_symbols)):
            raise SymcnnError(
                f"{target} is a product with a condition on {others[0]}, which would leave out "
                "factors: multiply by an auxiliary that is 1 there"
            )


def _every(reduced: Mapping[Symbol, Size]) -> product[tuple[int, ...]]:
    return product(*(range(int(n)) for n in reduced.values()))


def _at(value: Expr, at: Mapping[Symbol, int]) -> Expr:
    """Return a value with numbers for loops in its indices."""
    reads = {
        read: read.base[tuple(index.xreplace(_numbers(at)) for index in read.indices)]
        for read in accesses(value)
    }
    return value.xreplace(reads)


def _numbers(at: Mapping[Symbol, int]) -> dict[Symbol, Expr]:
    return {symbol: Integer(n) for symbol, n in at.items()}
