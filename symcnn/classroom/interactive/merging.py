"""Several documents as one: what they have in common stands once, the rest where it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from symcnn.document.blocks import Block, Diagram, Matrix, Row, Rows, Side, Table
from symcnn.document.claims import Claim
from symcnn.writing.drawing.picture import Box, Disc, Label, Line, Picture
from symcnn.writing.formula import Bound

Presence = frozenset[int]
"""The numbers of the documents in which something stands."""


@dataclass
class Item:
    """A part of documents: a block, or a row or a shape of one.

    Attributes:
        part: What it is, as it stands in the first document that has it.
        looks: Its skeleton.
        presence: The documents in which it stands.
        slots: For every row or shape of a block that is merged part by part, what stands there.
    """

    part: Any
    looks: Skeleton
    presence: Presence
    slots: list[list[Item]] | None = None


def merged(documents: Sequence[Sequence[Block]]) -> list[Item]:
    """Return the blocks of all documents in one order."""
    first, *others = ([_item(block, n) for block in made] for n, made in enumerate(documents))
    for other in others:
        first = list(_both(first, other))
    return first


def _item(block: Block, document: int) -> Item:
    here = frozenset((document,))
    found = parts(block)
    if found is None:
        return Item(block, skeleton(block), here)
    slots = [[Item(part, skeleton(part), here)] for part in found]
    return Item(block, (skeleton(block), len(slots)), here, slots)


def parts(block: Block) -> tuple[Any, ...] | None:
    """Return the rows or shapes of a block; None for one that is merged as a whole."""
    match block:
        case Rows() | Table():
            return block.rows
        case Diagram():
            return block.picture.shapes
    return None


def with_parts(block: Block, found: Sequence[Any], variants: Any) -> Block:
    """Return a block with other rows or shapes."""
    if isinstance(block, Diagram):
        picture = block.picture._replace(shapes=tuple(found))
        return replace(block, picture=picture, narrow=None, variants=tuple(variants))
    if isinstance(block, Rows):
        return replace(block, rows=tuple(found), variants=tuple(variants))
    assert isinstance(block, Table)
    return replace(block, rows=tuple(found), variants=tuple(variants))


def _both(made: list[Item], other: list[Item]) -> Iterator[Item]:
    one, two = ([item.looks for item in items] for items in (made, other))
    matcher: Any = SequenceMatcher(None, one, two, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from map(_joined, made[a:b], other[c:d])
        else:
            yield from made[a:b]
            yield from other[c:d]


def _joined(one: Item, other: Item) -> Item:
    """Return a block of both; where a row or a shape differs, it stands there in both forms."""
    slots = None
    if one.slots is not None and other.slots is not None:
        slots = [_either(*pair) for pair in zip(one.slots, other.slots, strict=True)]
    return Item(one.part, one.looks, one.presence | other.presence, slots)


def _either(known: list[Item], found: list[Item]) -> list[Item]:
    made = list(known)
    for item in found:
        place = next((n for n, old in enumerate(made) if old.looks == item.looks), None)
        if place is None:
            made.append(item)
        else:
            made[place] = _joined(made[place], item)
    return made


_BESIDES = ("role", "asked", "on_paper")
_UNSEEN = {
    Row: ("claim", "task", "asked"),
    Rows: ("rows", *_BESIDES, "variants"),
    Table: ("rows", "tasks", "figures", *_BESIDES, "variants"),
    Diagram: ("picture", "narrow", "redrawn", *_BESIDES, "variants"),
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
        unseen = _UNSEEN.get(type(part), ("task", *_BESIDES))
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
            return ("label", skeleton(part.text), part.ink, part.anchor, part.small, part.tiny)
        case Line():
            points = tuple((round(x), round(y)) for x, y in part.points)
            return ("line", part.ink, part.thick, part.dashed, part.arrow, points)
        case Disc():
            return ("disc", part.ink, part.filled, round(part.x), round(part.y))
        case Box():
            looks = (part.ink, part.filled, part.thick, part.dashed, part.heat)
            return ("box", *looks, *map(round, part[:4]))


def _has_figure(node: Any) -> bool:
    if isinstance(node, Bound):
        return True
    return isinstance(node, tuple) and any(map(_has_figure, node))
