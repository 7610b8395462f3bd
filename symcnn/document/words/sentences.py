"""Sentences of words and formulas, and quotation marks as a printer sets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from symcnn.document.blocks import Address, Inline, Reference, Text
from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.tree import Cases, Fenced, Gap, Node, nodes
from symcnn.writing.formula.width import width

OPENING, CLOSING, APOSTROPHE = "\u201c", "\u201d", "\u2019"

_NEXT = (Atom(","), Atom(r"\;"))
"""What separates the ranges of two indices."""

_WIDE = 180.0
"""The width of a formula that is broken within brackets, in points."""

Written = TypeVar("Written")

_OPENING = re.compile(r'(^|[\s(])"')
_TUPLE = re.compile(r"\(\d+(?:, \d+)+\)|\b(?:size|stride|padding|dilation) \d+\b")
_SMALL = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
NO_BREAK = "\N{NO-BREAK SPACE}"


def written(
    text: Text,
    formula: Callable[[Formula], Written],
    words: Callable[[str], Written],
    reference: Callable[[Reference], Written] | None = None,
    address: Callable[[str], Written] | None = None,
) -> Iterator[Written]:
    """Run over a sentence: its formulas as one function writes them, its words as another.

    References and web addresses are words, unless there are functions that write them too.
    """
    for part in text:
        if isinstance(part, Inline):
            yield formula(part.formula)
        elif isinstance(part, str):
            yield words(part)
        elif isinstance(part, Reference):
            yield reference(part) if reference else words(part.words)
        elif isinstance(part, Address):
            yield (address or words)(part.url)


def runs(formula: Formula) -> list[Formula]:
    """Return the ranges of several indices one by one: between two of them a line may end.

    So it may between the conditions of a bracket, in a formula that takes much of a line.
    """
    parts, start, found = _opened(formula), 0, list[Formula]()
    for at in range(len(parts) - 1):
        if parts[at : at + 2] == _NEXT:
            found.append(Formula(parts[start:at]))
            start = at + 2
    return [*found, Formula(parts[start:])]


def _opened(formula: Formula) -> tuple[Node, ...]:
    """Return the parts of a formula, and those of brackets where it is wide."""
    if width(formula) < _WIDE:
        return formula.parts
    return tuple(part for whole in formula.parts for part in _inside(whole))


def _inside(part: Node) -> tuple[Node, ...]:
    """Return the parts of a bracket with several conditions, which has no need to grow."""
    if isinstance(part, Fenced) and part.left == "[" and Atom(",") in part.body.parts:
        return Atom("["), *part.body.parts, Atom("]")
    return (part,)


def is_high(formula: Formula) -> bool:
    """Tell whether a formula has cases or a box for an answer, which stand on one line."""
    return any(isinstance(node, Cases | Gap) for node in nodes(formula))


def unlinked(text: Text) -> Text:
    """Return a sentence whose references are words."""
    return tuple(part.words if isinstance(part, Reference) else part for part in text)


def pieces(url: str) -> list[str]:
    """Return a web address in the pieces between which a line may end, each of a few letters.

    >>> pieces("https://mattmazur.com/2015/a-step/")
    ['https://', 'mattmazur.', 'com/', '2015/', 'a-', 'step/']
    >>> pieces("4645873f82b41c90bf4ce4854e8d8ef5c53935b9/")
    ['4645873f82b41c90', 'bf4ce4854e8d8ef5', 'c53935b9/']
    """
    return re.findall(r"\w+://|[^/._?=&-]{0,15}[/._?=&-]|[^/._?=&-]{1,16}", url)


def unbroken(words: str) -> str:
    """Return words with tuples such as (2, 1), and settings such as stride 2, on one line."""
    return _TUPLE.sub(lambda found: found[0].replace(" ", NO_BREAK), words)


def quoted(words: str) -> str:
    """Return words as they are printed: with a printer's quotation marks, (2, 1) on one line."""
    opened = _OPENING.sub(rf"\1{OPENING}", unbroken(words))
    return opened.replace('"', CLOSING).replace("'", APOSTROPHE)


def spelled(number: int) -> str:
    """Return two for 2 and twelve for 12, but 21 for 21: in sentences, numbers to twenty are words.

    Counts that belong to a network, such as 5 layers, are figures, as its sizes are.
    """
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"
