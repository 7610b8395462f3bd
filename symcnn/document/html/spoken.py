"""Operators that nobody sees: a screen reader speaks them, a browser spaces by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from symcnn.document.html.signs import APPLY, PARTIAL, SEPARATOR, TIMES

_FUNCTIONS = frozenset("σΦφ")
_SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))


def spoken(row: Iterable[Element], script: str) -> Iterator[Element]:
    """Put the invisible operators between factors, functions and arguments, and indices.

    Args:
        row: The elements of a row.
        script: Whether the row is a subscript ("sub") or a superscript ("sup").
    """
    before: Element | None = None
    for element in row:
        if before is not None and (operator := _between(before, element, script)):
            yield _invisible(operator)
        yield element
        before = element


def _between(before: Element, after: Element, script: str) -> str:
    """Return the operator that a reader has in mind between two elements, if any."""
    if not _is_operand(after):
        return ""
    if _is_function(before):
        return APPLY
    if not _is_operand(before) or before.text == PARTIAL:
        return ""
    if script and before.tag == "mi" and after.tag == "mrow":
        return ""  # z(2) names a tensor
    leaves = len(before) == len(after) == 0
    return SEPARATOR if script == "sub" and leaves else TIMES


def _is_operand(element: Element) -> bool:
    core = _core(element)
    empty = core.tag == "mrow" and len(core) == 0
    return core.tag not in ("mo", "mspace", "mtext") and not empty


def _is_function(element: Element) -> bool:
    core = _core(element)
    text = core.text or ""
    return text in _FUNCTIONS or (len(text) > 1 and text.isalpha())


def _core(element: Element) -> Element:
    while element.tag in _SCRIPTED:
        element = element[0]
    return element


def _invisible(operator: str) -> Element:
    made = Element("mo")
    made.text = operator
    return made
