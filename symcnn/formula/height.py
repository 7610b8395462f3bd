"""Estimates of the height of a formula that is set apart in a browser, in em."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symcnn.formula import tree
from symcnn.formula.operators import has_limits

LETTERS = 1.0
"""The height of a line of letters."""

_BAR, _SIGN, _CASE = 0.3, 1.5, 1.4
_SCRIPT = 0.73


def height(node: tree.Node) -> float:
    """Return the estimated height of a tree, in em.

    >>> height(tree.Fraction(tree.Atom("a"), tree.Atom("b")))
    2.3
    """
    measure = _MEASURES.get(type(node))
    return measure(node) if measure else LETTERS


def _scripts(node: tree.Scripts) -> float:
    """Measure scripts as part of their line, unless they are the range of a sum."""
    if not has_limits(node):
        return height(node.base)
    return _SIGN + sum(_SCRIPT * height(part) for part in node[1:] if part)


_MEASURES: dict[type[tree.Node], Callable[[Any], float]] = {
    tree.Row: lambda node: max(map(height, node.parts), default=LETTERS),
    tree.Scripts: _scripts,
    tree.Fraction: lambda node: height(node.above) + height(node.below) + _BAR,
    tree.Root: lambda node: height(node.body),
    tree.Cases: lambda node: _CASE * len(node.values.parts),
    tree.Gap: lambda node: node.high / 10,
    tree.Bound: lambda node: height(node.body),
    tree.Fenced: lambda node: height(node.body),
}
