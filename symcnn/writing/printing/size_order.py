"""In which order letters for sizes stand: lengths of axes, then windows, strides, paddings.

    H W C,  K J,  H S,  W T,  H + 2 P,  W + 2 Q,  S (H - 1) + D (K - 1)

What is said of one axis is said of another in the same order, whatever its letters are.
"""

from __future__ import annotations

from sympy import Expr

from symcnn.equations.sizes import is_size

_LETTERS = "NAHWVCFUMOKJISTYPQXDEBGR"
"""Samples, axes and channels; outputs; windows, strides, paddings, dilations; groups."""

Rank = tuple[int, str]


def rank(expression: Expr) -> Rank:
    """Return where a letter stands, or what has several by the first of them."""
    return min((_rank(str(s)) for s in expression.free_symbols if is_size(s)), default=_rank(""))


def _rank(letter: str) -> Rank:
    place = _LETTERS.find(letter) if len(letter) == 1 else -1
    return (place if place >= 0 else len(_LETTERS), letter)


def degree(product: Expr) -> int:
    """Count the letters in a product: two in W C, and in S^2."""
    factors = (power.as_base_exp() for power in product.as_ordered_factors())
    return sum(
        int(exponent) if exponent.is_Integer else 1
        for base, exponent in factors
        if not base.is_number
    )
