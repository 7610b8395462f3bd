"""Numbers for figures, and for the equations that a sentence refers to, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from symcnn.document.blocks import (
    Block,
    Citation,
    Diagram,
    Heading,
    Note,
    Paragraph,
    Part,
    Reference,
    Row,
    Rows,
    Table,
    Text,
)
from symcnn.document.traversal import all_rows, flat

_GAP = "{}"


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Number figures and the equations that are referred to, and say so where they are."""
    known = tuple(_with_figure_numbers(blocks))
    cited = {label for text in texts(known) for label in _labels(text)}
    labels = dict.fromkeys(row.label for row in all_rows(known) if row.label in cited)
    numbers = {label: str(number) for number, label in enumerate(labels, start=1)}

    def row(made: Row) -> Row:
        return replace(made, number=numbers.pop(made.label, ""))

    equations = {label: Reference(number, "equation") for label, number in numbers.items()}
    figures = {b.label: b.reference for b in known if isinstance(b, Diagram) and b.label}
    said = _cited(equations | figures)
    filled = (changed(block, said, row) for block in known)
    return tuple(block for block in filled if block != Paragraph(()))


def _with_figure_numbers(blocks: Iterable[Block]) -> Iterator[Block]:
    """Number the pictures that have a caption."""
    numbers = count(1)
    for block in blocks:
        if isinstance(block, Diagram) and block.caption:
            yield replace(block, number=str(next(numbers)))
        else:
            yield block


def prefixed(blocks: Iterable[Block], prefix: str) -> tuple[Block, ...]:
    """Put letters before the numbers of theorems, equations and figures, which others' have not."""

    def text(written: Text) -> Text:
        return tuple(
            replace(part, number=f"{prefix}{part.number}") if isinstance(part, Reference) else part
            for part in written
        )

    def row(made: Row) -> Row:
        return replace(made, number=f"{prefix}{made.number}") if made.number else made

    return tuple(_prefixed(changed(block, text, row), prefix) for block in blocks)


def _prefixed(block: Block, prefix: str) -> Block:
    if isinstance(block, Diagram) and block.number:
        return replace(block, number=f"{prefix}{block.number}")
    return block


def with_section_numbers(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put numbers before the headings, for formats that count nothing themselves."""
    section, subsection = count(1), count(1)
    above = ""
    for block in blocks:
        if not isinstance(block, Heading) or not block.counted:
            yield block
        elif block.level == 1:
            above, subsection = f"{next(section)}", count(1)
            yield replace(block, title=(f"{above} ", *block.title))
        else:
            yield replace(block, title=(f"{above}.{next(subsection)} ", *block.title))


def texts(blocks: Iterable[Block]) -> Iterator[Text]:
    """Run over all sentences."""
    for block in flat(blocks):
        if isinstance(block, Heading | Note):
            yield block.title
        elif isinstance(block, Paragraph):
            yield block.text
            yield from texts(block.asked or ())
        elif isinstance(block, Diagram):
            yield block.caption
        elif isinstance(block, Table):
            yield from (cell for row in (block.header, *block.rows) for cell in row)


def words(title: str, blocks: Iterable[Block]) -> str:
    """Return all words of a document."""
    return title + "".join(part for text in texts(blocks) for part in text if isinstance(part, str))


def changed(block: Block, text: Callable[[Text], Text], row: Callable[[Row], Row]) -> Block:
    """Return a block with other sentences and rows."""
    if isinstance(block, Note):
        inside = tuple(changed(part, text, row) for part in block.blocks)
        return replace(block, title=text(block.title), blocks=inside)
    if isinstance(block, Rows):
        return replace(block, rows=tuple(map(row, block.rows)))
    if isinstance(block, Paragraph):
        asked = block.asked and tuple(changed(other, text, row) for other in block.asked)
        return replace(block, text=text(block.text), asked=asked)
    if isinstance(block, Diagram):
        return replace(block, caption=text(block.caption))
    return block


def _labels(text: Text) -> Iterator[str]:
    return (part.label for part in text if isinstance(part, Citation))


def _cited(numbers: Mapping[str, Reference]) -> Callable[[Text], Text]:

    def text(written: Text) -> Text:
        return tuple(new for part in written for new in _filled(part, numbers))

    return text


def _filled(part: Part, numbers: Mapping[str, Reference]) -> Iterator[Part]:
    if not isinstance(part, Citation):
        yield part
    elif part.label in numbers:
        before, _, after = part.words.partition(_GAP)
        yield from filter(None, (before, numbers[part.label], after))
