"""A document as frames: one idea each, under a title, in steps that are uncovered one by one.

A heading begins a frame, and so do a theorem and a figure, which has one with what leads to it. A
paragraph is uncovered sentence by sentence, a display row by row, in the order of the document.
Where a frame is full, the next one goes on under the same title, and what leads to a formula goes
with it. Heights are estimated, in points of paper, on a screen that is 16 wide and 9 high.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from symcnn.document.blocks import (
    Block,
    Break,
    Diagram,
    Emblems,
    Heading,
    Matrices,
    Note,
    Paragraph,
    Part,
    Rows,
    Table,
    Text,
)
from symcnn.document.pages.extent import height as of_page
from symcnn.document.pages.extent import line_height
from symcnn.document.pages.latex_breaks import lines_of
from symcnn.document.pages.latex_matrices import in_lines
from symcnn.document.rows.layout import display
from symcnn.document.words.sentences import written
from symcnn.writing.formula import Formula, Scripts, nodes
from symcnn.writing.formula.tree import Atom
from symcnn.writing.formula.width import width

WIDTH = 398.0
"""The width of the text of a frame, in points."""

LINE = 345.0
"""The width that a row may take, in points, in letters of 10 points."""

ROOM = 182.0
"""The height that a frame has below its title, in points."""

SCALES = (1.315, 1.1, 1.0)
"""The sizes of letters, beside those of 11 points: the largest with which a frame is not full."""

_LARGE = 0.94
"""The share of a frame that larger letters fill at the most: estimates are less exact with them."""

_PIECE = 0.72
"""The share of a frame that a part of a display or a table has: what leads to it has room, too."""

_LETTER, _BASE, _APART, _AROUND, _CELL = 5.6, 13.6, 5.0, 13.0, 16.5
"""The width of a letter; the heights of a line, of what is between steps, and around a display."""

_ENTRY, _BETWEEN = 15.7, 8.0
"""The heights of a row of a matrix, and of what is between matrices below each other."""

_TALL, _HIGHER = 19.0, 1.2
"""From which height on a line of a display has a fraction, and what that makes of it."""

_WITH_LIMITS = (Atom(r"\sum"), Atom(r"\prod"), Atom(r"\max"), Atom(r"\min"))
_LIMITED = {(True, True): 41.0, (True, False): 32.0, (False, True): 32.0, (False, False): 17.0}
"""The height of a line with such a sign, by what stands below it and above."""

_END = re.compile(r"(?<=[.!?])(?<!^\d\.)\s+(?=[A-Z\u201c\"])")
"""Where a sentence ends and another one begins: not behind the number of an item."""


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
    pages = _balanced([step for block in topic.blocks for step in _steps(block)])
    for number, steps in enumerate(pages, 1):
        yield Frame(topic.title, topic.section, steps, number, len(pages), _scale(steps))


def _scale(steps: Sequence[Block]) -> float:
    """Return the size of letters that fills a frame; tables and figures keep theirs."""
    if any(isinstance(step, Table | Diagram) for step in steps):
        return 1.0
    fitting = (s for s in SCALES if sum(height(step, s) for step in steps) <= _LARGE * ROOM)
    return next(fitting, 1.0)


def _steps(block: Block) -> Iterator[Block]:
    """Divide a block into what is uncovered at once, none taller than a frame if it can be less."""
    if isinstance(block, Paragraph) and not block.work:
        yield from (replace(block, text=text) for text in sentences(block.text))
    elif isinstance(block, Rows):
        yield from _rows(block)
    elif isinstance(block, Matrices):
        yield from _matrices(block)
    elif isinstance(block, Table):
        yield from _tables(block)
    else:
        yield block


def sentences(text: Text) -> Iterator[Text]:
    """Divide a paragraph into its sentences.

    >>> list(sentences(("One. Two, e.g. this. ", "Three.")))
    [('One.',), ('Two, e.g. this.',), ('Three.',)]
    """
    found: list[Part] = []
    for part in _merged(text):
        if not isinstance(part, str):
            found.append(part)
            continue
        first, *others = _END.split(part)
        for words in others:
            found.append(first)
            yield _trimmed(found)
            found, first = [], words
        found.append(first)
        if first.rstrip().endswith((".", "!", "?")) and first != first.rstrip():
            yield _trimmed(found)
            found = []
    if any(part for part in found if not isinstance(part, str) or part.strip()):
        yield _trimmed(found)


def _merged(text: Text) -> Iterator[Part]:
    """Run over a sentence with words that follow each other as one part."""
    for are_words, parts in groupby(text, lambda part: isinstance(part, str)):
        own = [*parts]
        yield from ["".join(map(str, own))] if are_words else own


def _trimmed(parts: Sequence[Part]) -> Text:
    """Return parts without the space at the end of the last one."""
    *others, last = (part for part in parts if part)
    return (*others, last.rstrip() if isinstance(last, str) else last)


def _rows(block: Rows) -> Iterator[Block]:
    """Divide rows where a frame is full; they stay aligned on each."""
    held: list[int] = []
    for number in range(len(block.rows)):
        if held and height(_of_rows(block, [*held, number])) > _PIECE * ROOM:
            yield _of_rows(block, held)
            held = []
        held.append(number)
    yield _of_rows(block, held)


def _of_rows(block: Rows, numbers: Sequence[int]) -> Rows:
    return replace(block, rows=tuple(block.rows[n] for n in numbers), variants=())


def _matrices(block: Matrices) -> Iterator[Block]:
    """Divide matrices where a frame is full."""
    held: list[int] = []
    for number in range(len(block.matrices)):
        made = tuple(block.matrices[n] for n in (*held, number))
        if held and height(replace(block, matrices=made)) > _PIECE * ROOM:
            yield replace(block, matrices=tuple(block.matrices[n] for n in held))
            held = []
        held.append(number)
    yield replace(block, matrices=tuple(block.matrices[n] for n in held))


def _tables(block: Table) -> Iterator[Block]:
    """Divide a table where a frame is full; each part has the header."""
    held: list[int] = []
    for number in range(len(block.rows)):
        if held and height(_of_table(block, [*held, number])) > _PIECE * ROOM:
            yield _of_table(block, held)
            held = []
        held.append(number)
    yield _of_table(block, held)


def _of_table(block: Table, numbers: Sequence[int]) -> Table:
    rows = tuple(block.rows[n] for n in numbers)
    return replace(block, rows=rows, answers=(), variants=())


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
            elif not isinstance(step, Diagram):
                yield tuple(held)
                held = []
        held.append(step)
        if isinstance(step, Diagram):
            yield tuple(held)
            held = []
    if held:
        yield tuple(held)


def _leading(held: Sequence[Block], step: Block) -> list[Block]:
    """Return what leads to a step: a sentence that it ends, or one above a figure."""
    last = held[-1]
    if not isinstance(last, Paragraph):
        return []
    words = last.text[-1] if last.text else ""
    is_open = not isinstance(words, str) or not words.endswith((".", "!", "?"))
    is_short = height(last) <= _APART + 2 * _BASE
    return [last] if is_open or (isinstance(step, Diagram) and is_short) else []


def height(block: Block, scale: float = 1.0) -> float:
    """Estimate the height of a step in letters of some size, in points."""
    match block:
        case Paragraph():
            words = sum(written(block.text, width, lambda words: _LETTER * len(words)))
            return _APART + scale * _BASE * (1 + scale * words // WIDTH)
        case Rows():
            line = LINE / scale
            lines = [[line.left, line.right] for made in display(block, line) for line in made]
            return _AROUND + scale * sum(map(_high, lines))
        case Matrices():
            beside = [*in_lines(block.matrices, LINE / scale)]
            rows = sum(max(len(m.figures) for m in matrices) for matrices in beside)
            return _APART + scale * (_ENTRY * rows + _BETWEEN * len(beside))
        case Table():
            lines_in = (lines_of(row, block, WIDTH) for row in block.rows)
            return _AROUND + _CELL * (1 + sum(lines_in))
        case Diagram():
            return ROOM
    return scale * of_page(block)


def _high(line: Sequence[Formula]) -> float:
    """Return the height of a line of a display: limits stand above and below their signs."""
    limits = [_LIMITED[bool(n.sub), bool(n.sup)] for n in _scripts(line) if n.base in _WITH_LIMITS]
    found = line_height(line)
    return max([found if found < _TALL else _HIGHER * found, *limits])


def _scripts(line: Sequence[Formula]) -> Iterator[Scripts]:
    return (n for made in line for n in nodes(made) if isinstance(n, Scripts))
