"""The answers at the end of a sheet in Markdown: a line for every figure.

    conv1[0,0,0]   z₁₁ = [                ]

A line can be filled in with any editor. A figure stands between its brackets, or in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from symcnn.classroom.filled_in.names import STUDENT

HEADING = "Your answers"
SAID = (
    "Write each figure between its brackets, and change nothing else here. A figure is written "
    "down once, even if it has several boxes above."
)
_ROOM = f"[{' ' * 16}]"

_NAMED = re.compile(r"(?P<figure>.*?\[[0-9]+(?:, ?[0-9]+)*\])(?:\s.*)?")
"""A figure's name, and behind it its letter."""

_EMPTY = re.compile(r"\[\s*\]")
_STUDENT = re.compile(r"^Name:(.*?)(?:\sDate:.*)?$", re.MULTILINE)
_BLANKS = " \t_`|\\"


Line = tuple[str, str, str]
"""A field: its name, the letter of its figure, and what it holds already."""


def section(groups: Iterable[Sequence[Line]]) -> str:
    """Return the section with fields in groups."""
    blocks = "\n\n".join("\n".join(_lines(group)) for group in groups if group)
    return f"## {HEADING}\n\n{SAID}\n\n```text\n{blocks}\n```\n"


def _lines(group: Sequence[Line]) -> Iterator[str]:
    wide, letters = (max(len(line[part]) for line in group) for part in (0, 1))
    for name, letter, held in group:
        shown = f"{letter:<{letters}} " if letters else ""
        yield f"{name:<{wide}}  {shown}= {f'[{held}]' if held else _ROOM}"


def found_in(text: str) -> Mapping[str, Sequence[str]]:
    """Return what stands in the fields of a sheet by their names; nothing where it has none."""
    _, heading, lines = text.rpartition(f"# {HEADING}")
    found = dict[str, list[str]]()
    for line in lines.splitlines() if heading else ():
        left, sign, right = line.lstrip("> ").partition("=")
        if sign and left.strip():
            found.setdefault(_name(left), []).append(_answer(right))
    if found and (student := _STUDENT.search(text)):
        found[STUDENT] = [student[1].strip(_BLANKS)]
    return found


def _name(left: str) -> str:
    """Return the name of a field, without the letter behind it."""
    named = _NAMED.fullmatch(left.strip())
    return named["figure"].replace(", ", ",") if named else left.strip().partition("  ")[0].strip()


def _answer(right: str) -> str:
    """Return what stands between brackets; or else in their place, or beside them."""
    text = _EMPTY.sub("", right).strip().removeprefix("[")
    if text.count("]") > text.count("["):
        text = text.rpartition("]")[0]
    return text.strip(_BLANKS)
