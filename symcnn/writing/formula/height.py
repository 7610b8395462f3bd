"""Estimates of the height of a formula that is set apart in a browser, in em."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from symcnn.writing.formula import tree
from symcnn.writing.formula.operators import has_limits

LETTERS = 1.0
"""The height of a line of letters."""

HIGHEST = 2.6
"""The height of parentheses around lines that may be broken, at the most."""

_GROWN, _SCRIPTED = 1.2, 1.7
"""The heights of parentheses around others, and around others that grow with two scripts."""

_OPEN, _CLOSE = tree.Atom("("), tree.Atom(")")
_BAR, _SIGN, _CASE = 0.3, 1.5, 1.4
_SCRIPT = 0.73


def height(node: tree.Node) -> float:
    """Return the estimated height of a tree, in em.

    >>> height(tree.Fraction(tree.Atom("a"), tree.Atom("b")))
    2.3
    """
    measure = _MEASURES.get(type(node))
    return measure(node) if measure else LETTERS


def paired(lines: Sequence[tree.Formula]) -> list[tree.Formula]:
    """Give parentheses whose other one is on another line the height of what they hold."""
    made, opened = [list(line.parts) for line in lines], list[tuple[int, int]]()
    for n, parts in enumerate(made):
        for place, part in enumerate(parts):
            if part == _OPEN:
                opened.append((n, place))
            elif part == _CLOSE and opened:
                first, start = opened.pop()
                if first != n:
                    held = [*made[first][start + 1 :], *chain(*made[first + 1 : n]), *parts[:place]]
                    if (high := _around(held)) > LETTERS:
                        made[first][start] = tree.Operator("(", high=high)
                        parts[place] = tree.Operator(")", high=high)
    return [tree.Formula(tuple(parts)) for parts in made]


def _around(held: Sequence[tree.Node]) -> float:
    """Return the height of parentheses around some parts."""
    row = tree.Formula(tuple(held))
    inner = [node for node in tree.nodes(row) if isinstance(node, tree.Fenced)]
    grown = _SCRIPTED if any(map(_has_two_scripts, inner)) else _GROWN if inner else LETTERS
    return min(max(height(row), grown), HIGHEST)


def _has_two_scripts(fenced: tree.Fenced) -> bool:
    found = (node for node in tree.nodes(fenced) if isinstance(node, tree.Scripts))
    return any(node.sub is not None and node.sup is not None for node in found)


def _scripts(node: tree.Scripts) -> float:
    """Measure scripts as part of their line, unless they are the range of a sum."""
    if not has_limits(node):
        return height(node.base)
    return _SIGN + sum(_SCRIPT * height(part) for part in node[1:] if part)


_MEASURES: dict[type[tree.Node], Callable[[Any], float]] = {
    tree.Formula: lambda node: max(map(height, node.parts), default=LETTERS),
    tree.Scripts: _scripts,
    tree.Fraction: lambda node: height(node.above) + height(node.below) + _BAR,
    tree.Root: lambda node: height(node.body),
    tree.Cases: lambda node: _CASE * len(node.values.parts),
    tree.Gap: lambda node: node.high / 10,
    tree.Bound: lambda node: height(node.body),
    tree.Fenced: lambda node: height(node.body),
}
