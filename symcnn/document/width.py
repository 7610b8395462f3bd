r"""How wide a formula will be, in points at 10 pt, without running LaTeX.

An estimate from the metrics of Computer Modern, rounded up: digits 5 pt, letters 6 pt,
relations and binary operators with their spaces, scripts at 3/4 of the size, a
fraction as wide as its wider part.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from symcnn.formula import (
    Accent,
    Atom,
    Fenced,
    Fraction,
    Node,
    Root,
    Row,
    Scripts,
    Word,
    read,
)

_SCRIPT = 0.75
_FENCE, _BAR, _ROOT = 6.2, 3.0, 10.0
_LETTER, _DIGIT, _POINT = 6.2, 5.1, 4.2
_WIDTHS = {
    r"\cdot": 7.5,
    r"\times": 12.5,
    r"\sum": 15.0,
    r"\max": 23.0,
    r"\min": 21.0,
    r"\tanh": 25.0,
    r"\log": 16.0,
    r"\exp": 20.0,
    r"\mid": 8.5,
    r"\quad": 10.0,
    r"\qquad": 20.0,
    r"\,": 2.0,
    r"\;": 3.0,
    r"\cdots": 14.0,
    r"\dots": 14.0,
    "w": 7.4,
    "m": 8.9,
    **dict.fromkeys((r"\le", r"\ge", r"\leq", r"\geq", r"\approx", *"=<>"), 13.5),
    **dict.fromkeys("()[]|.,;:/", _POINT),
    **dict.fromkeys("+-", 12.5),
}


@lru_cache(maxsize=2**14)
def width(latex: str) -> float:
    """Return the estimated width of a formula in points."""
    return _row(read(latex))


def _of(node: Node) -> float:
    return _MEASURES[type(node)](node)


def _row(node: Row) -> float:
    return sum(map(_of, node.parts))


def _atom(node: Atom) -> float:
    text = node.text
    if text[0].isdecimal():
        return len(text) * _DIGIT - (not text.isdecimal()) * (_DIGIT - _POINT)
    return _WIDTHS.get(text, _LETTER)


def _scripts(node: Scripts) -> float:
    """Add the wider script: a subscript and a superscript stand above each other."""
    scripts = max(_of(part) for part in (node.sub, node.sup) if part is not None)
    return _of(node.base) + _SCRIPT * scripts


_MEASURES: dict[type[Node], Callable[[Any], float]] = {
    Row: _row,
    Atom: _atom,
    Scripts: _scripts,
    Word: lambda node: len(node.text) * _LETTER,
    Fraction: lambda node: max(_of(node.above), _of(node.below)) + _BAR,
    Root: lambda node: _ROOT + _of(node.body),
    Accent: lambda node: _of(node.body),
    Fenced: lambda node: 2 * _FENCE + _row(node.body),
}
