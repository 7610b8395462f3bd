"""The steps of a frame: what is uncovered at once, none taller than a frame if it can be less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import TypeVar

from symcnn.document.blocks import Block, Matrices, Paragraph, Part, Row, Rows, Table, Text
from symcnn.document.pages.slides.heights import ROOM, height

_PIECE = 0.72
"""The share of a frame that a part of a display or a table has: what leads to it has room, too."""

_END = re.compile(r"(?<=[.!?])(?<!^\d\.)\s+(?=[A-Z\u201c\"])")
"""Where a sentence ends and another one begins: not behind the number of an item."""


_Part = TypeVar("_Part")


def steps(block: Block) -> Iterator[Block]:
    """Divide a paragraph into sentences, and what is too tall into rows, matrices or both."""
    if isinstance(block, Paragraph) and not block.work:
        yield from (replace(block, text=text) for text in sentences(block.text))
    else:
        yield from _divided(block)


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


def _pieces(whole: Sequence[_Part], part: Callable[[Sequence[_Part]], Block]) -> Iterator[Block]:
    """Divide a block where its share of a frame is full."""
    held: list[_Part] = []
    for one in whole:
        if held and height(part([*held, one])) > _PIECE * ROOM:
            yield part(held)
            held = []
        held.append(one)
    yield part(held)


def _ideas(rows: Sequence[Row]) -> list[list[Row]]:
    """Divide rows where a formula begins: what works one of its entries out belongs to it."""
    found: list[list[Row]] = []
    for row in rows:
        if found and set() < {*row.claim.left} < {*found[-1][0].claim.left}:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _divided(block: Block) -> Iterator[Block]:
    match block:
        case Rows():
            yield from _pieces(
                _ideas(block.rows),
                lambda held: replace(block, rows=tuple(chain(*held)), variants=()),
            )
        case Matrices():
            yield from _pieces(block.matrices, lambda held: replace(block, matrices=tuple(held)))
        case Table():
            yield from _pieces(
                block.rows,
                lambda held: replace(block, rows=tuple(held), answers=(), variants=()),
            )
        case _:
            yield block
