r"""Putting right what latex2mathml leaves to chance in a row of MathML.

A browser spaces an operator by its place in the row, and a screen reader speaks what is
there. So parentheses become groups, a minus after an operator a sign, sums and maxima get
their limits below and above, and products and applications their invisible operators.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from xml.etree.ElementTree import Element

from symcnn.document.html.signs import (
    CLOSING,
    DOTS,
    NAMED,
    OPENING,
    OPERATORS,
    PARTIAL,
    PRODUCTS,
    RELATIONS,
    SIGNS,
)
from symcnn.document.html.spoken import spoken

_TIGHT = DOTS | {"/"}
_TIGHT_IN_SCRIPTS = _TIGHT | SIGNS | RELATIONS | PRODUCTS
"""Operators with no room around them."""

_TALL = frozenset(("mfrac", "munder", "munderover"))
_SCRIPTS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_ROWS = frozenset(("mrow", "msqrt"))
_GAP = "______"
"""What a gap for the reader's answer has in place of every space that it is wide."""


def tidied(element: Element, script: str = "") -> Element:
    """Return an element put right, down to its leaves.

    Args:
        element: What latex2mathml made, with characters for character references.
        script: Whether it stands in a subscript ("sub") or a superscript ("sup").
    """
    if _is_gap(element):
        return _leaf("mtext", _GAP * sum(1 for _ in element.iter("mspace")))
    scripts = _scripts(element)
    children = [tidied(child, scripts.get(n, script)) for n, child in enumerate(element)]
    if element.tag in _ROWS:
        children = _row(children, script)
    if element.tag == "mrow" and len(children) == 1:
        return children[0]
    return _with_limits(_rebuilt(element, children))


def _is_gap(element: Element) -> bool:
    r"""Tell whether an element is \underline{\qquad\qquad}: nothing, with a line below."""
    return element.tag == "munder" and {e.tag for e in element[0].iter()} <= {"mrow", "mspace"}


def _scripts(element: Element) -> dict[int, str]:
    """Tell which children of an element are scripts."""
    by_tag = {"msub": {1: "sub"}, "msup": {1: "sup"}, "msubsup": {1: "sub", 2: "sup"}}
    return by_tag.get(element.tag, {})


def _leaf(tag: str, text: str, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.text = text or None
    return element


def _rebuilt(element: Element, children: Iterable[Element]) -> Element:
    """Return an element with other children, and with what attributes it needs."""
    text = element.text or ""
    tag = "mo" if text in OPERATORS else "mi" if text == PARTIAL else element.tag
    made = _leaf(tag, text, **({"accent": "true"} if tag == "mover" else {}))
    if tag == "mspace":
        made.set("width", element.get("width", "0em"))
    made.extend(children)
    return made


def _with_limits(element: Element) -> Element:
    """Put the limits of a sum or a maximum below and above it."""
    if element.tag in _SCRIPTS and element[0].text in NAMED | {"∑"}:
        element.tag = _SCRIPTS[element.tag]
        if element[0].text in NAMED:
            element[0].attrib.update(movablelimits="true", lspace="0", rspace="0.1667em")
    return element


def _row(children: list[Element], script: str) -> list[Element]:
    """Put a row right: groups first, which are rows themselves, then what is between them."""
    for child in children:
        if child.tag == "mo" and child.text in NAMED:
            child.tag = "mi"
    shown = [child for n, child in enumerate(children) if n == 0 or not _is_empty(child)]
    return _spaced(_grouped(shown, script), script)


def _spaced(children: Iterable[Element], script: str) -> list[Element]:
    whole = list(spoken(children, script))
    for before, child in pairwise(whole):
        if child.tag == "mo" and child.text in SIGNS:
            _place(child, before)
    for child in whole[1:]:
        if child.tag == "mo" and child.text in (_TIGHT_IN_SCRIPTS if script else _TIGHT):
            child.attrib.update(lspace="0", rspace="0")
    return [child for child in whole if not _is_empty(child)]


def _place(sign: Element, before: Element) -> None:
    """Say whether a plus or minus is a sign or stands between terms, where that is not clear."""
    if before.tag == "mo":
        sign.set("form", "prefix")
    elif _is_empty(before):
        sign.set("form", "infix")


def _is_empty(element: Element) -> bool:
    return element.tag == "mrow" and len(element) == 0


def _grouped(children: Iterable[Element], script: str) -> list[Element]:
    """Make a group of what stands in parentheses; a power of ")" is one of the group."""
    open_groups: list[list[Element]] = [[]]
    for child in children:
        inner = child[0] if child.tag in _SCRIPTS else child
        if child.tag == "mo" and child.text in OPENING:
            open_groups.append([child])
        elif inner.tag == "mo" and inner.text in CLOSING and len(open_groups) > 1:
            group = _group([*open_groups.pop(), inner], script)
            open_groups[-1].append(_with_base(child, group))
        else:
            open_groups[-1].append(child)
    return [child for group in open_groups for child in group]


def _group(children: list[Element], script: str) -> Element:
    """Return a group; its parentheses grow with a fraction or a sum, and else with nothing."""
    group = Element("mrow")
    group.extend(_spaced(children, script))
    tall = any(element.tag in _TALL for element in group.iter())
    for mark in (group[0], group[-1]):
        mark.attrib.clear()
        if not tall:
            mark.set("stretchy", "false")
    return group


def _with_base(child: Element, group: Element) -> Element:
    if child.tag not in _SCRIPTS:
        return group
    child[0] = group
    return child
