"""A formula as MathML, written from its tree with its operators made explicit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from symcnn.writing.formula import tree
from symcnn.writing.formula.operators import CLOSING, OPENING, RELATIONS, has_limits, is_tall
from symcnn.writing.formula.signs import SIGNS, sign

_SPACES = {r"\,": 0.167, r"\:": 0.222, r"\;": 0.278, r"\ ": 0.25, r"\!": -0.167}
_SPACES |= {r"\quad": 1.0, r"\qquad": 2.0}

_ACCENTS = {r"\hat": "^", r"\bar": "¯", r"\tilde": "~", r"\dot": "˙"}
_ACCENTS |= {r"\ddot": "¨", r"\vec": "→", r"\check": "ˇ"}

_LETTERS = {"'": "\N{PRIME}"}
_PRIME = tree.Atom("'")

_SHORT, _NARROW, _WIDE = 100.0, 21, 62
"""Up to which width a gap is for a number, and how much of a phone's width gaps may take."""

_LIMITS = ' movablelimits="true" lspace="0" rspace="0.1667em"'
"""How a function stands that has its subscript below it in a formula set apart."""

_ARROWS = frozenset("↑↓")
"""The arrows that would be as high as what stands beside them."""

_OPENING, _TIGHT = ' lspace="0"', ' lspace="0" rspace="0"'
_BARE = ' stretchy="false"'
_LEFT = '<mtd style="text-align: left">'


def mathml(
    parts: Sequence[tree.Node], *, display: bool = False, label: str = "", begins: bool = False
) -> str:
    """Return explicit parts that stand beside each other as an element of their own.

    Args:
        parts: The parts.
        display: Whether sums and fractions stand as in a formula set apart.
        label: What a screen reader says in place of the formula.
        begins: Whether words stand before it, so that a relation at its beginning needs no space.
    """
    style = ' displaystyle="true"' if display else ""
    named = f' aria-label="{escape(label)}"' if label else ""
    return f"<math{style}{named}>{_begun(parts) if begins and parts else _all(parts)}</math>"


def _begun(parts: Sequence[tree.Node]) -> str:
    """Return parts without a space before a relation; one that stands alone has none at all."""
    first, *others = parts
    if not (isinstance(first, tree.Operator) and first.text in RELATIONS):
        return _all(parts)
    spaces = _TIGHT if not others else _OPENING
    return f"<mo{spaces}>{escape(first.text)}</mo>{_all(others)}"


def elements(parts: Iterable[tree.Node]) -> str:
    """Return explicit parts as they stand inside of an element."""
    return _all(parts)


def _of(node: tree.Node) -> str:
    return _WRITERS[type(node)](node)


def _all(nodes: Iterable[tree.Node]) -> str:
    return "".join(map(_of, nodes))


def _atom(node: tree.Atom) -> str:
    text = node.text
    if text[0].isdecimal():
        return f"<mn>{text}</mn>"
    if text in _SPACES:
        return f'<mspace width="{_SPACES[text]:g}em" />'
    return f"<mi>{_LETTERS.get(text) or sign(text).text}</mi>"


def _operator(node: tree.Operator) -> str:
    form = f' form="{node.form}"' if node.form else ""
    return f"<mo{form}{_TIGHT if node.tight else ''}{_size(node)}>{escape(node.text)}</mo>"


def _size(node: tree.Operator) -> str:
    """Say how high a parenthesis or an arrow is: as letters are, or as the other one of two."""
    if node.text not in OPENING | CLOSING | _ARROWS:
        return ""
    return f' minsize="{node.high:g}em" maxsize="{node.high:g}em"' if node.high else _BARE


def _word(node: tree.Word) -> str:
    """Write letters as an identifier, which a browser slants if it is a single one."""
    if not node.text.isalpha():
        return f"<mtext>{escape(node.text)}</mtext>"
    upright = ' mathvariant="normal"' if len(node.text) == 1 else ""
    return f"<mi{upright}>{escape(node.text)}</mi>"


def _scripts(node: tree.Scripts) -> str:
    """Put scripts beside their base, or below and above it if they are limits."""
    if node.sup == _PRIME and node.sub is None:  # a superscript's letters would make it a dot
        return f"<mrow>{_of(node.base)}{_of(node.sup)}</mrow>"
    limits = has_limits(node)
    kinds = ("under", "over") if limits else ("sub", "sup")
    scripts = [(kind, part) for kind, part in zip(kinds, node[1:], strict=True) if part]
    tag = "m" + "".join(kind for kind, _ in scripts)
    base = _limited(node.base) if limits and isinstance(node.base, tree.Atom) else _of(node.base)
    return f"<{tag}>{base}{_all(part for _, part in scripts)}</{tag}>"


def _limited(function: tree.Atom) -> str:
    return f"<mo{_LIMITS}>{SIGNS[function.text].text}</mo>"


def _fenced(node: tree.Fenced) -> str:
    """Let parentheses grow only if their content is tall."""
    bare = "" if is_tall(node.body) else _BARE
    left, right = (f"<mo{bare}>{fence}</mo>" if fence else "" for fence in (node.left, node.right))
    return f"<mrow>{left}{_all(node.body.parts)}{right}</mrow>"


def _accent(node: tree.Accent) -> str:
    return f'<mover accent="true">{_of(node.body)}<mo>{_ACCENTS[node.mark]}</mo></mover>'


def _cases(node: tree.Cases) -> str:
    pairs = zip(node.values.parts, node.conditions.parts, strict=True)
    rows = "".join(
        f"<mtr>{_LEFT}{_of(value)}</mtd>{_LEFT}{_condition(condition)}</mtd></mtr>"
        for value, condition in pairs
    )
    table = f'<mtable columnspacing="1em">{rows}</mtable>'
    return f"<mrow><mo>{{</mo>{table}</mrow>"


def _condition(node: tree.Node) -> str:
    if node == tree.Formula(()):
        return "<mtext>otherwise</mtext>"
    return f'<mrow><mtext>if</mtext><mspace width="0.3em" />{_of(node)}</mrow>'


def _gap(node: tree.Gap) -> str:
    """Draw a box of plain HTML: no element of MathML has a border in every browser."""
    share = _NARROW if node.wide <= _SHORT else _WIDE
    style = f"width:min({node.wide / 10:g}em,{share}vw);height:{node.high / 10:g}em"
    name = f' data-gap="{escape(node.name)}"' if node.name else ""
    box = f'<span class="gap" role="img" aria-label="blank"{name} style="{style}"></span>'
    below = node.high / 20 - 0.25
    sizes = f'height="{below + 0.5:g}em" depth="{below:g}em" voffset="{-below:g}em"'
    return f"<mpadded {sizes}><mtext>{box}</mtext></mpadded>"


def _bound(node: tree.Bound) -> str:
    place = f' data-place="{node.place}"' if node.place else ""
    return f'<mrow data-figure="{node.key}"{place}>{_of(node.body)}</mrow>'


def _root(node: tree.Root) -> str:
    if node.degree is None:
        return f"<msqrt>{_of(node.body)}</msqrt>"
    return f"<mroot>{_of(node.body)}{_of(node.degree)}</mroot>"


_WRITERS: dict[type[tree.Node], Callable[[Any], str]] = {
    tree.Formula: lambda node: f"<mrow>{_all(node.parts)}</mrow>",
    tree.Atom: _atom,
    tree.Operator: _operator,
    tree.Word: _word,
    tree.Scripts: _scripts,
    tree.Fraction: lambda node: f"<mfrac>{_all(node)}</mfrac>",
    tree.Root: _root,
    tree.Accent: _accent,
    tree.Cases: _cases,
    tree.Gap: _gap,
    tree.Bound: _bound,
    tree.Fenced: _fenced,
}
