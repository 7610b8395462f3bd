"""Quotation marks as a printer sets them."""

from __future__ import annotations

import re

OPENING, CLOSING, APOSTROPHE = "\u201c", "\u201d", "\u2019"

_OPENING = re.compile(r'(^|[\s(])"')


def quoted(words: str) -> str:
    """Return words with a printer's quotation marks in place of straight ones."""
    opened = _OPENING.sub(rf"\1{OPENING}", words)
    return opened.replace('"', CLOSING).replace("'", APOSTROPHE)
