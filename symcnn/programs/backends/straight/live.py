"""Unused entries, whose values were inlined into other formulas, are not written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Symbol

from symcnn.programs.backends.straight.subexpressions import Assignment


def live(parts: Sequence[Sequence[Assignment]], wanted: Iterable[Symbol]) -> list[list[Assignment]]:
    """Return the assignments without which no wanted entry can be computed."""
    needed, kept = set(wanted), list[list[Assignment]]()
    for part in reversed(parts):
        kept.append([])
        for symbol, value in reversed(part):
            if symbol in needed:
                kept[-1].append((symbol, value))
                needed |= value.free_symbols
        kept[-1].reverse()
    return kept[::-1]
