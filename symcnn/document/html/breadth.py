"""How wide MathML will be, in em, without a browser: an estimate, rounded up."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from symcnn.document.html.signs import (
    APPLY,
    CLOSING,
    DOTS,
    OPENING,
    PRODUCTS,
    RELATIONS,
    SEPARATOR,
    SIGNS,
    TIMES,
)

_SCRIPT = 0.73
_STACKED = frozenset(("munder", "mover", "munderover"))
_SCRIPTED = frozenset(("msub", "msup", "msubsup"))
_CHARACTER = {"mn": 0.52, "mi": 0.58, "mtext": 0.5, "mo": 0.55}
_OPERATORS = {
    **dict.fromkeys(SIGNS, 1.25),
    **dict.fromkeys(RELATIONS, 1.35),
    **dict.fromkeys(PRODUCTS, 0.75) | {"\N{MULTIPLICATION SIGN}": 1.25},
    **dict.fromkeys(OPENING | CLOSING, 0.42),
    **dict.fromkeys((APPLY, TIMES, SEPARATOR), 0.0),
    **dict.fromkeys(DOTS, 1.2),
    ",": 0.45,
    "∑": 1.6,
    "max": 2.1,
}


def breadth(row: Iterable[Element]) -> float:
    """Return the estimated width of elements side by side, in em of their font."""
    return sum(map(_breadth, row))


def _breadth(element: Element) -> float:
    if element.tag == "mspace":
        return float(element.get("width", "0em").removesuffix("em"))
    if len(element) == 0:
        return _leaf(element)
    if element.tag == "mfrac":
        return max(map(_breadth, element)) + 0.3
    if element.tag in _SCRIPTED | _STACKED:
        scripts = _SCRIPT * max(map(_breadth, element[1:]))
        base = _breadth(element[0])
        return max(base, scripts) if element.tag in _STACKED else base + scripts
    return breadth(element) + (1.0 if element.tag == "msqrt" else 0.0)


def _leaf(element: Element) -> float:
    text = element.text or ""
    if element.tag == "mo" and text in _OPERATORS:
        return 0.8 if element.get("form") == "prefix" else _OPERATORS[text]
    return _CHARACTER.get(element.tag, 0.0) * len(text)
