"""Blocks as LaTeX, in an article of their own or in an author's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import add

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Matrices,
    Matrix,
    Note,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.pages.latex_breaks import columns, joints, joints_of
from symcnn.document.pages.latex_matrices import latex_matrix
from symcnn.document.pages.latex_text import bookmark, escaped, length, sentence
from symcnn.document.pages.latex_theorems import run_in
from symcnn.document.rows.decimals import size
from symcnn.document.rows.layout import NUMBER, TEXT, display, shrunk
from symcnn.document.words.sentences import unlinked
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula import Fraction, nodes
from symcnn.writing.formula.breaking import LINE, MARGIN, POINTS, Line, Metrics
from symcnn.writing.formula.latex import latex

_JOINT = re.compile(r"\\\\(\[\dpt\])?\n")
"""The end of a line of a display at which a page may end."""

_QUOTED = 54.0
"""How much narrower the text of a quote is in an article of an author's."""

_STACKED = re.compile(r"\^\{[^{}]*\}_\{")
"""Scripts above each other."""

_APART_HIGH = "[1pt]", "[2pt]"
"""What is between two lines that begin with fractions, which would touch, and where all do."""

_BEHIND = r"\abovedisplayskip=4pt \abovedisplayshortskip=4pt"
"""What is between two displays, besides what is below each."""

_APART = 7000
r"""What a page costs that ends between a display and its matrices: as much as a gap of four lines.

The cost of a gap follows from how far the top of a page may stretch.
"""

_NEVER = 10000
"""What a page costs that is not ended."""

_LONG_HEADING = 240.0
"""From how many points on a heading may need two lines, whose words are not drawn apart."""

_SIZED = r"\expandafter%s\expandafter\baselineskip\the\baselineskip\relax"
"""Other letters, with lines as far apart as before: those of the text above a display end in it."""

SMALLER = {0.92: r"\small", 0.84: r"\footnotesize", 0.76: r"\scriptsize", 0.58: r"\tiny"}
"""The sizes of formulas of which one summand alone is wider than a line."""

_MATRICES = 0.92  # of the text


@dataclass(frozen=True)
class LatexPage:
    """Where blocks are printed.

    Attributes:
        line: The width that a row may take, in points, in letters of 10 points.
        text: The width of the text, in points.
        headings: The commands for headings, by their level.
        is_own: Whether this is an article of its own, which has links and its own commands.
        metrics: By what displays are broken.
        display: The environment of displays.
    """

    line: float = LINE
    text: float = TEXT
    headings: tuple[str, ...] = ("section", "subsection")
    is_own: bool = True
    metrics: Metrics = POINTS
    display: str = "align*"

    def sentence(self, text: Text) -> str:
        """Print a sentence, with links where they lead somewhere."""
        return sentence(text) if self.is_own else sentence(unlinked(text), linked=False)

    @property
    def sizes(self) -> Mapping[float, str]:
        """The sizes of formulas of which one summand alone is wider than a line."""
        return SMALLER

    @property
    def matrices(self) -> str:
        """The size of matrices that are no wider than a line."""
        return SMALLER[_MATRICES] if self.is_own else ""

    def joints(self, display: Sequence[Line]) -> Iterator[str]:
        """Yield what ends each line of a display but the last."""
        return joints_of(display)

    def tag(self, line: Line) -> str:
        """Print the number of an equation, at the line that has it."""
        tag = rf" \tag{{{line.number}}}" if line.number else ""
        return tag + (rf"\label{{equation-{line.number}}}" if tag and self.is_own else "")

    def table(self, block: Table) -> str:
        """Print a table, which goes on over pages if it is long."""
        head = " & ".join(map(self.sentence, block.header))
        ends = [*joints(block), r"\\"]
        rows = (" & ".join(map(self.sentence, row)) for row in block.rows)
        text = "\n".join(f"{row} {end}{_gap(row)}" for row, end in zip(rows, ends, strict=True))
        layout = columns(block, self.line + MARGIN)
        return (
            f"\\begin{{longtable}}[l]{{{layout}}}\n\\toprule\n{head} \\\\\n"
            f"\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n{text}\n\\end{{longtable}}"
        )

    def picture(self, picture: Picture) -> str:
        """Print a picture, no wider than the text."""
        drawing = tikz(picture, escaped)
        if picture.width > self.text:
            return f"\\resizebox{{\\linewidth}}{{!}}{{%\n{drawing}}}"
        return drawing

    def figure_title(self, block: Diagram) -> str:
        """Print Figure 1., to which sentences lead."""
        if not block.number:
            return ""
        target = f"\\hypertarget{{{block.reference.target}}}{{}}%\n" if self.is_own else ""
        return f"{target}\\textbf{{{block.title}}} "

    def note(self, block: Note) -> str:
        """Print what stands apart under a title."""
        line = self.line - (0.0 if self.is_own else _QUOTED)
        text = body(run_in(block).blocks, replace(self, line=line))
        is_linked = block.theorem and self.is_own
        target = f"\\hypertarget{{theorem-{block.theorem}}}{{}}%\n" if is_linked else ""
        return f"\\begin{{quote}}\n{target}{title_of(block)} \\itshape\n{text}\n\\end{{quote}}"


def _gap(row: str) -> str:
    """Keep fractions, and scripts above each other, from those of the next row of a table."""
    stacked = bool(_STACKED.search(row))
    gap = 6 + 3 * stacked if r"\frac" in row else 2 * stacked
    return f"[{gap}pt]" if gap else ""


def body(blocks: Sequence[Block], page: LatexPage) -> str:
    """Print the blocks; a display belongs to the paragraph before it."""
    return "".join(_joined(blocks, page))


def _joined(blocks: Sequence[Block], page: LatexPage) -> Iterator[str]:
    before: Block | None = None
    for n, block in enumerate(blocks):
        after = next(iter(blocks[n + 1 :]), None)
        together = isinstance(block, Rows) and isinstance(before, Paragraph | Rows)
        yield "" if before is None else "\n" if together else "\n\n"
        if isinstance(block, Matrices) and isinstance(before, Rows):
            yield f"\\vspace{{-{3 if _ends_high(before, page.line) else 6}pt}}\\penalty{_APART}\n"
        if isinstance(block, Rows) and isinstance(before, Heading | Note):
            yield f"\\vspace{{-{_closer(block, page)}pt}}\n"
        shown = _heading(block, after, page) if isinstance(block, Heading) else _block(block, page)
        cost = _cost_of_a_page_behind(block, after)
        shown = _with_what_follows(shown, cost) if cost else shown
        yield f"{{{_BEHIND}\n{shown}}}" if isinstance(before, Rows) and together else shown
        if isinstance(block, Matrices) and isinstance(after, Paragraph):
            yield "\n\\vspace{3pt}"
        before = block


def _closer(block: Rows, page: LatexPage) -> int:
    """Return how much closer a display is to the heading or theorem above it."""
    first, *_ = display(block, page.line)
    return 11 if _begins_high(first[0]) else 14


def _cost_of_a_page_behind(block: Block, after: Block | None) -> int:
    """Return what a page costs that ends behind a display, if anything."""
    if not isinstance(block, Rows):
        return 0
    if isinstance(after, Rows):
        return _NEVER
    return _APART if isinstance(after, Matrices) else 0


def _with_what_follows(display: str, cost: int) -> str:
    r"""Keep a display together with what follows it.

    amsmath puts ``\interdisplaylinepenalty`` behind the last row as well.
    """
    rows = _JOINT.sub(r"\\displaybreak[0]\\\\\1\n", display)
    return f"{{\\interdisplaylinepenalty={cost} \\postdisplaypenalty={cost}\n{rows}}}"


def _heading(block: Heading, after: Block | None, page: LatexPage) -> str:
    """Print a heading; a paragraph below it begins on its line."""
    is_long = length(block.title) > _LONG_HEADING
    leads = page.is_own and isinstance(after, Paragraph) and not after.work
    command = f"{'leading' * leads}{page.headings[block.level - 1]}{'*' * (not block.counted)}"
    short = f"[{{{bookmark(block.title)}}}]" if leads or is_long or len(block.title) > 1 else ""
    ragged, end = "\\raggedright " if is_long and not leads else "", "." if leads else ""
    return rf"\{command}{short}{{{ragged}{page.sentence(block.title)}{end}}}"


def _block(block: Block, page: LatexPage) -> str:
    match block:
        case Paragraph():
            if not block.work:
                return page.sentence(block.text)
            target = f"\\hypertarget{{work-{block.work}}}{{}}%\n" if page.is_own else ""
            return target + page.sentence(unlinked(block.text))
        case Rows():
            return _rows(block, page)
        case Matrices():
            shown = "\\quad\n".join(_matrix(matrix, page) for matrix in block.matrices)
            edge = r"\raggedright\leftskip=\mathindent" if page.is_own else r"\centering"
            edge += page.matrices + (r"\clubpenalty=0 \widowpenalty=0" if page.is_own else "")
            return f"{{{edge}\\arraycolsep=4pt\\lineskiplimit=4pt\\lineskip=6pt\n{shown}\\par}}"
        case Table():
            return page.table(block)
        case Diagram():
            return _diagram(block, page)
        case Note():
            return page.note(block)
    raise TypeError(f"no LaTeX for {type(block).__name__}")


def _rows(block: Rows, page: LatexPage) -> str:
    scale = shrunk(block.rows, page.line - _is_numbered(block) * NUMBER, page.metrics)
    made = display(block, page.line / scale, page.metrics)
    high = [_begins_high(first) for first, *_ in made]
    joints = page.joints([first for first, *_ in made])
    gap = _APART_HIGH[all(high)]
    apart = (gap if one and other else "" for one, other in pairwise(high))
    ends = [*map(add, joints, apart), ""]
    shown = (" & ".join(_line(part, page) for part in parts) for parts in made)
    body = "\n".join(line + end for line, end in zip(shown, ends, strict=True))
    aligned = f"\\begin{{{page.display}}}\n{body}\n\\end{{{page.display}}}"
    return f"{{{_SIZED % page.sizes[scale]}\n{aligned}}}" if scale < 1 else aligned


def _is_numbered(block: Rows) -> bool:
    return any(row.number for row in block.rows)


def _begins_high(made: Line) -> bool:
    return any(isinstance(node, Fraction) for node in nodes(made.left))


def _ends_high(block: Rows, line: float) -> bool:
    *_, (last, *_) = display(block, line)
    return _begins_high(last)


def _line(made: Line, page: LatexPage) -> str:
    return f"{latex(made.left)} &{latex(made.right)}{page.tag(made)}"


def _matrix(matrix: Matrix, page: LatexPage) -> str:
    """Print a matrix; one that is wider than a line has smaller letters."""
    scale, shown = size(matrix, page.line), f"${_sized(matrix)}$"
    usual = _MATRICES if page.matrices else 1.0
    return f"{{{page.sizes[scale]}{shown}}}" if scale < usual else shown


def _sized(matrix: Matrix) -> str:
    """Print a matrix; its name, if that is a derivative, is as large as in other equations."""
    has_fraction = any(isinstance(node, Fraction) for node in nodes(matrix.left))
    return (r"\displaystyle " if has_fraction else "") + latex_matrix(matrix, edge="@{}")


def _diagram(block: Diagram, page: LatexPage) -> str:
    drawing, below = page.picture(block.picture), ""
    if block.caption:
        caption = f"\\small\n{page.figure_title(block)}{page.sentence(block.caption)}"
        below = f"\\\\*[8pt]\n\\begin{{minipage}}{{0.94\\linewidth}}{caption}\n\\end{{minipage}}"
    if block.label and page.is_own:
        return f"\\begin{{figure}}[!ht]\\centering\n{drawing}{below}\n\\end{{figure}}"
    return f"\\begin{{center}}\n{drawing}{below}\n\\end{{center}}"


def title_of(block: Note) -> str:
    """Print the title of what stands apart."""
    return f"\\textbf{{{sentence(unlinked(block.title))}.}}"
