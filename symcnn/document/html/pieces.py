"""Cutting a row of MathML into pieces that fit: a browser breaks no line inside of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from xml.etree.ElementTree import Element

from symcnn.document.html.breadth import breadth
from symcnn.document.html.signs import OPENING, PRODUCTS, RELATIONS, SIGNS, TIMES

Row = tuple[Element, ...]
"""Elements side by side."""

_Places = Iterable[tuple[Set[str], Set[str]]]
"""Where a formula is cut, the best places first: before some operators and after others."""

_TERMS: _Places = ((frozenset(), frozenset(",")), (SIGNS | RELATIONS, frozenset()))
_FACTORS: _Places = ((PRODUCTS, frozenset(TIMES)),)


def pieces(row: Row, room: float) -> list[list[Row]]:
    """Cut a row into terms, these into factors, and these inside of their parentheses.

    Each is cut only where it is wider than ``room``.
    """
    if breadth(row) <= room:
        return [[row]]
    return [
        [part for factor in _cut(term, room, _FACTORS) for part in _cut_inside(factor, room)]
        for term in _cut(row, room, _TERMS)
    ]


def _cut_inside(row: Row, room: float) -> list[Row]:
    return [row] if breadth(row) <= room else _cut(tuple(_opened(row)), room, _TERMS)


def _opened(row: Row) -> Iterator[Element]:
    """Run over a row with what stands in parentheses, unless these grow with it."""
    for element in row:
        if is_group(element) and element[0].get("stretchy") == "false":
            yield from element
        else:
            yield element


def _cut(row: Row, room: float, places: _Places) -> list[Row]:
    parts = [row]
    for before, after in places:
        finer = ([p] if breadth(p) <= room else _at(p, before, after) for p in parts)
        parts = [part for cut in finer for part in cut]
    return parts


def _at(row: Row, before: Set[str], after: Set[str]) -> list[Row]:
    """Cut a row before and after some operators; a space ends the piece that it follows."""
    parts: list[list[Element]] = [[]]
    ended = False
    for element in row:
        leads = _is_between(element) and element.text in before
        if parts[-1] and element.tag != "mspace" and (ended or leads):
            parts.append([_first(element)])
        else:
            parts[-1].append(element)
        ended = element.text in after or (ended and element.tag == "mspace")
    return [tuple(part) for part in parts]


def is_group(element: Element) -> bool:
    """Tell whether an element is something in parentheses."""
    return element.tag == "mrow" and len(element) > 1 and element[0].text in OPENING


def _is_between(element: Element) -> bool:
    return element.tag == "mo" and element.get("form") != "prefix"


def _first(element: Element) -> Element:
    """Let a sign at the start of a piece be what it was: an operator between terms."""
    if not (_is_between(element) and element.text in SIGNS):
        return element
    sign = Element("mo", {**element.attrib, "form": "infix"})
    sign.text = element.text
    return sign
