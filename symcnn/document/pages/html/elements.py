"""Blocks as HTML elements, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatchmethod
from itertools import count

from symcnn.document.blocks import Block, Diagram, Heading, Matrices, Note, Paragraph, Rows, Table
from symcnn.document.pages.html.matrices import matrices
from symcnn.document.pages.html.rows import grid
from symcnn.document.pages.html.tables import region, table
from symcnn.document.pages.html.text import PHONE, escaped, plain, sentence
from symcnn.writing.drawing.svg import svg

_PHONE_POINTS = 188.0
"""The width of a picture in points, up to which a phone shows it without scrolling."""

_FRAME = 1.6
"""What the frame of a note takes of a phone's width, in em."""


class Elements:
    """Writes blocks; it counts tables and pictures, so that their names differ."""

    def __init__(self, anchors: Iterable[str] = (), *, themed: bool = False) -> None:
        """Count from 1.

        Args:
            anchors: The ids of the headings, one after another; without them nothing has one.
            themed: Whether the page itself is bright or dark, whatever the reader's system is.
        """
        known = list(anchors)
        self._anchors, self._themed, self._linked = iter(known), themed, bool(known)
        self._tables, self._pictures = count(1), count(1)

    def all(self, blocks: Iterable[Block]) -> str:
        """Return blocks one below the other."""
        return "\n".join(map(self.one, blocks))

    @singledispatchmethod
    def one(self, block: Block) -> str:
        """Return a block."""
        raise TypeError(f"no HTML for {type(block).__name__}")

    @one.register
    def _(self, block: Heading) -> str:
        anchor, tag = next(self._anchors, ""), f"h{block.level + 1}"
        named = f' id="{anchor}"' if anchor else ""
        return f"<{tag}{named}>{sentence(block.title)}</{tag}>"

    @one.register
    def _(self, block: Paragraph) -> str:
        if not block.work:
            return f"<p>{sentence(block.text, linked=self._linked)}</p>"
        name = f' id="work-{block.work}"' if self._linked else ""
        return f"<p{name}>{sentence(block.text)}</p>"

    @one.register
    def _(self, block: Rows) -> str:
        return grid(block, linked=self._linked)

    @one.register
    def _(self, block: Matrices) -> str:
        return matrices(block)

    @one.register
    def _(self, block: Table) -> str:
        return table(block, next(self._tables))

    @one.register
    def _(self, block: Note) -> str:
        inside = (
            grid(part, PHONE - _FRAME, linked=self._linked)
            if isinstance(part, Rows)
            else self.one(part)
            for part in block.blocks
        )
        lines = "\n".join(inside)
        has_name = self._linked and block.theorem
        name = f' id="theorem-{block.theorem}"' if has_name else ""
        return (
            f'<div{name} class="note" role="note" aria-label="{escaped(plain(block.title))}">\n'
            f'<p class="name">{sentence(block.title)}</p>\n{lines}\n</div>'
        )

    @one.register
    def _(self, block: Diagram) -> str:
        number, drawing = next(self._pictures), self._drawn(block)
        wide = block.picture.width > _PHONE_POINTS
        name = block.reference.words if block.number else f"Picture {number}"
        shown = region(drawing, name) if wide else drawing
        target = f' id="{block.reference.target}"' if self._linked and block.number else ""
        return f"<figure{target}>\n{shown}{_caption(block)}\n</figure>"

    def _drawn(self, block: Diagram) -> str:
        shown = ["" if v is None else v.attributes_of_shapes for v in block.variants]
        return svg(block.picture, themed=self._themed, attributes=shown)


def _caption(block: Diagram) -> str:
    """Return the caption of a picture below it, with its number, if it has one."""
    title = f"<strong>{block.title}</strong> " if block.number else ""
    words = f"{title}{sentence(block.caption)}"
    return f"\n<figcaption>{words}</figcaption>" if block.caption else ""
