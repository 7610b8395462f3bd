r"""A formula as LaTeX, spaced as a person types it: w_{11} x_{1} - \frac{1}{2}, but x_{2(i-1)}."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from symcnn.writing.formula import tree
from symcnn.writing.formula.signs import SIGNED, SIGNS

_ENTRY = "0123456789,"
"""What the position of one entry is made of, w_{1,10}."""

_BETWEEN = {",": ", ", r"\,": r"\, ", "=": "="}
"""What separates indices from each other, and a sum's index from where it begins."""

_COMPARISONS = (tree.Atom(r"\le"), tree.Atom(r"\leq"), tree.Atom(r"\geq"))


@lru_cache(maxsize=2**14)
def latex(formula: tree.Node) -> str:
    r"""Return the text between dollar signs.

    >>> from symcnn.writing.formula import read
    >>> latex(read(r"2x_1-\mu"))
    '2 x_{1} - \\mu'
    """
    return _row(formula, _is_spaced) if isinstance(formula, tree.Formula) else _of(formula)


def _of(node: tree.Node) -> str:
    return _WRITERS[type(node)](node)


def _row(row: tree.Formula, is_spaced: Callable[[str, str], bool]) -> str:
    """Write parts beside each other, with a space where an operator or a product has one."""
    text, left = "", "start"
    for part in row.parts:
        right = _kind(part)
        written = _of(part)
        if written in ("+", "-") and left in SIGNED:
            right = "sign"
        spaced = left != "start" and is_spaced(left, right)
        text += (" " if spaced or _runs_on(text, written) else "") + written
        left = left if right == "space" and left == "punctuation" else right
    return text


def _kind(node: tree.Node) -> str:
    """Return how a part behaves among others: as a sign of some kind, a fence, or a letter."""
    if isinstance(node, tree.Scripts):
        kind = _kind(node.base)
        return kind if kind in ("close", "function") else "ordinary"
    if isinstance(node, tree.Atom):
        kind = SIGNS[node.text].kind if node.text in SIGNS else "ordinary"
        is_fence = kind in ("open", "close") and node.text[0] == "\\"
        return "ordinary" if is_fence else kind
    if isinstance(node, tree.Operator):
        return SIGNS[node.text].kind
    return {tree.Fenced: "fenced", tree.Word: "function"}.get(type(node), "ordinary")


def _is_spaced(left: str, right: str) -> bool:
    """Tell whether a space stands between parts that end and begin like this."""
    if left in ("open", "sign") or right in ("close", "punctuation", "space"):
        return False
    if left == "close":
        return right not in ("fenced", "open")
    return right != "fenced" or left != "function"


def _is_tight(left: str, right: str) -> bool:
    """No space stands in an index such as 2(i-1)+u."""
    return False


def _is_spaced_above(left: str, right: str) -> bool:
    """Tell the same of a superscript, in which z(2) is the name of a tensor, and of 3/2."""
    is_name = right == "open" and left == "ordinary"
    return not is_name and "tight" not in (left, right) and _is_spaced(left, right)


def _runs_on(text: str, written: str) -> bool:
    r"""Tell whether TeX would read a letter as part of the command before it: \mu x."""
    return written[:1].isalpha() and text[text.rfind("\\") + 1 :].isalpha() and "\\" in text


def _atom(node: tree.Atom) -> str:
    return node.text.replace(",", "{,}") if node.text[0].isdecimal() else node.text


def _word(node: tree.Word) -> str:
    command = "operatorname" if node.text.isascii() and node.text.isalpha() else "text"
    escaped = "".join(f"\\{c}" if c in "_&%#$" else c for c in node.text)
    return rf"\{command}{{{escaped}}}"


def _scripts(node: tree.Scripts) -> str:
    """Write a power behind the index, and what belongs to a letter's name in front of it."""
    sub = "" if node.sub is None else f"_{{{_below(node.sub)}}}"
    sup = "" if node.sup is None else f"^{{{_above(node.sup)}}}"
    is_power = isinstance(node.sup, tree.Atom) and node.sup.text.isdecimal()
    limits = isinstance(node.base, tree.Atom) and node.base.text == r"\sum"
    return _of(node.base) + (sub + sup if is_power or limits else sup + sub)


def _below(node: tree.Node) -> str:
    """Write indices: close together, with a space between those that a comma separates."""
    if not isinstance(node, tree.Formula):
        return _upright(node)
    if all(isinstance(part, tree.Atom) and part.text[0] in _ENTRY for part in node.parts):
        return "".join(map(_of, node.parts))
    text, index = "", list[tree.Node]()
    for part in node.parts:
        if isinstance(part, tree.Atom) and part.text in _BETWEEN:
            text = (text + _index(index)).rstrip() + _BETWEEN[part.text]
            index = []
        elif isinstance(part, tree.Word):
            index.append(tree.Atom(_upright(part)))
        else:
            index.append(part)
    return text + _index(index)


def _index(parts: Sequence[tree.Node]) -> str:
    """Write one index; what holds a bracket or a comparison is spaced as outside."""
    full = any(isinstance(part, tree.Fenced) or part in _COMPARISONS for part in parts)
    return _row(tree.Formula(tuple(parts)), _is_spaced if full else _is_tight)


def _above(node: tree.Node) -> str:
    return _row(node, _is_spaced_above) if isinstance(node, tree.Formula) else _upright(node)


def _upright(node: tree.Node) -> str:
    """Write a word as a script, such as that of W_{out}: it is no function."""
    return rf"\mathrm{{{node.text}}}" if isinstance(node, tree.Word) else _of(node)


def _fenced(node: tree.Fenced) -> str:
    body = latex(node.body)
    if node.left in (r"\lfloor", r"\lceil"):
        body = f"{{{body}}}"
    return rf"\left{node.left}{body}\right{node.right}"


_SIZES = ((1.3, "big"), (1.9, "Big"), (2.7, "bigg"))
"""Up to which height in em a parenthesis has a size of TeX's."""


def _operator(node: tree.Operator) -> str:
    size = next((name for most, name in _SIZES if node.high <= most), _SIZES[-1][1])
    return rf"\{size}{'l' if _kind(node) == 'open' else 'r'}{node.text}"


def _root(node: tree.Root) -> str:
    degree = "" if node.degree is None else f"[{latex(node.degree)}]"
    return rf"\sqrt{degree}{{{latex(node.body)}}}"


def _cases(node: tree.Cases) -> str:
    pairs = zip(node.values.parts, node.conditions.parts, strict=True)
    rows = (f"{latex(value)} & {_condition(condition)}" for value, condition in pairs)
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _condition(node: tree.Node) -> str:
    return r"\text{otherwise}" if node == tree.Formula(()) else rf"\text{{if }} {latex(node)}"


def _gap(node: tree.Gap) -> str:
    """Draw a box, its frame included as large as it is to be, that touches no other box."""
    wide, high = node.wide - 6.8, node.high - 6.8
    strut, inside = (_rule(height) for height in (node.high + 3, high))
    return rf"{strut}\boxed{{{inside}\hspace{{{wide:g}pt}}}}"


def _rule(high: float) -> str:
    """Return an invisible rule whose middle is that of a letter."""
    return rf"\rule[{2.5 - high / 2:g}pt]{{0pt}}{{{high:g}pt}}"


_WRITERS: dict[type[tree.Node], Callable[[Any], str]] = {
    tree.Formula: lambda node: f"{{{latex(node)}}}",
    tree.Atom: _atom,
    tree.Operator: _operator,
    tree.Word: _word,
    tree.Scripts: _scripts,
    tree.Fraction: lambda node: rf"\frac{{{latex(node.above)}}}{{{latex(node.below)}}}",
    tree.Root: _root,
    tree.Accent: lambda node: f"{node.mark}{{{latex(node.body)}}}",
    tree.Fenced: _fenced,
    tree.Cases: _cases,
    tree.Gap: _gap,
    tree.Bound: lambda node: latex(node.body),
}
