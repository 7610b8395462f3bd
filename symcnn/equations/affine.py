"""Affine integer forms c_1 i_1 + ... + c_n i_n + c_0 and the values they can take.

The indices i count from 0; the numbers c are integers, or polynomials in letters for sizes,
as S and -P are in S i + u - P.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Integer, Mul, Symbol, floor, sympify

from symcnn.equations.sizes import Size, is_at_least, is_made_of_sizes, is_size, plain
from symcnn.errors import SymcnnError


@dataclass(frozen=True)
class Affine:
    """sum_k coefficients[i_k] * i_k + constant, exact over the integers."""

    coefficients: Mapping[Expr, Size]
    constant: Size

    def coefficient(self, symbol: Expr) -> Size:
        """Return the factor of one index; 0 if it does not occur."""
        return self.coefficients.get(symbol, 0)

    def at(self, numbers: Mapping[Any, Any]) -> Any:
        """Return the value at numbers, or at arrays of numbers, for its indices."""
        return self.constant + sum(n * numbers[symbol] for symbol, n in self.coefficients.items())

    def bounds(self, sizes: Mapping[Symbol, Size]) -> tuple[Size, Size] | None:
        """Return least and largest value for 0 <= i < sizes[i].

        None if the range of an index, or the sign of a factor, is unknown.
        """
        low = high = self.constant
        for symbol, factor in self.coefficients.items():
            rises = is_at_least(factor, 0, sizes)
            if symbol not in sizes or not (rises or is_at_least(-factor, 0, sizes)):
                return None
            reach = factor * (sizes[symbol] - 1)
            low, high = (low, high + reach) if rises else (low + reach, high)
        return low, high

    def stays_within(self, size: Size, sizes: Mapping[Symbol, Size]) -> bool:
        """Tell whether 0 <= e < size certainly holds for 0 <= i < sizes[i]."""
        bounds = self.bounds(sizes)
        if bounds is None:
            return False
        return is_at_least(bounds[0], 0, sizes) and is_at_least(size - 1 - bounds[1], 0, sizes)

    def never_within(self, size: Size, sizes: Mapping[Symbol, Size]) -> bool:
        """Tell whether 0 <= e < size certainly fails for all 0 <= i < sizes[i]."""
        bounds = self.bounds(sizes)
        if bounds is None:
            return False
        return is_at_least(-1 - bounds[1], 0, sizes) or is_at_least(bounds[0] - size, 0, sizes)


@lru_cache(maxsize=4096)
def affine(expression: Expr, *, floors: bool = False) -> Affine:
    """Read an index expression as an affine form.

    Args:
        expression: The index.
        floors: Whether floor(...) of an index counts as one index, as in general forms.

    Raises:
        SymcnnError: If it is no sum of integer multiples of indices.
    """
    coefficients: dict[Expr, Size] = {}
    constant: Size = 0
    for term in Add.make_args(sympify(expression).expand()):
        factor, index = _factors(term, floors)
        if index is None and factor is not None:
            constant += factor
        elif factor is not None:
            coefficients[index] = plain(coefficients.get(index, 0) + factor)
        else:
            raise SymcnnError(
                f"the index {expression} is not affine: use sums of integer multiples of loop "
                "indices, their quotients and remainders by an integer, or an entry of a tensor"
            )
    return Affine(coefficients, plain(constant))


def _factors(term: Expr, floors: bool) -> tuple[Size | None, Expr | None]:
    """Split a term into a number and an index; the number is None where it is no such term."""
    factor, rest = term.as_coeff_Mul()
    if not isinstance(factor, Integer):
        return None, rest
    if rest == 1:
        return int(factor), None
    if _is_index(rest, floors):
        return int(factor), rest
    parts = Mul.make_args(rest)
    indices = [part for part in parts if _is_index(part, floors)]
    number = factor * Mul(*(part for part in parts if part not in indices))
    if len(indices) > 1 or not is_made_of_sizes(number):
        return None, rest
    return number, next(iter(indices), None)


def _is_index(part: Expr, floors: bool) -> bool:
    if isinstance(part, Symbol):
        return not is_size(part)
    return floors and isinstance(part, floor) and not is_made_of_sizes(part)
