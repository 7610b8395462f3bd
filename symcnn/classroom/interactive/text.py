"""The text of the page: several documents as one, each part with its condition.

What the documents have in common stands once, the rest where it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from sympy import Expr

from symcnn.classroom.interactive.facts import Condition, Decision, Presence, State, condition
from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Matrix,
    Paragraph,
    Row,
    Rows,
    Side,
    Table,
)
from symcnn.document.claims import Claim
from symcnn.document.pages.html.elements import Elements
from symcnn.document.pages.writers.html import anchors, contents
from symcnn.document.variants import Variant
from symcnn.writing.drawing.picture import Box, Disc, Label, Line, Picture
from symcnn.writing.formula import Bound


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
        return replace(block, picture=picture, variants=tuple(variants))
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
    Diagram: ("picture", "redrawn", *_BESIDES, "variants"),
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


@dataclass
class Conditions:
    """The conditions of a page, each with its number.

    Attributes:
        decisions: What decides.
        states: How it is decided at the numbers of every document, and what is tied there.
        figures: The expressions that figures stand for.
        known: The numbers of the conditions; that without decisions holds at the original numbers.
    """

    decisions: Sequence[Decision]
    states: Sequence[State]
    figures: Sequence[Expr]
    known: dict[Condition | None, int] = field(default_factory=dict)

    def variant(self, presence: Presence, among: Presence, part: Any) -> Variant | None:
        """Return when a part is shown; None if always."""
        own = self._own(part)
        about = tuple(own) if _tells(part) else ()
        if presence == among:
            return Variant(None, True, about) if about else None
        places = sorted(among)
        here = frozenset(n for n, place in enumerate(places) if place in presence)
        found = condition(here, [self.states[n] for n in places], own)
        return Variant(self.known.setdefault(found, len(self.known)), 0 in presence, about)

    def holds_elsewhere(self, variant: Variant | None) -> bool:
        """Tell whether a part is not only one of the numbers of its own document."""
        if variant is None or variant.number is None or variant.is_shown:
            return True
        return variant.number != self.known.get(None)

    def _own(self, part: Any) -> list[int]:
        """Return the decisions about the entries that figures of a part stand for."""
        if isinstance(part, Paragraph):
            return [len(self.decisions)]  # it may list all that is tied
        symbols = {s for key in _keys(part) for s in self.figures[key].free_symbols}
        return [n for n, decision in enumerate(self.decisions) if _about(decision) <= symbols]


def _tells(part: Any) -> bool:
    """Tell whether a part may say how a decision falls: all but formulas that hold everywhere."""
    if isinstance(part, Row):
        return part.claim.where is not None
    return isinstance(part, Diagram) or type(part) is tuple


def _about(decision: Decision) -> set[Expr]:
    return {symbol for expression in decision.expressions for symbol in expression.free_symbols}


def _keys(part: Any) -> Iterator[int]:
    if isinstance(part, Bound):
        yield part.key
        return
    parts = part if isinstance(part, tuple) else getattr(part, "__dict__", {}).values()
    for inside in parts:
        if isinstance(inside, tuple) or hasattr(inside, "__dataclass_fields__"):
            yield from _keys(inside)


def elements(items: Sequence[Item], conditions: Conditions) -> tuple[str, str]:
    """Return the table of contents and the text of a page."""
    every = frozenset(range(len(conditions.states)))
    blocks = [
        (block, variant)
        for item in items
        for variant in [conditions.variant(item.presence, every, item.part)]
        if conditions.holds_elsewhere(variant)
        for block in [_in_variants(item, conditions)]
    ]
    headings = [b for b, variant in blocks if isinstance(b, Heading) and _is_listed(variant)]
    ids = anchors(headings)
    writers = {True: Elements(ids), False: Elements()}
    text = "\n".join(_under(writers[_is_listed(v)].one(b), v) for b, v in blocks)
    return contents(headings, ids), text


def _is_listed(variant: Variant | None) -> bool:
    return variant is None or variant.is_shown


def _under(element: str, variant: Variant | None) -> str:
    return element if variant is None else f"<div{variant.attributes}>{element}</div>"


def _in_variants(item: Item, conditions: Conditions) -> Block:
    block: Block = item.part
    if item.slots is None:
        return block
    found = [
        (one.part, variant)
        for slot in item.slots
        for one in slot
        for variant in [conditions.variant(one.presence, item.presence, one.part)]
        if conditions.holds_elsewhere(variant)
    ]
    if all(variant is None for _, variant in found):
        return block
    return with_parts(block, *zip(*found, strict=True))
