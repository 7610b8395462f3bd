r"""Takes an article apart: headings, prose, rows of formulas, tables, pictures, theorems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.readers.ranges import parted


class Heading(NamedTuple):
    level: int
    text: str


class Theorem(NamedTuple):
    """Where a theorem begins; the end is a theorem without a title."""

    title: str | None


class Prose(NamedTuple):
    text: str


class Picture(NamedTuple):
    text: str


class Side(NamedTuple):
    """What stands behind = or \\approx."""

    relation: str
    text: str


class Row(NamedTuple):
    """A left side and its other sides, with the ranges of its indices if they stand behind."""

    left: str
    sides: tuple[Side, ...]
    over: str = ""

    @property
    def text(self) -> str:
        """All that stands in its formulas."""
        return " ".join([self.left, *(side.text for side in self.sides)])


class Table(NamedTuple):
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Piece = Heading | Theorem | Prose | Picture | Row | Table

_BLOCK = re.compile(
    r"\\begin\{(?P<kind>align\*|longtable|tikzpicture)\}(?P<body>.*?)\\end\{(?P=kind)\}"
    r"|\\(?P<leads>leading)?(?P<level>section|subsection)(?:\[[^\n]*?\}\])?\{(?P<heading>[^\n]*)\}\n"
    r"|\\begin\{quote\}\s*\\textbf\{(?P<theorem>(?:[^{}]|\{[^{}]*\})*)\}"
    r"|(?P<end>\\end\{quote\})",
    re.DOTALL,
)


_JOINT = r"(?:\\displaybreak\[0\])?\\\\\*?(?:\[\dpt\])?"
"""What is between two lines of a display."""

_CASES = re.compile(r"\\begin\{cases\}.*?\\end\{cases\}", re.DOTALL)

_LINK = re.compile(
    r"\\hypertarget\{[^{}]*\}\{\}%\n|\\hyperlink\{[^{}]*\}\{([^{}]*)\}"
    r"|\\(?:big|Big|bigg)[lr](?=[()])|\\needed\{\d+pt\}\n"
    r"|\\itshape\n|\\displaystyle | \\tag\{\d+\}\\label\{[^{}]*\}|\\eqref\{equation-(\d+)\}"
)
"""Where links lead, how large things are, and what stands in links: words or a number."""


_THEOREM = re.compile(r"\\begin\{quote\}.*?\\end\{quote\}", re.DOTALL)
_ENTRY = r"(?!C_)(?:\\[a-z]+|\w)(?:\^\{[^$=]*?\})?_\{[^$=]*?\}"
_SLOPE = r"\\frac\{\\partial[^$=]*?_\{[^$=]*?"
_RUN_IN = re.compile(rf"(given by|Then|that is,|:) \$({_ENTRY}|{_SLOPE}) = ([^$]*)\$\.?")
"""A short formula of a theorem, which stands in its sentence."""


def pieces(tex: str) -> Iterator[Piece]:
    """Return the pieces of an article, in their order."""
    body = _LINK.sub(lambda link: link[1] or link[2] or "", tex[tex.index(r"\begin{document}") :])
    body = _THEOREM.sub(lambda stated: _RUN_IN.sub(_set_below, stated[0]), body)
    at = 0
    for found in _BLOCK.finditer(body):
        yield from _prose(body[at : found.start()])
        yield from _piece(found)
        at = found.end()
    yield from _prose(body[at:])


def _set_below(found: re.Match[str]) -> str:
    """Set a formula of a theorem below its sentence, as a row."""
    return f"{found[1]}\n\\begin{{align*}}\n{found[2]} &= {found[3]}\n\\end{{align*}}\n"


def _prose(text: str) -> Iterator[Prose]:
    if text.strip():
        yield Prose(text)


def _piece(found: re.Match[str]) -> Iterator[Piece]:
    if found["level"]:
        title = found["heading"].removesuffix(".") if found["leads"] else found["heading"]
        yield Heading(1 if found["level"] == "section" else 2, title)
    elif found["theorem"]:
        yield Theorem(found["theorem"])
    elif found["end"]:
        yield Theorem(None)
    elif found["kind"] == "tikzpicture":
        yield Picture(found["body"])
    elif found["kind"] == "longtable":
        yield _table(found["body"])
    else:
        yield from rows(found["body"])


def _table(body: str) -> Table:
    head, _, rest = body.partition(r"\endhead")
    *_, titles = head.partition(r"\toprule")
    lines = [line.strip() for line in re.split(r"\\\\\*?(?:\[\dpt\])?\n", rest)]
    cells = [line for line in lines if "&" in line]
    cells = [re.sub(r"\\(bottomrule|endfoot)", "", line) for line in cells]
    return Table(_cells(titles.partition(r"\\")[0]), tuple(map(_cells, cells)))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)&", line))


def _masked(cases: re.Match[str]) -> str:
    """Write the ends of cases, and what stands before their conditions, as no row does."""
    return cases[0].replace(r"\\", r"\case").replace("&", r"\where")


def rows(body: str) -> Iterator[Row]:
    """Read the lines of a display: a new row has a left side, a new line begins with &.

    Rows that stand beside each other are separated by & as well.
    """
    found: list[tuple[str, str]] = []
    for line in re.split(_JOINT, _CASES.sub(_masked, body)):
        parts = line.strip().split("&")
        if parts[0]:
            lefts = (part.strip() for part in parts[::2])
            found += zip(lefts, parts[1::2], strict=True)
        elif found:
            found[-1] = found[-1][0], found[-1][1] + " " + parts[1].removeprefix(r"\quad")
    for left, right in found:
        formula, over = parted(right)
        yield Row(left, tuple(sides(formula)), over)


def sides(text: str) -> Iterator[Side]:
    """Split at every = and \\approx that stands in no brackets."""
    relation, start = "", 0
    for at, mark in outside_of_brackets(text, r"=|\\approx"):
        if relation:
            yield Side(relation, text[start:at].strip())
        relation, start = mark, at + len(mark)
    if relation:
        yield Side(relation, text[start:].strip())


def outside_of_brackets(text: str, pattern: str) -> Iterator[tuple[int, str]]:
    """Return where a pattern stands in no brackets, with what was found."""
    depth = 0
    for found in re.finditer(rf"\\left|\\right|\\begin|\\end|\\[{{}}]|[{{}}]|{pattern}", text):
        if found[0] in (r"\left", r"\begin", "{"):
            depth += 1
        elif found[0] in (r"\right", r"\end", "}"):
            depth -= 1
        elif not depth and found[0] not in (r"\{", r"\}"):
            yield found.start(), found[0]
