"""What several conditions say of one index, said once: 0 <= e < n and 0 <= 3 - e < m."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr

from symcnn.equations.sizes import Size, is_symbolic

Range = tuple[Expr, Size]
"""An expression and a number: 0 <= e < n, or that n divides e."""


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Say once what several conditions say of one index, counted upwards or downwards."""
    groups: dict[Expr, list[Range]] = {}
    for expression, size in ranges:
        groups.setdefault(_upwards(expression)[0], []).append((expression, size))
    together = (
        own if len(own) == 1 or any(is_symbolic(n) for _, n in own) else [_together(index, own)]
        for index, own in groups.items()
    )
    return [one for own in together for one in own]


def _together(index: Expr, ranges: Iterable[Range]) -> Range:
    """Return the one range of an index that several conditions leave."""
    bounds = [
        (-shift, size - 1 - shift) if sign > 0 else (shift - size + 1, shift)
        for expression, size in ranges
        for _, shift, sign in [_upwards(expression)]
    ]
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    return index - low, max(high - low + 1, 0)


def _upwards(expression: Expr) -> tuple[Expr, int, int]:
    """Write an index as sign * index + shift, the first of its factors positive."""
    shift, rest = expression.as_coeff_Add()
    sign = -1 if rest.could_extract_minus_sign() else 1
    return sign * rest, int(shift), sign
