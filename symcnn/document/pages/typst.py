"""Blocks as Typst markup.

Words stand in strings of code, so that nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Matrices,
    Matrix,
    Note,
    Paragraph,
    Reference,
    Rows,
    Table,
    Text,
)
from symcnn.document.pages import extent, typst_displays, typst_pages, typst_tables
from symcnn.document.pages.displays import LINES
from symcnn.document.rows import layout
from symcnn.document.rows.decimals import Cell, cells
from symcnn.document.rows.layout import LINE, MARGIN
from symcnn.document.rows.matrix_widths import size
from symcnn.document.traversal import on_paper
from symcnn.document.words.sentences import is_high, quoted, runs, unlinked, written
from symcnn.writing.drawing.typst import drawing
from symcnn.writing.formula import Formula, operators
from symcnn.writing.formula.build import row
from symcnn.writing.formula.typst import formula, string
from symcnn.writing.formula.width import width

_CONTENTS = '#outline(depth: 1, title: "Contents")\n'
"""What a long document begins with."""

_ALIGNMENT = {"r": "right", "c": "center"}
_NOTE = (
    "width: 100%, spacing: around-notes, breakable: false, stroke: (left: 1.5pt + gray), "
    "inset: (left: 12pt, y: 3pt)"
)
_QUOTED = 30.0
"""How much narrower the text of a note is, in points."""

_OPENING = 50.0
"""The height of the longest paragraph that stays with the table below it, in points."""

_ROW = 18.0
"""The height of a row of a table, in points."""

_SHORT = 100.0
"""A formula narrower than this stays on one line of a sentence, in points."""

_CONDITION = 160.0
"""The same of one of several conditions or ranges, behind which a line may end."""

_CASES = 250.0
"""The same of one with cases or a box, which are high and not read over two lines."""


def pages(title: str, blocks: Iterable[Block]) -> str:
    """Return the whole document, which says nothing of the day on which it was made."""
    blocks = tuple(on_paper(blocks))
    contents = _CONTENTS if extent.is_long(blocks) else ""
    shown = f"#title-of({string(title)})\n#v(below-title)\n"
    body = "\n".join(_with_last_page(blocks))
    return (
        f"#set document(title: {string(title)}, date: none)\n"
        f"{typst_pages.PREAMBLE}{typst_displays.DEFINITIONS}{typst_pages.FIGURES}{shown}{contents}\n{body}\n{typst_pages.END}"
    )


def _with_last_page(blocks: Sequence[Block]) -> Iterator[str]:
    """Print blocks; the last of them stay together, as a few lines do not fill a page."""
    end = next(iter(extent.last_page(blocks)), 0) or len(blocks)
    fuller = extent.fuller_last_page(blocks)
    begins = end if fuller is None else min(fuller, end)
    yield from _kept_together(blocks[:begins], LINE)
    if fuller is not None:
        yield typst_pages.LAST_PAGE
    yield from _kept_together(blocks[begins:end], LINE)
    if end < len(blocks):
        above = "above: above-sections, " if isinstance(blocks[end], Heading) else ""
        yield f"#block({above}width: 100%, breakable: false)["
        yield from _kept_together(blocks[end:], LINE)
        yield "]\n"


def _kept_together(blocks: Sequence[Block], line: float, title: str = "") -> Iterator[str]:
    """Print blocks; no page ends between a sentence and its formula, or a rule and its matrices.

    Args:
        blocks: What is printed.
        line: The width that a row may take.
        title: What stands in front, in the first paragraph, if that comes first.
    """
    if title and not isinstance(blocks[0], Paragraph):
        title = f"#block(sticky: true)[{title}]\n\n"
    neighbours = zip([None, *blocks], blocks, [*blocks[1:], None], strict=False)
    for n, (before, block, after) in enumerate(neighbours):
        shown = ("" if before else title) + _block(block, line)
        if isinstance(block, Heading) and extent.leads_to_a_figure(blocks[n + 1 :]):
            said, figure = blocks[n + 1 : n + 3]
            assert isinstance(figure, Diagram)
            shown += f"#reserved({extent.height(said) + extent.foot(figure):.0f}pt)\n"
        if isinstance(block, Diagram):
            first, last = (not isinstance(other, Diagram) for other in (before, after))
            yield f"{'#below(' * first}{shown}{')' * last}"
            continue
        is_display = isinstance(block, Rows)
        sticky = _is_kept(after) if is_display else _is_opening(before, block, after)
        if is_display or (sticky and isinstance(block, Paragraph)):
            is_broken = isinstance(block, Rows) and typst_displays.is_broken(block, line)
            sticky &= not is_broken
            kept = f"sticky: {str(sticky).lower()}, breakable: {str(is_broken).lower()}"
            shown = f"#block(width: 100%, spacing: around-displays, {kept})[\n{shown}]\n"
        yield shown


def _is_kept(after: Block | None) -> bool:
    """Tell whether what comes behind a display stands on the same page."""
    is_worked = isinstance(after, Rows) and len(layout.display(after)) <= LINES
    return is_worked or isinstance(after, Matrices)


def _is_opening(before: Block | None, block: Block, after: Block | None) -> bool:
    """Tell whether a paragraph stays with what it opens; a long one above a table says more.

    A short one is not alone below its heading at the end of a page, either.
    """
    is_short = extent.height(block) <= _OPENING
    is_below = isinstance(before, Heading) and isinstance(after, Note | Paragraph | Heading)
    return isinstance(after, Rows) or (
        is_short and (is_below or isinstance(after, Table | Matrices))
    )


@singledispatch
def _block(block: Block, line: float) -> str:
    raise TypeError(f"no Typst for {type(block).__name__}")


@_block.register
def _(block: Heading, line: float) -> str:
    return f"#heading(level: {block.level})[{_text(block.title)}]\n"


@_block.register
def _(block: Paragraph, line: float) -> str:
    if not block.work:
        return f"{_text(block.text)}\n"
    return f"#metadata(none) <work-{block.work}>{_text(unlinked(block.text))}\n"


@_block.register
def _(block: Rows, line: float) -> str:
    return typst_displays.display(block, line)


@_block.register
def _(block: Matrices, line: float) -> str:
    shown = " #h(1.4em, weak: true) ".join(_matrix(matrix, line) for matrix in block.matrices)
    costs = "#set text(costs: (orphan: 0%, widow: 0%))"
    inside = f"{costs}\n#par(justify: false, leading: between-matrices)[{shown}]"
    return f"#block(spacing: around-matrices, inset: (bottom: {_hanging(block)}em))[\n{inside}]\n"


def _hanging(block: Matrices) -> float:
    """Return how far a last line hangs below what Typst takes for its end, where it is tall."""
    tall = any(len(m.figures) > 1 or operators.is_tall(m.left) for m in block.matrices)
    return 0.5 if tall else 0.0


def _matrix(matrix: Matrix, line: float) -> str:
    """Set a matrix on one line of text; a single number stands without brackets."""
    scale = size(matrix, line)
    smaller = f"#set text({scale}em); " if scale < 1 else ""
    made = cells(matrix)
    body = "; ".join(", ".join(map(_padded, row)) for row in made)
    if len(made) > 1 or len(made[0]) > 1:
        body = f"mat(align: #right, column-gap: #0.8em, {body})"
    shown = f"$display({formula(matrix.left)} {formula(row(matrix.relation))} {body})$"
    return f"#box[{smaller}{shown}]"


def _padded(cell: Cell) -> str:
    """Hide what only takes up its width; a semicolon of its own ends the code for that."""
    shown = formula(cell.figure)
    return shown + (f" #hide[{cell.unseen}];" if cell.unseen else "")


@_block.register
def _(block: Table, line: float) -> str:
    beside = " + horizon" if typst_tables.has_gaps(block) else ""
    alignment = ", ".join(_ALIGNMENT.get(letter, "left") + beside for letter in block.alignment)
    every, last = (block.header, *block.rows), len(block.rows)
    head, *rows = (_cells(row, is_last=place == last) for place, row in enumerate(every))
    if len(rows) <= extent.WHOLE:
        columns = f"{len(block.alignment)}, align: ({alignment},)"
        return f"#block(breakable: false)[\n{typst_tables.table(columns, head, rows)}]\n"
    columns = f"({'auto, ' * len(block.alignment)}0pt), align: ({alignment}, left)"
    kept = [f"{row}{end}" for row, end in zip(rows, typst_tables.ends(len(rows)), strict=True)]
    shown = typst_tables.table(columns, f"{head}, []", kept)
    return f"#block[\n#reserved({_ROW * (1 + extent.PIECE):g}pt)\n{shown}]\n"


def _cells(row: Sequence[Text], *, is_last: bool) -> str:
    """Print a row of a table."""
    around = typst_tables.cell(row, is_last=is_last)
    return ", ".join(f"{around}[{_text(cell)}]" for cell in row)


@_block.register
def _(block: Diagram, line: float) -> str:
    scale = min(1.0, (line + MARGIN) / block.picture.width)
    shown = f"scale(size * {scale:.1%}, reflow: true, {drawing(block.picture)})"
    alt = f"alt: {string(block.picture.alt)}"
    title = f"*{block.title}* " if block.number else ""
    caption = f"caption: [{title}{_text(block.caption)}], " if block.caption else ""
    target = block.reference.target
    body = f"[#metadata(none) <set-{target}>#{shown}]"
    made = f"#figure({body}, {alt}, {caption}numbering: none, placement: there) <{target}>"
    return f"(<set-{target}>, (there, size) => [{made}]),"


@_block.register
def _(block: Note, line: float) -> str:
    title = f"#strong[{_text(unlinked(block.title))}.] "
    body = "\n".join(_kept_together(block.blocks, line - _QUOTED, title))
    label = "" if not block.theorem else f" <theorem-{block.theorem}>"
    return f"#block({_NOTE})[\n{body}]{label}\n"


def _text(text: Text) -> str:
    return "".join(
        written(text, _inline, lambda words: f"#{string(quoted(words))};", _link, _address)
    )


def _address(url: str) -> str:
    return f"#link({string(url)});"


def _link(reference: Reference) -> str:
    return f"#link(<{reference.target}>)[{reference.words.replace(' ', '~')}];"


def _inline(made: Formula) -> str:
    """Print a formula, which is not broken if it is short; a list of ranges is, at its commas."""
    return ", ".join(_unbroken(part, _SHORT if part == made else _CONDITION) for part in runs(made))


def _unbroken(made: Formula, most: float) -> str:
    equation = f"${formula(made)}$"
    is_short = width(made) < (_CASES if is_high(made) else most)
    return f"#box({equation});" if is_short else equation
