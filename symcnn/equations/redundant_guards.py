"""What the conditions on quotients imply: 0 <= e - m q < m keeps e - m q below any n >= m.

    k (e - m q) + r,  with r affine in other loops, is at least  min(0, k (m - 1)) + min r

so x[(i + u) mod 3], written x[i + u - 3 q], needs no guard of its own where x has 5 entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Symbol

from symcnn.equations.affine import affine
from symcnn.equations.sizes import Size, is_symbolic

Inside = tuple[Expr, Size]
"""An expression and a length: 0 <= e < n."""


def needed(
    conditions: Sequence[Inside], certain: Sequence[Inside], sizes: Mapping[Symbol, Size]
) -> list[Inside]:
    """Return the conditions but those that others imply.

    Args:
        conditions: Pairs (e, n) that mean 0 <= e < n.
        certain: Those of them that give a quotient its value. They stay, but for a tighter one.
        sizes: The range of every loop.
    """
    kept = list(conditions)
    for one in sorted(conditions, key=certain.__contains__):
        others = [c for c in kept if c != one and _says_more(c, one, certain)]
        if not is_symbolic(one[1]) and _implied(one, others, sizes):
            kept.remove(one)
    return kept


def _says_more(other: Inside, one: Inside, certain: Sequence[Inside]) -> bool:
    same = other[0] == one[0]
    return not is_symbolic(other[1]) and (same or (other in certain and one not in certain))


def _implied(condition: Inside, others: Sequence[Inside], sizes: Mapping[Symbol, Size]) -> bool:
    bounds = _bounds(condition[0], others, sizes)
    return bounds is not None and bounds[0] >= 0 and bounds[1] < condition[1]


def _bounds(
    expression: Expr, certain: Sequence[Inside], sizes: Mapping[Symbol, Size]
) -> tuple[int, int] | None:
    """Return the tightest bounds that are found; None if letters for sizes are in them."""
    found = affine(expression).bounds(sizes)
    if found is None or any(map(is_symbolic, found)):
        return None
    low, high = found
    for count, (form, size) in enumerate(certain):
        others = [*certain[:count], *certain[count + 1 :]]
        for times in _multiples(expression, form):
            if (rest := _bounds((expression - times * form).expand(), others, sizes)) is None:
                continue
            reach = times * (int(size) - 1)
            low, high = max(low, rest[0] + min(0, reach)), min(high, rest[1] + max(0, reach))
    return low, high


def _multiples(expression: Expr, form: Expr) -> set[int]:
    """Return by what a form can be multiplied so that the rest lacks one of its loops."""
    own, whole = affine(form), affine(expression)
    pairs = ((whole.coefficient(loop), factor) for loop, factor in own.coefficients.items())
    return {int(c // factor) for c, factor in pairs if c and c % factor == 0}
