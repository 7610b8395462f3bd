"""The text of the page: merged documents as elements, each part with its condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from symcnn.classroom.interactive.deciding import Condition, Decision, State, condition
from symcnn.classroom.interactive.merging import Item, Presence, with_parts
from symcnn.document.blocks import Block, Diagram, Heading, Paragraph, Row
from symcnn.document.pages.html.elements import Elements
from symcnn.document.pages.writers.html import anchors, contents
from symcnn.document.variants import Variant
from symcnn.writing.formula import Bound


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
