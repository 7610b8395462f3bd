"""What is certain of an index, whatever the free indices are: tried, or for letters proved."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from sympy import Expr, Integer, Max, Min, Symbol, ceiling, floor

from symcnn import limits
from symcnn.equations import Loop, affine, every
from symcnn.equations.sizes import Size, is_at_least, is_size, is_symbolic


def certain(expression: Expr, size: Size, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether 0 <= expression < size certainly holds.

    Args:
        expression: An index.
        size: What it is compared with.
        sizes: How many values each index in it takes, from 0 on.
    """
    above = never_below(expression, 0, sizes)
    return above and never_below(size - 1 - expression, 0, sizes)


def never_below(expression: Expr, least: int, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether an index is certainly at least a number."""
    ranges = {s: sizes[s] for s in expression.free_symbols if s in sizes}
    if any(map(is_size, expression.free_symbols)) or any(map(is_symbolic, ranges.values())):
        return is_at_least(expression, least, sizes)
    bounds = _bounds(expression, ranges)
    return bounds is not None and bounds[0] >= least


def _bounds(e: Expr, sizes: Mapping[Symbol, int]) -> tuple[int, int] | None:
    """Return the least and the greatest value of an index, trying all cases where it has floors."""
    if e.is_Integer:
        return int(e), int(e)
    if not e.has(floor, ceiling, Max, Min):
        return affine(e).bounds(sizes)
    if prod(sizes.values()) > limits.GATHERED_CASES:
        return None
    cases = every([Loop(s, sizes[s]) for s in sorted(sizes, key=str)])
    values = [int(e.xreplace({s: Integer(n) for s, n in case.items()})) for case in cases]
    return min(values), max(values)
