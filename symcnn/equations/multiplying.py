"""Products over loops, written factor by factor.

    y[i] <- product over u < 3 of t[i + u]        y[i] <- t[i] t[i + 1] t[i + 2]

So a product is a value like any other: its derivative with respect to one factor is the product
of the others, also where factors are 0, and that is a product again.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod

from sympy import Expr, Indexed, Integer, Mul, Symbol

from symcnn import limits
from symcnn.equations.affine import affine
from symcnn.equations.reads import accesses, along_axes
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.sizes import Size, is_symbolic


def multiplied(target: Indexed, value: Expr, ranges: Mapping[Symbol, Size]) -> Expr:
    """Return the product of a value over the loops that are not indices of the target.

    Args:
        target: The entry that is defined.
        value: The factor.
        ranges: The range of every loop.

    Raises:
        SymcnnError: If a factor can lie outside of its tensor, or the number of factors is not
            known, or too large.
    """
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
    for read in accesses(value):
        for index, size in along_axes(read):
            if index.free_symbols <= ranges.keys() and not accesses(index):
                _check_inside(target, read, index, size, ranges)
    return Mul(*(_at(value, dict(zip(reduced, at, strict=True))) for at in _every(reduced)))


def _check_inside(
    target: Indexed, read: Indexed, index: Expr, size: Size, ranges: Mapping[Symbol, Size]
) -> None:
    """Refuse a factor that can lie outside: a term that is omitted is 0, a factor is not."""
    if index.is_polynomial(*index.free_symbols) and not affine(index).stays_within(size, ranges):
        raise SymcnnError(
            f"{target} is a product over entries such as {read} that can lie outside their "
            "tensor: pad the tensor in an auxiliary first"
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
