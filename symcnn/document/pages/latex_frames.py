r"""Frames of a beamer deck: every section and subsection begins one, and fills as many as it needs.

Beamer sets a frame as one box and breaks it afterwards, in which no longtable can stand, and
nothing that is taller than a frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import inf

from symcnn.document.blocks import Block, Heading, Note, Table, Text
from symcnn.document.pages.latex_blocks import LatexPage, body, title_of
from symcnn.document.pages.latex_breaks import BROKEN, columns, lines_of, natural_width
from symcnn.document.pages.latex_text import escaped
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula.breaking import Line
from symcnn.writing.wrapping import packed

_LINE = 280.0
"""The width of a row in small letters: a frame has 307 points of text."""

_TABLE = 280.0
"""The width of a table in small letters, between columns that are as far apart as always."""

_LINES = 6
"""The most lines of a table in one piece."""

_BETWEEN = "\n\n\\smallskip\n"

_WIDEST, _TALLEST = 300.0, 110.0
"""What a frame has for a picture above its caption, in points."""

_SIZES = {0.92: r"\scriptsize", 0.84: r"\tiny", 0.76: r"\tiny", 0.58: r"\tiny"}


_CONTINUED = r"\setbeamertemplate{frametitle continuation}[from second]"
"""The frames of one title are counted where there are several."""


@dataclass(frozen=True)
class Frame(LatexPage):
    """A frame, with tables and pictures of its own size."""

    line: float = _LINE
    text: float = _WIDEST
    is_own: bool = False

    @property
    def sizes(self) -> Mapping[float, str]:
        """The sizes of formulas that are smaller than the text, which is small already."""
        return _SIZES

    def joints(self, display: Sequence[Line]) -> Iterator[str]:
        """Yield what ends each line of a display: a frame may be broken at all of them."""
        return repeat(r"\\", len(display) - 1)

    def table(self, block: Table) -> str:
        """Print a table in pieces that fit a frame, each below its header."""
        rows = packed(block.rows, lambda row: lines_of(row, block, _TABLE), _LINES)
        pieces = (self.piece(block, piece) for piece in rows)
        return f"\\smallskip\n{_BETWEEN.join(pieces)}\n\n\\smallskip"

    def piece(self, block: Table, rows: Sequence[tuple[Text, ...]]) -> str:
        """Print some rows of a table below its header."""
        head, *shown = (" & ".join(map(self.sentence, row)) for row in (block.header, *rows))
        lines = "".join(f"{row} \\\\\n" for row in shown)
        is_wide = natural_width(block) > (0.6 if _is_broken(block) else 1.0) * _TABLE
        made = (
            f"\\begin{{tabular}}{{{columns(block, inf if is_wide else _TABLE)}}}\n\\toprule\n"
            f"{head} \\\\\n\\midrule\n{lines}\\bottomrule\n\\end{{tabular}}"
        )
        return f"\\resizebox{{\\linewidth}}{{!}}{{%\n{made}}}" if is_wide else made

    def picture(self, picture: Picture) -> str:
        """Print a picture as small as a frame asks for."""
        scale = min(1.0, _WIDEST / picture.width, _TALLEST / picture.height)
        return f"\\scalebox{{{scale:.3f}}}{{%\n{tikz(picture, escaped)}}}"

    def note(self, block: Note) -> str:
        """Print a theorem; a block of beamer's could not go on over two frames."""
        return f"\\smallskip\n{title_of(block)} {body(block.blocks, self)}\n\\smallskip"


def _is_broken(table: Table) -> bool:
    return bool(set(table.alignment) & set(BROKEN))


def frames(blocks: Sequence[Block]) -> str:
    """Print the blocks frame by frame; sections are entries of the deck's contents, too."""
    return "\n\n".join([_CONTINUED, *_frames(blocks)])


def _frames(blocks: Sequence[Block]) -> Iterator[str]:
    page = Frame()
    starts = [n for n, block in enumerate(blocks) if isinstance(block, Heading)]
    if before := blocks[: starts[0] if starts else len(blocks)]:
        yield _frame("", before, page)
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        heading, *inside = blocks[start:end]
        assert isinstance(heading, Heading)
        if heading.level == 1:
            yield body([heading], page)
        if inside:
            yield _frame(page.sentence(heading.title), inside, page)


def _frame(title: str, blocks: Sequence[Block], page: LatexPage) -> str:
    opening = f"\\begin{{frame}}[allowframebreaks=0.8]{{{title}}}"
    return f"{opening}\n\\footnotesize\n{body(blocks, page)}\n\\end{{frame}}"
