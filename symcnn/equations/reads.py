"""The entries that an expression reads."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sympy import Expr, Indexed, preorder_traversal

from symcnn.equations.sizes import Size, plain


@lru_cache(maxsize=2**14)
def accesses(expression: Expr) -> tuple[Indexed, ...]:
    """Return the distinct tensor entries that an expression reads, in order."""
    found = (part for part in preorder_traversal(expression) if isinstance(part, Indexed))
    return tuple(dict.fromkeys(found))


def along_axes(read: Indexed) -> Iterable[tuple[Expr, Size]]:
    """Run over the indices of an access, each with the length of its axis."""
    return zip(read.indices, map(plain, read.shape), strict=True)
