"""Sentences of words and formulas, and quotation marks as a printer sets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from symcnn.document.blocks import Inline, Text
from symcnn.formula import Row as Formula

OPENING, CLOSING, APOSTROPHE = "\u201c", "\u201d", "\u2019"

Written = TypeVar("Written")

_OPENING = re.compile(r'(^|[\s(])"')


def written(
    text: Text, formula: Callable[[Formula], Written], words: Callable[[str], Written]
) -> Iterator[Written]:
    """Run over a sentence: its formulas as one function writes them, its words as another."""
    return (formula(p.formula) if isinstance(p, Inline) else words(p) for p in text)


def quoted(words: str) -> str:
    """Return words with a printer's quotation marks in place of straight ones."""
    opened = _OPENING.sub(rf"\1{OPENING}", words)
    return opened.replace('"', CLOSING).replace("'", APOSTROPHE)
