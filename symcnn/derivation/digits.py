"""Indices that count row by row, solved at once: they are the digits of a number.

    S^2 r + S u + v = c  for  v = c - S floor(c/S),  u = floor(c/S) - S r,  r = floor(floor(c/S)/S)

So are indices of letters in reshaping and shuffling: each entry has one place, and no sum is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Expr, S, Symbol, floor

from symcnn.derivation.index_conditions import Range, certain
from symcnn.equations import affine
from symcnn.equations.sizes import Size, is_symbolic, plain, reduced


def digits(
    equality: Expr,
    loops: Mapping[Symbol, Size],
    asked: Iterable[Range],
    sizes: Mapping[Symbol, Size],
) -> dict[Symbol, Expr]:
    """Return what loops are where an index is 0; nothing unless they count row by row.

    Args:
        equality: The index: what the loops count, minus the number.
        loops: The loops in it with their sizes.
        asked: Pairs (e, n) that mean 0 <= e < n, of the conditions on the loops.
        sizes: How many values each index takes that is left.
    """
    form = affine(equality, floors=True)
    left = {s: plain(form.coefficient(s)) for s in loops}
    number = (sum(n * s for s, n in left.items()) - equality).expand()
    step, found, quotient = S.One, dict[Symbol, Expr](), number
    while one := next((s for s, n in left.items() if n == step), None):
        del left[one]
        step, above = reduced(step * loops[one]), floor(reduced(quotient / loops[one]))
        found[one] = quotient - loops[one] * above if left else quotient
        quotient = above
    if left or len(found) < 2 or not is_symbolic(step):
        return {}
    said = [(number, step), *((reduced(e.xreplace(found)), n) for e, n in asked)]
    return found if all(certain(e, n, sizes) for e, n in said) else {}
