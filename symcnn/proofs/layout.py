"""Lines of Rocq's text that are no longer than a page is wide."""

from __future__ import annotations

import re

_WIDTH = 98
_BREAK = re.compile(r"(?<![*+=-]) (?=\\sum_|\* |\+ |- |=|\(|\| |match |/)")


def wrapped(line: str, indent: int) -> str:
    """Break a line before operators, sums and parentheses, outside of subscripts and brackets.

    Args:
        line: The line, with its own indentation.
        indent: That of the lines that continue it.

    >>> print(wrapped("a " * 30 + "+ b + ⟦ " + "c + " * 12 + "d ⟧", 2))
    a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a + b
      + ⟦ c + c + c + c + c + c + c + c + c + c + c + c + d ⟧
    """
    lines = []
    while len(line) > _WIDTH and (places := _places(line, indent)):
        place = max((p for p in places if p <= _WIDTH), default=min(places))
        lines.append(line[:place])
        line = " " * indent + line[place + 1 :]
    return "\n".join([*lines, line])


def _places(line: str, indent: int) -> list[int]:
    """Return the places at which a line can be broken."""
    return [
        found.start()
        for found in _BREAK.finditer(line)
        if found.start() > indent and _is_outside(line[: found.start()])
    ]


def _is_outside(text: str) -> bool:
    """Tell whether the end of a text is inside of no subscript, bracket, floor or limits."""
    opened = sum(text.count(c) for c in "⟨⟦⌊⌈") - sum(text.count(c) for c in "⟩⟧⌋⌉")
    tail = text.rpartition("\\sum_(")[2] if "\\sum_(" in text else ")"
    depth = 1
    for c in tail:
        depth += (c == "(") - (c == ")")
        if depth == 0:
            break
    return opened == 0 and depth == 0
