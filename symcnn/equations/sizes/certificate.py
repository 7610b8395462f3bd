r"""Certificates that a polynomial has no negative value, where others have none.

    p  =  q + m_1 k_1 + m_2 k_2 + ...

with letters counted from their least values, so that none is negative: p >= 0 if q has no
negative coefficient, the k are known not to be negative, and the m are monomials. This is
Handelman's form of a proof, found by taking away the negative terms of p one after another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

from sympy import QQ, Expr, Symbol
from sympy.polys.rings import PolyElement, PolyRing

_STEPS = 4
"""How many multiples of what is known are taken in one proof."""

_TRIED = (0, 1, 3)
_FEW_LETTERS = 5
"""So many letters are tried with all of these values, and any more with the same ones."""


def has_certificate(claim: Expr, known: Collection[Expr] = ()) -> bool:
    """Tell whether a polynomial in letters for sizes was proved to have no negative value.

    Args:
        claim: The polynomial.
        known: Polynomials that have none.
    """
    letters = sorted({s for e in (claim, *known) for s in e.free_symbols}, key=str)
    if not letters:
        return bool(claim >= 0)
    ring = PolyRing(letters, QQ)
    least = {s: s + 1 for s in letters if s.is_positive}
    goal, *given = (ring.from_expr(e.xreplace(least).expand()) for e in (claim, *known))
    return not _fails_somewhere(goal, given, letters) and _is_sum(goal, given, _STEPS)


def _is_sum(goal: PolyElement, given: Sequence[PolyElement], steps: int) -> bool:
    """Tell whether a polynomial is one without negative coefficients and multiples of others."""
    negative = [term for term in goal.terms() if term[1] < 0]
    if not negative:
        return True
    taken = (m for one in given for m in _multiples(negative[0], one))
    return steps > 0 and any(_is_sum(goal - part, given, steps - 1) for part in taken)


def _multiples(term: tuple[Any, Any], known: PolyElement) -> Iterator[PolyElement]:
    """Run over the multiples of a known polynomial that have a given negative term."""
    powers, number = term
    for own, factor in known.terms():
        left = tuple(p - q for p, q in zip(powers, own, strict=True))
        if factor < 0 and min(left) >= 0:
            yield known.mul_term((left, number / factor))


def _fails_somewhere(
    goal: PolyElement, given: Sequence[PolyElement], letters: Sequence[Symbol]
) -> bool:
    """Look for values at which the claim is false, which spares the search for a proof."""
    free = letters[:_FEW_LETTERS]
    for point in product(_TRIED, repeat=len(free)):
        at = [*point, *(point[n % len(point)] for n in range(len(free), len(letters)))]
        if _value(goal, at) < 0 and all(_value(one, at) >= 0 for one in given):
            return True
    return False


def _value(polynomial: PolyElement, at: Sequence[int]) -> Any:
    return sum(
        number * prod(n**p for n, p in zip(at, powers, strict=True))
        for powers, number in polynomial.terms()
    )
