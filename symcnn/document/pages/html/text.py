"""Sentences as HTML: words that mean no markup, and formulas between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain, groupby

from symcnn.document.blocks import Address, Inline, Part, Reference, Text
from symcnn.document.pages.html import formulas
from symcnn.document.pages.html.formulas import formula
from symcnn.document.words.sentences import CLOSING, NO_BREAK, pieces, quoted, unlinked, written
from symcnn.writing.formula import Formula
from symcnn.writing.formula.pieces import Cut, Piece
from symcnn.writing.formula.unicode import text as line

PHONE = 15.5
"""The width of a phone's page in em of its formulas, at its narrowest (320 pixels)."""

_BREAK = "<wbr>"
_PRODUCT = "&shy;"
"""Where a line may be broken between factors: the style shows the sign of a product if it is."""
_CELL = 9.0
"""The width in em up to which a formula is not broken in a cell, of which several share a page."""
_CHARACTER = 0.47
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_PART = re.compile(r"(\w[._])(?=[^\W\d])")
_CLOSING = re.compile(r'[.,;:!?)"]*')


def escaped(text: str) -> str:
    """Return text in which HTML sees no markup, and no character that it has not."""
    return escape(_NOT_IN_HTML.sub("\ufffd", text), quote=True)


def sentence(text: Text, label: str = "", *, linked: bool = False, is_narrow: bool = False) -> str:
    """Return words and formulas as HTML; a formula keeps the comma that follows it.

    Args:
        text: The sentence.
        label: What a screen reader says in place of its first formula.
        linked: Whether the page has the theorems that a sentence refers to.
        is_narrow: Whether names such as batch_norm1.weight and shorter formulas may be broken
            into lines.
    """
    made, closing = list[str](), ""
    parts = list(_merged(text if linked else unlinked(text)))
    for part, after in zip(parts, [*parts, ""][1:], strict=True):
        if isinstance(part, Inline):
            closing = _closing(after)
            limit = _CELL if is_narrow else PHONE
            made.append(_inline(part.formula, closing, label, limit))
            label = ""
            continue
        if isinstance(part, Reference):
            made.append(f'<a href="#{part.target}">{part.words}</a>')
        elif isinstance(part, Address):
            made.append(_linked(part.url))
        elif isinstance(part, str):
            words = escaped(quoted(part.removeprefix(closing)))
            made.append(_in_parts(words) if is_narrow else words)
        closing = ""
    return "".join(_on_one_line(made))


def _on_one_line(parts: Sequence[str]) -> Iterator[str]:
    """Keep formulas on one line with only a no-break space between them: browsers break there."""
    held = ""
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        if NO_BREAK in (part, after):
            held += part
        else:
            yield f'<span class="kept">{held}{part}</span>' if held else part
            held = ""


def _in_parts(words: str) -> str:
    """Let lines end in names, behind a dot or an underscore."""
    return _PART.sub(rf"\1{_BREAK}", words)


def _linked(url: str) -> str:
    return f'<a href="{escaped(url)}">{_BREAK.join(map(escaped, pieces(url)))}</a>'


def _merged(text: Text) -> Iterator[Part]:
    """Run over a sentence with words that follow each other as one."""
    for words, parts in groupby(text, lambda part: isinstance(part, str)):
        if words:
            yield "".join(map(str, parts))
        else:
            yield from parts


def plain(text: Text) -> str:
    """Return a sentence without markup, for names that are read aloud."""
    return " ".join("".join(written(text, line, str)).split())


def width(text: Text) -> float:
    """Return the estimated width of a sentence in one line, in em."""
    return sum(written(text, formulas.width, lambda words: _CHARACTER * len(words)))


def joined(cut: Cut, limit: float, closing: str = "") -> str:
    """Return a formula with lines broken between its parts where that is due.

    Args:
        cut: The formula.
        limit: What is wider than this scrolls in a box.
        closing: The punctuation that follows.
    """
    if isinstance(cut, Piece):
        box = _box(cut, limit)
        return f'<span class="kept">{box}{escaped(closing)}</span>' if closing else box
    *others, last = cut.parts
    made = [*(joined(part, limit) for part in others), joined(last, limit, closing)]
    ends = [_PRODUCT if part.is_factor else _BREAK for part in others] + [""]
    kept = (_kept(part, cut.are_terms, place) for place, part in enumerate(cut.parts))
    shown = (f'<span class="{k}">{m}</span>' if k else m for m, k in zip(made, kept, strict=True))
    return "".join(chain.from_iterable(zip(shown, ends, strict=True)))


def _kept(part: Cut, is_term: bool, place: int) -> str:
    """Return the class of a part that a line is rather broken before than in; a term begins one.

    Screens show a short one whole.
    """
    if isinstance(part, Piece):
        return ""
    is_short = part.width <= PHONE
    if not (place > 0 if is_term else is_short):
        return ""
    return "term whole" if is_short else "term"


def _box(part: Piece, limit: float) -> str:
    if part.width <= limit:
        return part.markup
    box = 'class="wide" tabindex="0" role="group" aria-label="Long formula"'
    return f"<span {box}>{part.markup}</span>"


def _closing(after: Part) -> str:
    """Return the punctuation that must not begin a line."""
    match = _CLOSING.match(after) if isinstance(after, str) else None
    return match[0] if match else ""


def _inline(tree: Formula, closing: str, label: str, limit: float) -> str:
    """Print a formula, which is broken into lines only if it is wider than a limit."""
    return joined(formula(tree, limit, label=label), PHONE, closing.replace('"', CLOSING))
