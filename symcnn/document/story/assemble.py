"""A document from its sections: of each the blocks whose roles the level of detail tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby

from symcnn.document.blocks import Block, Rows
from symcnn.document.context import Context
from symcnn.document.numbering import numbered
from symcnn.document.outline import Outline, Role
from symcnn.document.rows.matrices import Piece, Quantity, written_out
from symcnn.document.story.backward import backward
from symcnn.document.story.check import has_more_digits, reconciliation
from symcnn.document.story.closed_forms import closed_forms
from symcnn.document.story.forward import forward, loss
from symcnn.document.story.insights import insights
from symcnn.document.story.measured import check
from symcnn.document.story.problem import problem
from symcnn.document.story.references import references, works
from symcnn.document.story.rounding import with_rounding
from symcnn.document.story.routing import routing
from symcnn.document.story.second_order import second_order
from symcnn.document.story.short import is_overview
from symcnn.document.story.step import step
from symcnn.document.story.symbols import symbols
from symcnn.document.story.trial import tried
from symcnn.document.story.weights import weights
from symcnn.document.story.windows import window_pictures
from symcnn.document.traversal import all_rows
from symcnn.document.words.mentioned import Mentioned

_Section = Callable[[Context, Mentioned], Iterator[Piece]]
"""What writes a section, knowing what was said before it."""


def _all(role: Role, write: Callable[[Context, Mentioned], Iterator[Block]]) -> _Section:
    """Return a section of one role."""
    return lambda context, mentioned: iter([(role, write(context, mentioned))])


_SECTIONS: Mapping[str, _Section] = {
    "problem": problem,
    "symbols": symbols,
    "forward": forward,
    "maxima": routing,
    "loss": loss,
    "windows": _all("picture", lambda context, _: window_pictures(context)),
    "backward": backward,
    "weights": weights,
    "nudge": tried,
    "closed-forms": closed_forms,
    "second-order": _all("question", lambda context, _: second_order(context)),
    "step": step,
    "check": _all("check", check),
    "reconciliation": _all("check", reconciliation),
    "references": _all("question", lambda context, _: references(context)),
    "insights": _all("insight", lambda context, _: insights(context)),
}


def sections(context: Context) -> tuple[Block, ...]:
    """Write the sections that are asked for; one that has nothing to say is empty."""
    names = context.outline.asked(context.style.sections)
    changes = context.bindings.may_change
    compares = not changes and "reconciliation" in names and has_more_digits(context)
    digits, told = context.style.digits, blocks(context, context.outline)
    together = told if context.tells("listing") else _close(told)
    rounded = with_rounding(
        together, digits, compares=compares, may_change=changes, in_short=is_overview(context)
    )
    return numbered(rounded)


def blocks(context: Context, outline: Outline) -> Iterator[Block]:
    """Run over the blocks of an outline, as sections write them."""
    names = outline.asked(context.style.sections)
    mentioned = Mentioned(works=works(context) if "references" in names else {})
    for name in names:
        pieces = (p for p in _SECTIONS[name](context, mentioned) if p[0] in outline.roles)
        is_gathered = name in outline.gathered
        for role, written in _gathered(pieces, outline.roles) if is_gathered else pieces:
            for block in _laid_out(context, written):
                yield replace(block, role=block.role or role)


def _gathered(pieces: Iterable[Piece], roles: Sequence[Role]) -> Iterator[Piece]:
    """Put the blocks of one role together."""
    every = list(pieces)
    for role in roles:
        yield role, chain.from_iterable(written for of, written in every if of == role)


def _laid_out(context: Context, written: Iterable[Block | Quantity]) -> Iterator[Block]:
    """Set quantities that follow each other as matrices."""
    for _, group in groupby(written, lambda block: isinstance(block, Quantity)):
        quantities = list[Quantity]()
        for block in group:
            if isinstance(block, Quantity):
                quantities.append(block)
            else:
                yield block
        yield from written_out(context, quantities)


def _is_joined(block: Block) -> bool:
    return isinstance(block, Rows) and not block.alike and block.asked is None


def _close(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put rows that follow each other into one block, so that they are aligned."""
    for are_rows, group in groupby(blocks, _is_joined):
        together = list(group)
        role = together[0].role
        yield from [Rows(tuple(all_rows(together)), role=role)] if are_rows else together
