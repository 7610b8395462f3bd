"""What leads to a formula: it ends the paragraph before it, if there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.document.blocks import Block, Paragraph, Text, joined, paragraph


class Lead(Paragraph):
    """A paragraph that leads to a formula, and ends the one before it."""


def lead(*sentences: Text, asked: Sequence[Text] = ()) -> Iterator[Lead]:
    """Say what leads to a formula, if there is anything to say, and what students are told."""
    text, open_ = joined(sentences), joined(asked)
    if text or open_:
        yield Lead(text, asked=(Paragraph(open_),) if open_ and open_ != text else None)


def run_in(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let what leads to a formula end the paragraph before it, if there is one.

    A line of its own could be left behind at the end of a page.
    """
    before: Block | None = None
    for block in blocks:
        made = Paragraph(block.text, asked=block.asked) if isinstance(block, Lead) else block
        if isinstance(block, Lead) and isinstance(before, Paragraph):
            versions = zip(_versions(before), _versions(block), strict=True)
            text, asked = map(joined, versions)
            before = paragraph(*text, asked=None if asked == text else asked)
        else:
            yield from [before] if before else []
            before = made
    yield from [before] if before else []


def _versions(made: Paragraph) -> tuple[Text, Text]:
    """Return a paragraph, and what stands in its place for students."""
    asked = (
        made.text
        if made.asked is None
        else joined(one.text for one in made.asked if isinstance(one, Paragraph))
    )
    return made.text, asked
