r"""A formula as runs of letters, for writers that cannot set formulas.

z^{(2)}_{12} is a large z, a small 12 below the line, and a small (2) above the line that
begins where the 12 did.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from symcnn.writing.formula import tree
from symcnn.writing.formula.signs import ACCENTS, FENCES, SIGNS

SCRIPT = 0.72
"""How large a script is, beside its base."""

_BELOW, _ABOVE = 0.27, -0.46
_THIN = "\u2009"


class Run(NamedTuple):
    """Letters of one kind.

    Attributes:
        text: The letters.
        italic: Whether they are slanted, as variables are.
        shift: How far they stand below the line, in sizes of the formula.
        scale: How large they are.
        over: Whether they begin where the run before them began.
        key: The number of what they are the figure of, if they follow it.
        place: Where the figure stands (see ``Bound``).
    """

    text: str
    italic: bool = False
    shift: float = 0.0
    scale: float = 1.0
    over: bool = False
    key: int | None = None
    place: str = ""


def runs(formula: tree.Formula) -> list[Run]:
    """Return a formula as runs, in the order in which they are written."""
    joined: list[Run] = []
    for run in _of(formula):
        last = joined[-1] if joined else None
        if last and not run.over and last[1:4] == run[1:4] and last.key == run.key:
            joined[-1] = last._replace(text=last.text + run.text)
        else:
            joined.append(run)
    return joined


def _of(node: tree.Node) -> list[Run]:
    return _WRITERS[type(node)](node)


def _atom(node: tree.Atom) -> list[Run]:
    known = SIGNS.get(node.text)
    if known is None or not known.text:
        return [Run(node.text if known is None else _THIN)]
    if known.kind == "relation":
        return [Run(f"{known.text}{_THIN}")]
    if node.text == r"\times":
        return [Run(f"{_THIN}{known.text}{_THIN}")]
    return [Run(known.text.replace("-", "\u2212"), italic=_is_letter(known.text))]


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isalpha() and (text.islower() or text.isascii())


def _scripts(node: tree.Scripts) -> list[Run]:
    """Let what stands above begin where what stands below did, if that is one run."""
    below, above = _script(node.sub, _BELOW), _script(node.sup, _ABOVE)
    if len(below) == 1 and above:
        above[0] = above[0]._replace(over=True)
    return [*_of(node.base), *below, *above]


def _script(node: tree.Node | None, shift: float) -> list[Run]:
    return [
        run._replace(shift=shift + run.shift * SCRIPT, scale=run.scale * SCRIPT)
        for run in (_of(node) if node else ())
    ]


def _accent(node: tree.Accent) -> list[Run]:
    *before, last = _of(node.body)
    return [*before, last._replace(text=last.text + ACCENTS[node.mark])]


_WRITERS: dict[type[tree.Node], Callable[[Any], list[Run]]] = {
    tree.Atom: _atom,
    tree.Word: lambda node: [Run(node.text)],
    tree.Formula: lambda node: [run for part in node.parts for run in _of(part)],
    tree.Scripts: _scripts,
    tree.Fraction: lambda node: [*_of(node.above), Run("/"), *_of(node.below)],
    tree.Root: lambda node: [Run("√("), *_of(node.body), Run(")")],
    tree.Accent: _accent,
    tree.Bound: lambda node: [r._replace(key=node.key, place=node.place) for r in _of(node.body)],
    tree.Fenced: lambda node: [Run(FENCES[node.left]), *_of(node.body), Run(FENCES[node.right])],
}
