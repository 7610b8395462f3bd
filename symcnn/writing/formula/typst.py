r"""Formulas in Typst's notation.

Every sign that Typst would read as markup is escaped, and a space stands between all
signs, so that no two of them are read as one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from symcnn.writing.formula import tree
from symcnn.writing.formula.build import INDENT
from symcnn.writing.formula.signs import FENCES, sign

_SPACES = {r"\,": "thin", r"\:": "med", r"\;": "thick", r"\ ": "space", r"\!": ""}
_SPACES |= {r"\quad": "quad", r"\qquad": "wide"}
_OWN = _SPACES | {r"\cdot": "dot.op", r"\max": "max", r"\min": "min", r"\log": "log"}
_COMMA = ' class("normal", \\,) '
"""A decimal comma, after which there is no space."""

_PLUS_OR_MINUS = ((tree.Atom("+"),), (tree.Atom("-"),))

_ACCENTS = {r"\hat": "hat", r"\bar": "macron", r"\tilde": "tilde", r"\dot": "dot"}
_ACCENTS |= {r"\ddot": "dot.double", r"\vec": "arrow", r"\check": "caron"}

_NO_BREAK = "\N{NO-BREAK SPACE}"
_LAST_LETTER = "\u045f"
"""The font has the letters of Latin, Greek and Cyrillic; others are told by their number."""


@lru_cache(maxsize=2**14)
def formula(made: tree.Formula) -> str:
    r"""Return the inside of an equation.

    >>> from symcnn.writing.formula import read
    >>> formula(read(r"\frac{\partial L}{\partial w_{11}} \approx -0.5"))
    'frac(∂ L, ∂ attach(w, b: 11)) ≈ - 0.5'
    """
    return _row(made)


def string(written: str) -> str:
    r"""Return a string of Typst's code, in which nothing is read as markup.

    >>> string('say "hi" \\o/')
    '"say \\"hi\\" \\\\o/"'
    """
    return '"' + "".join(map(_character, written)) + '"'


def unprinted(written: str) -> str:
    """Return the characters that are printed by their code points, each once."""
    return "".join(c for c in dict.fromkeys(written) if _character(c) == f"[U+{ord(c):04X}]")


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isspace():
        return character if character == _NO_BREAK else " "
    known = character <= _LAST_LETTER or "\u2010" <= character <= "\u2027"
    return character if known and character.isprintable() else f"[U+{ord(character):04X}]"


def _of(node: tree.Node) -> str:
    return _WRITERS[type(node)](node)


_PRIME = " \\'"
"""A prime as it would stand apart from the letter before it, to which it belongs."""


def _row(node: tree.Formula) -> str:
    """Write parts; a plus or minus that an indented line begins with is no sign of a number."""
    written = list(map(_of, node.parts))
    if node.parts[:1] == (INDENT,) and node.parts[1:2] in _PLUS_OR_MINUS:
        written[1] = f'class("binary", {written[1]})'
    return " ".join(filter(None, written)).replace(_PRIME, "'")


def _atom(node: tree.Atom) -> str:
    if node.text in _OWN:
        return _OWN[node.text]
    if node.text[0].isdecimal():
        return node.text.replace(",", _COMMA)
    known = sign(node.text)
    if known.kind == "function" and len(known.text) > 1:
        return f"op({string(known.text)})"
    return _escaped(known.text)


def _escaped(text: str) -> str:
    return text if text.isalnum() or not text.isascii() or text in "+-=<>" else f"\\{text}"


def _scripts(node: tree.Scripts) -> str:
    places = (("t", node.sup), ("b", node.sub))
    scripts = "".join(f", {place}: {_of(part)}" for place, part in places if part is not None)
    return f"attach({_of(node.base)}{scripts})"


def _root(node: tree.Root) -> str:
    return (
        f"root({_of(node.degree)}, {_of(node.body)})" if node.degree else _call("sqrt", node.body)
    )


def _fenced(node: tree.Fenced) -> str:
    left, right = (_escaped(FENCES[fence]) for fence in (node.left, node.right))
    return f"lr({left} {_row(node.body)} {right})"


def _operator(node: tree.Operator) -> str:
    return f"lr(size: #{node.high:g}em, {_escaped(node.text)})"


def _call(name: str, *parts: tree.Node) -> str:
    return f"{name}({', '.join(map(_of, parts))})"


def _cases(node: tree.Cases) -> str:
    pairs = zip(node.values.parts, node.conditions.parts, strict=True)
    rows = (f"{_of(value)} quad & {_condition(condition)}" for value, condition in pairs)
    return f"display(cases({', '.join(rows)}))"


def _condition(node: tree.Node) -> str:
    return '"otherwise"' if node == tree.Formula(()) else f'"if" space {_of(node)}'


def _gap(node: tree.Gap) -> str:
    """Draw a box inside of another one, which keeps it away from the lines above and below.

    It stands in parentheses, as it would take a semicolon behind it for its own.
    """
    size = f"width: {node.wide:g}pt, height: {node.high:g}pt"
    around = f"inset: (y: 3pt), baseline: {node.high / 2 + 0.5:g}pt"
    return f'class("normal", #box({around}, box({size}, stroke: 0.5pt, radius: 1.5pt)))'


_WRITERS: dict[type[tree.Node], Callable[[Any], str]] = {
    tree.Formula: _row,
    tree.Atom: _atom,
    tree.Scripts: _scripts,
    tree.Word: lambda node: string(node.text),
    tree.Fraction: lambda node: _call("frac", node.above, node.below),
    tree.Root: _root,
    tree.Accent: lambda node: _call(_ACCENTS[node.mark], node.body),
    tree.Fenced: _fenced,
    tree.Operator: _operator,
    tree.Cases: _cases,
    tree.Gap: _gap,
    tree.Bound: lambda node: _of(node.body),
}
