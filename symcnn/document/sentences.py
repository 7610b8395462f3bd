"""Sentences of words and formulas, and quotation marks as a printer sets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from symcnn.document.blocks import Inline, Reference, Text
from symcnn.formula import Row as Formula

OPENING, CLOSING, APOSTROPHE = "\u201c", "\u201d", "\u2019"

Written = TypeVar("Written")

_OPENING = re.compile(r'(^|[\s(])"')


def written(
    text: Text,
    formula: Callable[[Formula], Written],
    words: Callable[[str], Written],
    reference: Callable[[Reference], Written] | None = None,
) -> Iterator[Written]:
    """Run over a sentence: its formulas as one function writes them, its words as another.

    References are words, unless there is a function that writes them too.
    """
    for part in text:
        if isinstance(part, Inline):
            yield formula(part.formula)
        elif isinstance(part, str):
            yield words(part)
        elif isinstance(part, Reference):
            yield reference(part) if reference else words(part.words)


def unlinked(text: Text) -> Text:
    """Return a sentence whose references are words."""
    return tuple(part.words if isinstance(part, Reference) else part for part in text)


def quoted(words: str) -> str:
    """Return words with a printer's quotation marks in place of straight ones."""
    opened = _OPENING.sub(rf"\1{OPENING}", words)
    return opened.replace('"', CLOSING).replace("'", APOSTROPHE)
