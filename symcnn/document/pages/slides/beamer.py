r"""Slides for pdflatex: a deck of beamer, 16 wide and 9 high.

Steps are uncovered by ``\uncover<n->``, so that nothing moves: a sentence, a row of a display with
both of its sides, a matrix, a table. A figure is as large as its frame, above its caption. In an
author's deck, the same frames are as wide as its text, whatever its format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from symcnn.document.blocks import Block, Diagram, Paragraph, Rows, Table, Text
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.document.pages.latex_breaks import BROKEN, columns, natural_width
from symcnn.document.pages.latex_text import OGONEK, as_title, escaped, length
from symcnn.document.pages.slides.frames import Frame, frames
from symcnn.document.pages.slides.heights import LINE, ROOM, WIDTH, height
from symcnn.document.pages.slides.steps import sentences
from symcnn.document.rows.layout import display, shrunk
from symcnn.document.traversal import flat
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula.latex import latex

_PREAMBLE = r"""\documentclass[aspectratio=169,11pt]{beamer}
\usepackage{amsmath}
\usepackage{array}
\usepackage{booktabs}
"""

_LOOK = r"""\usefonttheme[onlymath]{serif}
\setbeamertemplate{navigation symbols}{}
\setbeamertemplate{footline}{\hfill\usebeamercolor[fg]{page number in head/foot}%
  \scriptsize\insertframenumber\,/\,\inserttotalframenumber\hspace{3mm}\vspace{2mm}}
\setbeamerfont{framesubtitle}{size=\footnotesize}
\setbeamersize{text margin left=9mm,text margin right=9mm}
\date{}
"""

_APART = r"\setlength{\parskip}{5pt}"
"""What is between paragraphs, also in a box, which sets it to nothing."""

_CLOSE = rf"""{_APART}
\setlength{{\emergencystretch}}{{3em}}
\renewcommand{{\arraystretch}}{{1.15}}
\def\close{{\abovedisplayskip=3pt \belowdisplayskip=3pt
  \abovedisplayshortskip=3pt \belowdisplayshortskip=3pt}}
"""

_SIZES = {1.315: r"\Large", 1.1: r"\large", 1.0: r"\normalsize"}

_CAPTION, _AROUND = 11.0, 18.0
"""The height of a line of a caption, and what is around a figure, in points."""

_TABLE = 280.0
"""The width of a table, in letters of 10 points and without what is between its columns."""


@dataclass(frozen=True)
class _Deck(LatexPage):
    """A frame, whose links would lead nowhere."""

    is_own: bool = False

    def table(self, block: Table) -> str:
        """Print a table, which is no taller than a frame."""
        head, *rows = (" & ".join(map(self.sentence, row)) for row in (block.header, *block.rows))
        lines = "".join(f"{row} \\\\\n" for row in rows)
        is_broken = not set(block.alignment).isdisjoint(BROKEN)
        is_wide = natural_width(block) > (0.6 if is_broken else 1.0) * _TABLE
        made = (
            f"\\begin{{tabular}}{{{columns(block, inf if is_wide else _TABLE)}}}\n\\toprule\n"
            f"{head} \\\\\n\\midrule\n{lines}\\bottomrule\n\\end{{tabular}}"
        )
        return f"\\resizebox{{\\linewidth}}{{!}}{{%\n{made}}}" if is_wide else made


def deck(title: str, blocks: Sequence[Block]) -> str:
    """Return a deck for pdflatex."""
    shown = [_frame(frame, *_shown(frame)) for frame in frames(title, blocks)]
    has_pictures = any(isinstance(block, Diagram) for block in flat(blocks))
    text = "\n\n".join(shown)
    return (f"{_PREAMBLE}{chr(92)}usepackage{{tikz}}\n" if has_pictures else _PREAMBLE) + (
        f"{_LOOK}{_CLOSE}{OGONEK if chr(92) + 'k{' in text else ''}\\title{{{escaped(title)}}}\n"
        f"\\hypersetup{{pdftitle={{{as_title(title)}}}}}\n\n\\begin{{document}}\n\n"
        f"\\begin{{frame}}[plain]\n\\titlepage\n\\end{{frame}}\n\n{text}\n\n\\end{{document}}\n"
    )


def fragment(title: str, blocks: Sequence[Block]) -> str:
    """Return the frames for a deck of an author's, in whose contents their sections are.

    Args:
        title: The title, which no frame has.
        blocks: The document.
    """
    return "\n".join([_CLOSE, *_fragment(title, blocks)])


def _fragment(title: str, blocks: Sequence[Block]) -> Iterator[str]:
    before: Text = (title,)
    for frame in frames(title, blocks):
        section = frame.section or frame.title
        if section not in (before, (title,)):
            yield f"\\section{{{_Deck().sentence(section)}}}\n"
        before = section
        size, steps = _shown(frame)
        inside = f"\\begin{{minipage}}{{{WIDTH:.0f}pt}}{_APART}{size}\n{steps}\n\\end{{minipage}}"
        yield _frame(frame, "", f"\\resizebox{{\\linewidth}}{{!}}{{%\n{inside}}}") + "\n"


def _shown(frame: Frame) -> tuple[str, str]:
    """Return the size of a frame's letters, and its steps."""
    page = _Deck(line=LINE / frame.scale, text=WIDTH / frame.scale)
    return f"{_SIZES[frame.scale]}\\close", "\n\n".join(_steps(frame.steps, page))


def _frame(frame: Frame, size: str, steps: str) -> str:
    counted = f" ({frame.number}/{frame.of})" if frame.of > 1 else ""
    title = _Deck().sentence(frame.title) + counted
    below = f"\\framesubtitle{{{_Deck().sentence(frame.section)}}}\n" if frame.section else ""
    return f"\\begin{{frame}}[t]\n\\frametitle{{{title}}}\n{below}{size}\n{steps}\n\\end{{frame}}"


def _steps(blocks: Sequence[Block], page: _Deck) -> Iterator[str]:
    """Run over the steps of a frame, each uncovered after those before it."""
    number = 1
    for block in blocks:
        match block:
            case Paragraph():
                yield f"\\uncover<{number}->{{{page.sentence(block.text)}}}\\par"
            case Rows():
                yield _rows(block, page, number)
                number += len(block.rows) - 1
            case Diagram():
                above = sum(map(height, blocks[:-1]))
                yield _figure(block, page, ROOM - above)
            case _:
                yield (
                    f"\\begin{{uncoverenv}}<{number}->\n{body([block], page)}\n\\end{{uncoverenv}}"
                )
        number += 1


def _rows(block: Rows, page: _Deck, number: int) -> str:
    """Print rows that are aligned, and uncovered one by one with all of their lines."""
    scale = shrunk(block.rows, page.line)
    made, number = [], number - 1
    for beside in display(block, page.line / scale):
        number += any(line.begins == "row" for line in beside)
        parts = (
            rf"\uncover<{number}->{{{latex(line.left)}}}&"
            rf"\uncover<{number}->{{{{}}{latex(line.right)}}}"
            + (rf"\uncover<{number}->{{\quad\text{{({line.number})}}}}" if line.number else "")
            for line in beside
        )
        made.append(" & ".join(parts))
    aligned = "\\begin{align*}\n" + "\\\\\n".join(made) + "\n\\end{align*}"
    return f"{{{page.sizes[scale]}\n{aligned}}}" if scale < 1 else aligned


def _figure(block: Diagram, page: _Deck, whole: float) -> str:
    """Print a picture as large as the frame has room for, above the first sentence of its caption.

    The others are the speaker's: they stand in a note.
    """
    if not block.caption:
        return f"{{\\centering\n{_drawn(block.picture, whole)}\\par}}"
    first, *others = sentences(block.caption)
    lines = 1 + length(first) // (1.2 * WIDTH)
    words = f"{page.figure_title(block)}{page.sentence(first)}"
    shown = _drawn(block.picture, whole - _AROUND - _CAPTION * lines)
    said = " ".join(page.sentence(sentence) for sentence in others)
    note = f"\n\\note{{{said}}}" if said else ""
    return f"{{\\centering\n{shown}\\par}}\n\n{{\\footnotesize\n{words}\\par}}{note}"


def _drawn(picture: Picture, room: float) -> str:
    scale = min(WIDTH / picture.width, room / picture.height)
    return f"\\scalebox{{{scale:.3f}}}{{%\n{tikz(picture, escaped)}}}"
