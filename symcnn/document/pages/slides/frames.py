"""A document as frames: one idea each, under a title, in steps that are uncovered one by one.

A heading begins a frame, and so do a theorem and a figure, which has one with what leads to it. A
paragraph is uncovered sentence by sentence, a display row by row, in the order of the document.
Where a frame is full, the next one goes on under the same title, and what leads to a formula goes
with it. Heights are estimated, in points of paper, on a screen that is 16 wide and 9 high.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from symcnn.document.blocks import (
    Block,
    Break,
    Diagram,
    Emblems,
    Heading,
    Note,
    Paragraph,
    Table,
    Text,
)
from symcnn.document.pages.slides.heights import ROOM, TWO_LINES, height
from symcnn.document.pages.slides.steps import steps as steps_of

SCALES = (1.315, 1.1, 1.0)
"""The sizes of letters, beside those of 11 points: the largest with which a frame is not full."""


@dataclass(frozen=True)
class Frame:
    """What is shown at once.

    Attributes:
        title: Its title.
        section: The title of its section, if that is another one.
        steps: What is uncovered, one after the other.
        number: Its number among those of one title, from 1.
        of: How many frames have the title.
        scale: The size of its letters, beside those of 11 points.
    """

    title: Text
    section: Text
    steps: tuple[Block, ...]
    number: int = 1
    of: int = 1
    scale: float = 1.0


def frames(title: str, blocks: Sequence[Block]) -> list[Frame]:
    """Return the frames of a document, but for the one with its title.

    Args:
        title: The title of the document, under which stands what comes before its first heading.
        blocks: The document.
    """
    return [frame for topic in _topics((title,), blocks) for frame in _frames(topic)]


@dataclass
class _Topic:
    title: Text
    section: Text
    blocks: list[Block]


def _topics(title: Text, blocks: Iterable[Block]) -> list[_Topic]:
    """Divide a document where a heading or a theorem begins; those with nothing are left out."""
    section: Text = title
    made = [_Topic(title, (), [])]
    for block in blocks:
        if isinstance(block, Heading):
            section = block.title if block.level == 1 else section
            made.append(_Topic(block.title, () if block.level == 1 else section, []))
        elif isinstance(block, Note):
            current = made[-1]
            made.append(_Topic(block.title, section, [*block.blocks]))
            made.append(_Topic(current.title, current.section, []))
        elif not isinstance(block, Break | Emblems):
            made[-1].blocks.append(block)
    return [topic for topic in made if topic.blocks]


def _frames(topic: _Topic) -> Iterator[Frame]:
    pages = _balanced([step for block in topic.blocks for step in steps_of(block)])
    for number, steps in enumerate(pages, 1):
        yield Frame(topic.title, topic.section, steps, number, len(pages), _scale(steps))


def _scale(steps: Sequence[Block]) -> float:
    """Return the size of letters that fills a frame; tables and figures keep theirs."""
    if any(isinstance(step, Table | Diagram) for step in steps):
        return 1.0
    fitting = (s for s in SCALES if sum(height(step, s) for step in steps) <= ROOM)
    return next(fitting, 1.0)


def _balanced(steps: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Fill as few frames as need be, all of them about alike."""
    fewest = list(_pages(steps, ROOM))
    rooms = (share * ROOM / 20 for share in range(8, 20))
    filled = (list(_pages(steps, room)) for room in rooms)
    return next((pages for pages in filled if len(pages) == len(fewest)), fewest)


def _pages(steps: Sequence[Block], room: float) -> Iterator[tuple[Block, ...]]:
    """Fill frames; a figure has one with what leads to it, and so has a formula."""
    held: list[Block] = []
    for step in steps:
        if held and sum(map(height, (*held, step))) > room:
            kept = _leading(held, step)
            if len(kept) < len(held):
                yield tuple(held[: len(held) - len(kept)])
                held = kept
            elif not isinstance(step, Diagram) and not (kept and _fit((*held, step))):
                yield tuple(held)
                held = []
        held.append(step)
        if isinstance(step, Diagram):
            yield tuple(held)
            held = []
    if held:
        yield tuple(held)


def _fit(steps: Sequence[Block]) -> bool:
    return sum(map(height, steps)) <= ROOM


def _leading(held: Sequence[Block], step: Block) -> list[Block]:
    """Return what leads to a step: a sentence that it ends, Proof., or one above a figure."""
    last = held[-1]
    if not isinstance(last, Paragraph):
        return []
    words = last.text[-1] if last.text else ""
    is_open = not isinstance(words, str) or not words.endswith((".", "!", "?"))
    is_open = is_open or last.text == ("Proof.",)
    is_short = height(last) <= TWO_LINES
    return [last] if is_open or (isinstance(step, Diagram) and is_short) else []
