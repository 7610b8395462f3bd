"""A formula as one line of Unicode text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from symcnn.writing.formula import tree
from symcnn.writing.formula.signs import ACCENTS, FENCES, LOWERED, RAISED, SIGNED, SIGNS


@lru_cache(maxsize=2**14)
def text(formula: tree.Formula) -> str:
    r"""Return a formula as one line: δᶻ₁₁ x₁ + 1/2 (t - a)² for what LaTeX sets in two.

    A script for which Unicode has no characters stands as x_{...} or x^(...), a single
    letter as x_c. The minus is that of the keyboard, so that numbers can be copied.

    >>> from symcnn.writing.formula import read
    >>> formulas = r"\frac{\partial L}{\partial w_{11}} \approx -0.0061", r"e^{-z_{1}} p_{c}"
    >>> tuple(text(read(formula)) for formula in formulas)
    ('∂L/∂w₁₁ ≈ -0.0061', 'e^(-z₁) p_c')
    """
    return _line(formula)


class _Piece(NamedTuple):
    """Text, how its left and right ends behave, and whether it is a quotient."""

    text: str
    left: str
    right: str
    is_quotient: bool = False


_CHARACTER = 7.0
"""The width of a gap that is worth one character, in points."""

_FACTORS_BEGIN = ("ordinary", "function", "big", "prefix", "open", "fence")
_FACTORS_END = ("ordinary", "function", "close")

_MOD = " mod "
"""The operator that is a word, which keeps its spaces in scripts."""


def _line(row: tree.Formula) -> str:
    if len(row.parts) == 1 and isinstance(row.parts[0], tree.Formula):
        return _line(row.parts[0])
    pieces = _torn(_signs([piece for part in row.parts if (piece := _piece(part)).text]))
    line, before = "", None
    for piece, after in zip(pieces, [*pieces[1:], None], strict=False):
        spaced = before is not None and _is_spaced(before.right, piece.left)
        line += " " * spaced + _grouped(before, piece, after)
        before = piece
    return line


def _signs(pieces: list[_Piece]) -> list[_Piece]:
    """Tell the sign of a number from the operator between two."""
    made, left = list[_Piece](), "start"
    for piece in pieces:
        is_sign = piece.text in ("+", "-") and left in SIGNED
        made.append(_Piece(piece.text, "prefix", "prefix") if is_sign else piece)
        left = left if piece.right == "space" and left == "punctuation" else piece.right
    return made


def _torn(pieces: list[_Piece]) -> list[_Piece]:
    """Let a parenthesis behind a letter that is closed on another line begin as fences do."""
    made, openings = list(pieces), list[int]()
    for place, piece in enumerate(pieces):
        if piece.left == "open":
            openings.append(place)
        elif piece.right == "close" and piece.left != "fence" and openings:
            openings.pop()
    for place in openings:
        before = made[place - 1]
        if place and not (before.is_quotient or before.text[-1].isdecimal()):
            made[place] = made[place]._replace(left="fence")
    return made


def _grouped(before: _Piece | None, piece: _Piece, after: _Piece | None) -> str:
    """Put a quotient that stands beside a factor in parentheses."""
    beside = (before is not None and before.right in _FACTORS_END) or (
        after is not None and after.left in _FACTORS_BEGIN
    )
    return f"({piece.text})" if piece.is_quotient and beside else piece.text


def _is_spaced(left: str, right: str) -> bool:
    """Tell whether a space stands between two pieces that end and begin like this."""
    if left in ("open", "prefix", "tight", "space") or right in ("close", "tight", "space"):
        return False
    if right == "fence":
        return left != "function"
    return right != "punctuation" and (right != "open" or left not in _FACTORS_END)


def _alone(node: tree.Node) -> str:
    """Return the text of a part, in parentheses if an operator would tear it apart."""
    text = _line(node) if isinstance(node, tree.Formula) else _piece(node).text
    return text if _is_one(node) else f"({text})"


def _is_one(node: tree.Node) -> bool:
    """Tell whether a part is one thing: a letter, a number, a bracket, or d of that."""
    if not isinstance(node, tree.Formula):
        return not isinstance(node, tree.Fraction)
    if not node.parts:
        return True
    first, *rest = node.parts
    differential = first == tree.Atom(r"\partial") and len(rest) == 1
    return _is_one(rest[0]) if differential else not rest and _is_one(first)


def _sub(node: tree.Node | None) -> str:
    compact = _compact(_script(node))
    if all(letter in LOWERED for letter in compact):
        return "".join(LOWERED[letter] for letter in compact)
    return f"_{compact}" if len(compact) == 1 else f"_{{{compact}}}"


def _sup(node: tree.Node | None) -> str:
    spaced = _script(node)
    compact = _compact(spaced)
    if all(letter in RAISED for letter in compact):
        return "".join(RAISED[letter] for letter in compact)
    return f"^{spaced}" if spaced[:1] == "[" and spaced[-1:] == "]" else f"^({spaced})"


def _compact(written: str) -> str:
    """Leave out the spaces in a script, but for those around a word."""
    return _MOD.join(part.replace(" ", "") for part in written.split(_MOD))


def _script(node: tree.Node | None) -> str:
    return _line(node if isinstance(node, tree.Formula) else tree.Formula((node,))) if node else ""


def _piece(node: tree.Node) -> _Piece:
    return _PIECES[type(node)](node)


def _atom(node: tree.Atom) -> _Piece:
    sign = SIGNS.get(node.text)
    if node.text == "'":
        return _Piece(node.text, "close", "function")  # f'(x), as f(x)
    return _Piece(sign.text, sign.kind, sign.kind) if sign else _ordinary(node.text)


def _root(node: tree.Root) -> _Piece:
    return _ordinary(f"{_sup(node.degree)}√{_alone(node.body)}")


def _accent(node: tree.Accent) -> _Piece:
    return _ordinary(_alone(node.body) + ACCENTS[node.mark])


def _fenced(node: tree.Fenced) -> _Piece:
    """The printer puts a sum that is a factor between fences; f(x) has simple parentheses."""
    return _Piece(FENCES[node.left] + _line(node.body) + FENCES[node.right], "fence", "close")


def _cases(node: tree.Cases) -> _Piece:
    pairs = zip(node.values.parts, node.conditions.parts, strict=True)
    rows = (f"{_script(value)} {_condition(condition)}" for value, condition in pairs)
    return _Piece("{" + "; ".join(rows) + "}", "fence", "close")


def _condition(node: tree.Node) -> str:
    return "otherwise" if node == tree.Formula(()) else f"if {_script(node)}"


def _fraction(node: tree.Fraction) -> _Piece:
    quotient = f"{_alone(node.above)}/{_alone(node.below)}"
    return _Piece(quotient, "ordinary", "ordinary", is_quotient=True)


def _scripts(node: tree.Scripts) -> _Piece:
    base = _piece(node.base)
    whole = (
        f"({_script(node.base)})"
        if isinstance(node.base, tree.Formula | tree.Fraction)
        else base.text
    )
    sub, sup = _sub(node.sub), _sup(node.sup)
    if base.left == "big":
        sup = sup.replace(" ", "")
    if base.left == "big" or _is_number(node.sup):
        scripts = (f"_{{{sub[1:]}}}" if sup and sub[:1] == "_" and len(sub) == 2 else sub) + sup
    else:
        scripts = sup + sub
    return _Piece(whole + scripts, base.left, base.right)


def _is_number(node: tree.Node | None) -> bool:
    return isinstance(node, tree.Atom) and node.text.isdecimal()


def _ordinary(text: str) -> _Piece:
    return _Piece(text, "ordinary", "ordinary")


_PIECES: dict[type[tree.Node], Callable[[Any], _Piece]] = {
    tree.Atom: _atom,
    tree.Operator: lambda node: _atom(tree.Atom(node.text)),
    tree.Word: lambda node: _Piece(node.text, "function", "function"),
    tree.Formula: lambda node: _ordinary(_alone(node)),
    tree.Scripts: _scripts,
    tree.Fraction: _fraction,
    tree.Root: _root,
    tree.Accent: _accent,
    tree.Cases: _cases,
    tree.Gap: lambda node: _ordinary("_" * max(2, round(node.wide / _CHARACTER))),
    tree.Bound: lambda node: _ordinary(_line(tree.Formula((node.body,)))),
    tree.Fenced: _fenced,
}
