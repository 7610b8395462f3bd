"""What stays of a block when its figures change: two blocks with one skeleton are one block."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from symcnn.document.blocks import Diagram, Matrix, Row, Rows, Side, Table
from symcnn.document.claims import Claim
from symcnn.writing.drawing.picture import Box, Disc, Label, Line, Picture
from symcnn.writing.formula import Bound

_UNSEEN = {
    Row: ("claim", "task", "asked"),
    Rows: ("rows", "asked", "variants"),
    Table: ("rows", "tasks", "wholes", "signs", "figures", "asked", "on_paper", "variants"),
    Diagram: ("picture", "asked", "variants"),
}
"""What no page shows, and the parts of blocks that are merged one by one."""

Skeleton = Any
"""Nested tuples that can be compared."""


def skeleton(part: Any) -> Skeleton:
    """Return a part of a document without its figures, without its parts if it is in parts."""
    if isinstance(part, Bound):
        return ("figure", part.key, part.place)
    if isinstance(part, Side):
        terms = tuple(map(skeleton, part.terms))
        follows = any(map(_has_figure, part.terms))
        return ("side", "" if follows else part.relation, terms)
    if isinstance(part, Matrix):
        return ("matrix", skeleton(part.left), skeleton(part.figures))
    if isinstance(part, Claim):
        return None
    if isinstance(part, Picture | Label | Line | Disc | Box):
        return _of_picture(part)
    if is_dataclass(part):
        unseen = _UNSEEN.get(type(part), ("task", "asked", "on_paper"))
        shown = (getattr(part, f.name) for f in fields(part) if f.name not in unseen)
        return (type(part).__name__, *map(skeleton, shown))
    if isinstance(part, tuple):
        return (type(part).__name__, *map(skeleton, part))
    return part


def _of_picture(part: Picture | Label | Line | Disc | Box) -> Skeleton:
    """Return a shape with its looks and its place; that of a label depends on widths of figures.

    A winner's edge is drawn after a loser's: which is which is seen by their places alone.
    """
    match part:
        case Picture():
            return ("picture", *map(skeleton, part.shapes))
        case Label():
            return ("label", skeleton(part.text), part.ink, part.anchor, part.small)
        case Line():
            points = tuple((round(x), round(y)) for x, y in part.points)
            return ("line", part.ink, part.thick, part.dashed, part.arrow, points)
        case Disc():
            return ("disc", part.ink, part.filled, round(part.x), round(part.y))
        case Box():
            looks = (part.ink, part.filled, part.thick, part.dashed)
            return ("box", *looks, *map(round, part[:4]))


def _has_figure(node: Any) -> bool:
    if isinstance(node, Bound):
        return True
    return isinstance(node, tuple) and any(map(_has_figure, node))
