r"""A formula as runs of letters, for writers that place letters and not formulas.

z^{(2)}_{12} is a large z, a small 12 below the line, and a small (2) above the line that
begins where the 12 did.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import NamedTuple

from symcnn.formula import Accent, Atom, Fenced, Fraction, Node, Root, Row, Scripts, Word
from symcnn.formula.signs import ACCENTS, FENCES, SIGNS

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
    """

    text: str
    italic: bool = False
    shift: float = 0.0
    scale: float = 1.0
    over: bool = False


def runs(formula: Row) -> list[Run]:
    """Return a formula as runs, in the order in which they are written."""
    joined: list[Run] = []
    for run in _runs(formula):
        last = joined[-1] if joined else None
        if last and not run.over and last[1:4] == run[1:4]:
            joined[-1] = last._replace(text=last.text + run.text)
        else:
            joined.append(run)
    return joined


@singledispatch
def _runs(node: Node) -> Iterator[Run]:
    raise TypeError(f"no letters for {type(node).__name__}")


@_runs.register
def _(node: Atom) -> Iterator[Run]:
    sign = SIGNS.get(node.text)
    if sign is None or not sign.text:
        yield Run(node.text if sign is None else _THIN)
    elif sign.kind == "relation":
        yield Run(f"{sign.text}{_THIN}")
    elif node.text == r"\times":
        yield Run(f"{_THIN}{sign.text}{_THIN}")
    else:
        yield Run(sign.text.replace("-", "\u2212"), italic=_is_letter(sign.text))


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isalpha() and (text.islower() or text.isascii())


@_runs.register
def _(node: Word) -> Iterator[Run]:
    yield Run(node.text)


@_runs.register
def _(node: Row) -> Iterator[Run]:
    for part in node.parts:
        yield from _runs(part)


@_runs.register
def _(node: Scripts) -> Iterator[Run]:
    yield from _runs(node.base)
    below = list(_script(node.sub, _BELOW))
    above = list(_script(node.sup, _ABOVE))
    yield from below
    if len(below) == 1 and above:
        above[0] = above[0]._replace(over=True)
    yield from above


@_runs.register
def _(node: Fraction) -> Iterator[Run]:
    yield from _runs(node.above)
    yield Run("/")
    yield from _runs(node.below)


@_runs.register
def _(node: Root) -> Iterator[Run]:
    yield Run("√(")
    yield from _runs(node.body)
    yield Run(")")


@_runs.register
def _(node: Accent) -> Iterator[Run]:
    *before, last = _runs(node.body)
    yield from before
    yield last._replace(text=last.text + ACCENTS[node.mark])


@_runs.register
def _(node: Fenced) -> Iterator[Run]:
    yield Run(FENCES[node.left])
    yield from _runs(node.body)
    yield Run(FENCES[node.right])


def _script(node: Node | None, shift: float) -> Iterator[Run]:
    for run in () if node is None else _runs(node):
        yield run._replace(shift=shift + run.shift * SCRIPT, scale=run.scale * SCRIPT)
