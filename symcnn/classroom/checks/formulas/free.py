"""The free indices of a formula: letters in subscripts that no sum runs over."""

from __future__ import annotations

from symcnn.classroom.checks.formulas.spelling import words
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Entry,
    Node,
    Ref,
    Sum,
    parts,
)

_NO_INDEX = words("s S p P d D N H W K C F M L T l e pi epsilon eps alpha stride pad")
"""Letters that stand for settings and sizes where no sum runs over them."""


def free_letters(node: Node) -> list[str]:
    """Return the letters of indices that no sum of a formula runs over, in their order."""
    found = list[str]()
    _free(node, frozenset(), found)
    sizes = _NO_INDEX | _outside(node)
    return [n for n in dict.fromkeys(found) if n not in sizes]


def _outside(node: Node) -> set[str]:
    """Return the letters that are factors or terms, and no indices."""
    own = {node.base} if isinstance(node, Ref) and node.subs is None and not node.grad else set()
    if isinstance(node, Bracket):
        return own
    for (name, _), part in parts(node):
        own |= _outside(part) if name not in ("subs", "upper", "ranges", "where") else set()
    return own


def _free(node: Node, bound: frozenset[str], found: list[str]) -> None:
    """Collect the letters in subscripts that nothing binds."""
    if isinstance(node, Sum):
        bound = bound | {r.index for r in node.ranges}
        _free(node.body, bound, found)
        return
    subs: tuple[Node, ...] = ()
    if isinstance(node, Ref | Entry):
        subs = node.subs or ()
    for sub in subs:
        found += [n for n in _letters(sub) if n not in bound]
    if isinstance(node, Ref):
        found += [
            n.base
            for n in node.upper
            if isinstance(n, Ref) and n.base not in bound | {"l", "L", "ell"}
        ]
    for (name, _), part in parts(node):
        if name not in ("subs", "upper"):
            _free(part, bound, found)


def _letters(node: Node) -> list[str]:
    """Return the letters of indices, without those that divide or multiply them."""
    if isinstance(node, Bin) and node.op in "/*":
        scaled = node.left if node.op == "/" else node.right
        return _letters(scaled)
    if isinstance(node, Ref):
        return [node.base] if node.subs is None else []
    return [name for _, part in parts(node) for name in _letters(part)]
