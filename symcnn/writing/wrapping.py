"""Lines that are filled in order, as many things on each as there is room for.

Long lines of code are broken between tokens, and never inside of a literal.
Python, JavaScript and TOML write literals of text alike, between quotation marks of either kind,
with a backslash in front of one that does not end it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

WIDTH = 84
"""The characters of a line, without its margin."""

MARGIN = "    "

_LITERAL = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_PIECE = re.compile(rf"(?:{_LITERAL}|[^ \t\n])+")


def packed(
    items: Iterable[Item],
    measure: Callable[[Item], float],
    most: float,
    *,
    first: float = 0.0,
    indent: float = 0.0,
) -> Iterator[list[Item]]:
    """Put items into lines in their order; one that is too wide stands alone.

    Args:
        items: What stands on the lines.
        measure: Returns the width of an item, with what separates it from the next one.
        most: The width of a line.
        first: What the first line begins with.
        indent: What the others begin with.

    >>> list(packed(["a", "bcd", "ef"], len, 4))
    [['a', 'bcd'], ['ef']]
    """
    line, used = list[Item](), first
    for item in items:
        needed = measure(item)
        if line and used + needed > most:
            yield line
            line, used = [], indent
        line.append(item)
        used += needed
    yield line


def filled(text: str, width: int = WIDTH) -> str:
    """Break a long text that stands in brackets at its blanks; a literal's are its own.

    >>> print(filled('["one", "two words", "three"]', 12))
    ["one",
        "two words",
        "three"]
    """
    return _filled(_PIECE.findall(text), width)


def wrapped(statement: str) -> str:
    """Break a long assignment over several lines, its value in parentheses."""
    equals = next((p for p in _PIECE.finditer(statement) if p.group() == "="), None)
    if len(statement) <= WIDTH or "\n" in statement or equals is None:
        return statement
    value = statement[equals.end() :]
    return f"{statement[: equals.end()]} (\n{MARGIN}{_filled(_terms(value), WIDTH)}\n)"


def _filled(pieces: Iterable[str], width: int) -> str:
    """Put as many pieces as there is room for on every line."""
    lines = packed(pieces, lambda piece: len(piece) + 1, width + 1)
    return f"\n{MARGIN}".join(map(" ".join, lines))


def _terms(value: str) -> list[str]:
    """Return a sum's terms, each from the second on behind its plus; other code in its pieces."""
    pieces = _PIECE.findall(value)
    terms: list[list[str]] = [[]]
    for piece in pieces:
        if piece == "+":
            terms.append([])
        terms[-1].append(piece)
    texts = [*map(" ".join, terms)]
    return texts if len(texts) > 1 and all(map(_is_balanced, texts)) else pieces


def _is_balanced(term: str) -> bool:
    code = re.sub(_LITERAL, "", term)
    return code.count("(") == code.count(")")
