"""Estimates of how wide and how high a formula is, without LaTeX or a browser, rounded up."""
# ruff: noqa: RUF001  # characters that look alike are the point

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from string import ascii_uppercase
from typing import Any

from symcnn.writing.formula import tree
from symcnn.writing.formula.operators import DOTS, INVISIBLE, RELATIONS, has_limits
from symcnn.writing.formula.signs import ORDINARY, SIGNS, STYLED


@dataclass(frozen=True)
class Metrics:
    """The widths of a font's characters, and of what is built of them.

    Attributes:
        letter: A letter.
        digit: A digit.
        point: The decimal mark.
        operator: An operator, if ``characters`` does not have it.
        sign: A plus or minus in front of a number.
        upright: A letter of a word.
        fence: A parenthesis that is as high as what it holds.
        bar: What a fraction is wider than its wider part.
        root: The sign of a root.
        gap: A gap for the reader's answer, for every point that it is wide.
        bound: A figure that is bound to an entry; 0 if it is as wide as it is printed now.
        script: The size of a script, beside that of its base.
        limits: Whether the range of a sum stands below and above it, or beside it.
        characters: Other characters with their spaces, functions by name, spaces as LaTeX.
    """

    letter: float
    digit: float
    point: float
    operator: float
    sign: float
    upright: float
    fence: float
    bar: float
    root: float
    gap: float
    bound: float
    script: float
    limits: bool
    characters: Mapping[str, float]

    def width(self, node: tree.Node) -> float:
        """Return the estimated width of a tree."""
        return _MEASURES[type(node)](self, node)


def _row(metrics: Metrics, node: tree.Formula) -> float:
    return sum(map(metrics.width, node.parts))


def _atom(metrics: Metrics, node: tree.Atom) -> float:
    text, characters = node.text, metrics.characters
    if text[0].isdecimal():
        digits = len(text) * metrics.digit
        return digits if text.isdecimal() else digits - metrics.digit + metrics.point
    sign = SIGNS.get(text, ORDINARY)
    letters = len(sign.text) if sign.kind == "function" else _BOLD if text in STYLED else 1
    return characters.get(text) or characters.get(sign.text) or letters * metrics.letter


_BOLD = 1.5
"""How much wider than a letter a bold or calligraphic one is."""


def _operator(metrics: Metrics, node: tree.Operator) -> float:
    is_sign = node.form == "prefix"
    return metrics.sign if is_sign else metrics.characters.get(node.text, metrics.operator)


def _scripts(metrics: Metrics, node: tree.Scripts) -> float:
    """Measure the wider script: a subscript and a superscript stand above each other."""
    base = metrics.width(node.base)
    scripts = metrics.script * max(metrics.width(part) for part in node[1:] if part)
    return max(base, scripts) if metrics.limits and has_limits(node) else base + scripts


def _cases(metrics: Metrics, node: tree.Cases) -> float:
    """Measure the widest value and the widest condition, with "otherwise" and the spaces."""
    values, conditions = (max(map(metrics.width, column.parts)) for column in node)
    return values + max(conditions, 6 * metrics.upright) + 6 * metrics.upright + metrics.fence


def _bound(metrics: Metrics, node: tree.Bound) -> float:
    """Measure a figure as wide as most that it may become, where its place depends on that."""
    if node.place == "name" or not metrics.bound:
        return metrics.width(node.body)
    return metrics.bound + (_RELATION * metrics.operator if node.place in _WITH_RELATION else 0.0)


_WITH_RELATION = ("alone", "related")
"""The places in which a figure has a sign of equality, at least if it is rounded."""

_RELATION = 1.5
"""How wide that is with its spaces, in operators."""


_MEASURES: dict[type[tree.Node], Callable[[Metrics, Any], float]] = {
    tree.Formula: _row,
    tree.Atom: _atom,
    tree.Operator: _operator,
    tree.Scripts: _scripts,
    tree.Word: lambda metrics, node: metrics.upright * len(node.text),
    tree.Fraction: lambda metrics, node: max(map(metrics.width, node)) + metrics.bar,
    tree.Root: lambda metrics, node: metrics.width(node.body) + metrics.root,
    tree.Accent: lambda metrics, node: metrics.width(node.body),
    tree.Cases: _cases,
    tree.Gap: lambda metrics, node: metrics.gap * node.wide,
    tree.Bound: _bound,
    tree.Fenced: lambda metrics, node: metrics.width(node.body) + 2 * metrics.fence,
}

TEX = Metrics(
    letter=6.2,
    digit=5.1,
    point=4.2,
    operator=6.2,
    sign=12.5,
    upright=6.2,
    fence=6.2,
    bar=3.0,
    root=10.0,
    gap=1.0,
    bound=48.0,
    script=0.75,
    limits=False,
    characters={
        **{"·": 7.5, "∑": 15.0, "max": 23.0, "min": 21.0, "tanh": 25.0, "log": 16.0, "exp": 20.0},
        **{r"\quad": 10.0, r"\qquad": 20.0, r"\,": 2.0, r"\;": 3.0, "w": 7.4, "m": 8.9},
        **dict.fromkeys(DOTS, 14.0) | {"∣": 8.5},
        **dict.fromkeys("≤≥≈=<>", 13.5) | dict.fromkeys("+-×", 12.5),
        **dict.fromkeys("()[]|.,;:/", 4.2),
    },
)
"""Computer Modern in points, at 10 points."""

BROWSER = Metrics(
    letter=0.58,
    digit=0.52,
    point=0.52,
    operator=0.55,
    sign=0.8,
    upright=0.58,
    fence=0.42,
    bar=0.3,
    root=1.0,
    gap=0.1,
    bound=0.0,
    script=0.73,
    limits=True,
    characters={
        **{"·": 0.75, "∑": 1.6, "max": 2.1, ",": 0.45, "m": 0.88, "w": 0.72},
        **dict.fromkeys(ascii_uppercase, 0.8),
        **{r"\quad": 1.0, r"\qquad": 2.0, r"\,": 0.167, r"\:": 0.222, r"\;": 0.278, r"\!": -0.167},
        **dict.fromkeys(DOTS, 1.2) | dict.fromkeys(INVISIBLE, 0.0),
        **dict.fromkeys(RELATIONS, 1.35) | dict.fromkeys("+−×", 1.25),
        **dict.fromkeys("()[]⌊⌋⌈⌉", 0.42),
    },
)
"""A browser's mathematics, in em."""


@lru_cache(maxsize=2**14)
def width(formula: tree.Formula) -> float:
    """Return the estimated width of a formula that LaTeX sets, in points."""
    return TEX.width(formula)


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
    measure = _HEIGHTS.get(type(node))
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
    row = tree.Formula(tuple(held))
    inner = [node for node in tree.nodes(row) if isinstance(node, tree.Fenced)]
    grown = _SCRIPTED if any(map(_has_two_scripts, inner)) else _GROWN if inner else LETTERS
    return min(max(height(row), grown), HIGHEST)


def _has_two_scripts(fenced: tree.Fenced) -> bool:
    found = (node for node in tree.nodes(fenced) if isinstance(node, tree.Scripts))
    return any(node.sub is not None and node.sup is not None for node in found)


def _high_scripts(node: tree.Scripts) -> float:
    """Measure scripts as part of their line, unless they are the range of a sum."""
    if not has_limits(node):
        return height(node.base)
    return _SIGN + sum(_SCRIPT * height(part) for part in node[1:] if part)


_HEIGHTS: dict[type[tree.Node], Callable[[Any], float]] = {
    tree.Formula: lambda node: max(map(height, node.parts), default=LETTERS),
    tree.Scripts: _high_scripts,
    tree.Fraction: lambda node: height(node.above) + height(node.below) + _BAR,
    tree.Root: lambda node: height(node.body),
    tree.Cases: lambda node: _CASE * len(node.values.parts),
    tree.Gap: lambda node: node.high / 10,
    tree.Bound: lambda node: height(node.body),
    tree.Fenced: lambda node: height(node.body),
}
