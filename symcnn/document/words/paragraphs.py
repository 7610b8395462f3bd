"""Paragraphs that go on with those before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcnn.document.blocks import Block, Paragraph, Text
from symcnn.document.words.words import joined

FOR = "For "
"""What a paragraph begins with that says no more than what the indices below it run over."""


def run_in(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let the ranges of indices end the paragraph before them, if there is one.

    A line of its own could be left behind at the end of a page.
    """
    before: Block | None = None
    for block in blocks:
        if isinstance(before, Paragraph) and isinstance(block, Paragraph) and _is_range(block.text):
            before = Paragraph(joined((before.text, block.text)))
        else:
            yield from [before] if before else []
            before = block
    yield from [before] if before else []


def _is_range(text: Text) -> bool:
    return text[0] == FOR
