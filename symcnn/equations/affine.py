"""Affine integer forms c_1 i_1 + ... + c_n i_n + c_0 and the values they can take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Integer, Symbol, floor, sympify

from symcnn.errors import SymcnnError


@dataclass(frozen=True)
class Affine:
    """sum_k coefficients[i_k] * i_k + constant, exact over the integers."""

    coefficients: Mapping[Expr, int]
    constant: int

    def coefficient(self, symbol: Expr) -> int:
        """Return the factor of one index; 0 if it does not occur."""
        return self.coefficients.get(symbol, 0)

    def at(self, numbers: Mapping[Any, Any]) -> Any:
        """Return the value at numbers, or at arrays of numbers, for its indices."""
        return self.constant + sum(n * numbers[symbol] for symbol, n in self.coefficients.items())

    def bounds(self, sizes: Mapping[Symbol, int]) -> tuple[int, int] | None:
        """Return least and largest value for 0 <= i < sizes[i]; None if one is unknown."""
        low = high = self.constant
        for symbol, factor in self.coefficients.items():
            if symbol not in sizes:
                return None
            reach = factor * (sizes[symbol] - 1)
            low, high = low + min(reach, 0), high + max(reach, 0)
        return low, high


@lru_cache(maxsize=4096)
def affine(expression: Expr, *, floors: bool = False) -> Affine:
    """Read an index expression as an affine form.

    Args:
        expression: The index.
        floors: Whether floor(...) counts as one index, as in general forms.

    Raises:
        SymcnnError: If it is no sum of integer multiples of indices.
    """
    atoms = (Symbol, floor) if floors else (Symbol,)
    coefficients: dict[Expr, int] = {}
    constant = 0
    for term in Add.make_args(sympify(expression).expand()):
        factor, rest = term.as_coeff_Mul()
        if not isinstance(factor, Integer) or not (rest == 1 or isinstance(rest, atoms)):
            raise SymcnnError(
                f"the index {expression} is not affine: use integer multiples of loop "
                "indices and integers only"
            )
        if rest == 1:
            constant += int(factor)
        else:
            coefficients[rest] = coefficients.get(rest, 0) + int(factor)
    return Affine(coefficients, constant)
