"""The text writer: a page of 80 columns, or as wide as the terminal that shows it.

Formulas are lines of Unicode text; rich wraps, tabulates and frames.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Matrices,
    Note,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.numbering import with_section_numbers
from symcnn.document.pages.columns import aligned, beside
from symcnn.document.pages.writers import Files
from symcnn.document.words.sentences import NO_BREAK, unbroken, written
from symcnn.errors import SymcnnError
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType
    from rich.segment import Segment
    from rich.text import Text as Styled

_COLUMNS = 80
_WIDEST = 100
"""Longer lines are hard to read, however wide the terminal is."""

_SHORT = 24
"""A formula with at most this many letters stays on one line of a sentence."""

_GLUE = "\ue000"
"""Stands for a space that no line is broken at, until the lines are made."""

_KEPT = re.compile(
    rf"\((?:[^()]|\([^()]*\)){{1,{_SHORT}}}\)|\[[^][]{{1,{_SHORT}}}\]|∑\S* |[=≈+·-] "
)
"""What is not broken in a formula that is: short parentheses; operators begin lines."""

_JUSTIFY: dict[str, JustifyMethod] = {"r": "right", "c": "center"}
_RULES = {0: "═", 1: "═", 2: "─"}


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the page as a file, without any colours.

    Raises:
        SymcnnError: If rich is not installed.
    """
    try:
        from rich.console import Console
    except ImportError:
        raise SymcnnError("the format txt needs rich: pip install rich") from None
    file = StringIO()
    plain = Console(file=file, width=_COLUMNS, color_system=None, force_terminal=False)
    plain.print(TextPage(title, tuple(blocks)))
    lines = file.getvalue().splitlines()
    return {f"{stem}.txt": "".join(f"{line.rstrip()}\n" for line in lines)}


@dataclass(frozen=True)
class TextPage:
    """A document that rich can print on any terminal."""

    title: str
    blocks: tuple[Block, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """Yield the page's lines."""
        width = min(options.max_width, _WIDEST)
        page = _stacked([Heading(0, (self.title,)), *with_section_numbers(self.blocks)], width)
        for segment in console.render(page, options.update(width=width)):
            yield segment._replace(text=segment.text.replace(_GLUE, " "))


def _stacked(blocks: Iterable[Block], width: int) -> RenderableType:
    from rich.console import Group

    parts = [part for block in blocks for part in (_block(block, width), "")]
    return Group(*parts[:-1])


def _block(block: Block, width: int) -> RenderableType:
    match block:
        case Heading():
            return _heading(block, width)
        case Paragraph():
            return _plain(block.text)
        case Rows():
            return _styled("\n".join(aligned(block.rows, width)))
        case Matrices():
            return _styled("\n".join(beside(block.matrices, width)))
        case Table():
            return _table(block)
        case Diagram():
            return _diagram(block)
        case Note():
            return _note(block, width)
    raise TypeError(f"no text for {type(block).__name__}")


def _heading(block: Heading, width: int) -> RenderableType:
    from rich.console import Group

    title = _styled(_sentence(block.title), "bold")
    rule = _RULES[block.level] * min(title.cell_len, width)
    return Group("", title, rule) if block.level == 1 else Group(title, rule)


def _table(block: Table) -> RenderableType:
    from rich import box
    from rich.table import Table as Grid

    grid = Grid(box=box.SIMPLE, show_edge=False, pad_edge=False, show_header=any(block.header))
    for title, letter in zip(block.header, block.alignment, strict=True):
        grid.add_column(_plain(title), justify=_JUSTIFY.get(letter, "left"), overflow="fold")
    for row in block.rows:
        grid.add_row(*map(_plain, row))
    return grid


def _diagram(block: Diagram) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    words = _words(f"Picture: {block.picture.alt}")
    for relation in ("=", "≈"):
        words = words.replace(f" {relation} ", f"{_GLUE}{relation}{_GLUE}")
        words = words.replace(f"({relation} ", f"({relation}{_GLUE}")
    title = (f"{block.title} ",) if block.number else ()
    caption = ("", _plain((*title, *block.caption))) if block.caption else ()
    return Padding(Group(_styled(words), *caption), (0, 4))


def _note(block: Note, width: int) -> RenderableType:
    from rich import box
    from rich.console import Group
    from rich.panel import Panel

    title = _styled(_sentence(block.title), "bold")
    body = Group(title, "", _stacked(block.blocks, width - 4))
    return Panel(body, box=box.SQUARE, width=width)


def _plain(words: Text) -> Styled:
    return _styled(_sentence(words))


def _styled(written: str, style: str = "") -> Styled:
    from rich.text import Text as Styled

    return Styled(written, style)


def _sentence(words: Text) -> str:
    return "".join(written(words, _formula, _words))


def _formula(formula: Formula) -> str:
    """Keep the spaces of a formula; a list is broken at the wide ones between its parts.

    What is long is broken outside of its parentheses, if they are short, and not behind a sum.
    """
    parts = text(formula).split("  ")
    return "  ".join(map(_glued, parts))


def _glued(part: str) -> str:
    if len(part) <= _SHORT:
        return part.replace(" ", _GLUE)
    return _KEPT.sub(lambda found: found[0].replace(" ", _GLUE), part)


def _words(written: str) -> str:
    """Return words that no terminal takes for a command."""
    return "".join(map(_character, unbroken(written)))


def _character(character: str) -> str:
    if character.isspace():
        return _GLUE if character == NO_BREAK else " "
    return character if character.isprintable() else f"[U+{ord(character):04X}]"
