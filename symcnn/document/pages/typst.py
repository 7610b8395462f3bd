"""Blocks as Typst markup: plain pages with what LaTeX's have, in the same order.

Words stand in strings of code, so that nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.document.blocks import (
    Block,
    Break,
    Diagram,
    Emblems,
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
from symcnn.document.inline import Image
from symcnn.document.pages import extent
from symcnn.document.rows.decimals import Cell, cells, size
from symcnn.document.rows.layout import NUMBER, TEXT, display, shrunk
from symcnn.document.traversal import on_paper
from symcnn.document.words.sentences import is_high, quoted, runs, unlinked, written
from symcnn.writing.drawing.typst import drawing
from symcnn.writing.formula import Formula
from symcnn.writing.formula.breaking import LINE, Line
from symcnn.writing.formula.build import row
from symcnn.writing.formula.typst import formula, string
from symcnn.writing.formula.width import width

_PREAMBLE = """#set page(paper: "a4", margin: (x: 3.75cm, y: 1.4cm), numbering: "1")
#set text(font: "New Computer Modern", size: 11pt, lang: "en")
#set par(justify: true, leading: 0.53em, spacing: 0.85em)
#set heading(numbering: (..n) => numbering("1.1", ..n) + h(0.5em))
#show heading: set block(above: 1.25em, below: 0.65em)
#show heading: set text(0.92em)
#show math.equation.where(block: true): set block(breakable: true, spacing: 0.75em)
#show math.equation.where(block: true): set align(left)
#show figure.caption: it => align(left, text(0.9em, it.body))
#show figure: set block(breakable: false, spacing: 1.1em)
#set table(stroke: none, inset: (x: 6pt, y: 4pt))
#show table: set par(justify: false)
#show table.cell: set text(hyphenate: false)
#let numbered(words) = context {
  let right = page.width - 3.75cm - here().position().x
  box(width: 0pt, height: 0pt, place(bottom + left, dx: right - measure(words).width, words))
}
"""
"""How far things are apart, and the number of an equation.

Typst would set that anew on each of the pages on which the equation stands.
"""

_CONTENTS = '#outline(depth: 1, title: "Contents")\n'
"""What a long document begins with."""

_ALIGNMENT = {"r": "right", "c": "center"}
_NOTE = "width: 100%, breakable: false, stroke: (left: 1.5pt + gray), inset: (left: 12pt, y: 3pt)"
_QUOTED = 30.0
"""How much narrower the text of a note is, in points."""

_BREAKS = {
    "page": "#pagebreak(weak: true)",
    "ruled": "#block(width: 100%, height: 1fr, stroke: 0.4pt)\n#pagebreak(weak: true)",
}

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
    shown = f"#align(center, par(justify: false, text(1.6em, {string(title)})))\n"
    body = "\n".join(_body(blocks, LINE))
    return (
        f"#set document(title: {string(title)}, date: none)\n{_PREAMBLE}{shown}{contents}\n{body}"
    )


def _body(blocks: Sequence[Block], line: float, title: str = "") -> Iterator[str]:
    """Print blocks; no page ends between a sentence and what it leads to.

    Args:
        blocks: What is printed.
        line: The width that a row may take.
        title: What stands in front, in the first paragraph, if that comes first.
    """
    if title and not isinstance(blocks[0], Paragraph):
        title = f"#block(sticky: true)[{title}]\n\n"
    for block, after in zip(blocks, [*blocks[1:], None], strict=False):
        shown, title = title + _block(block, line), ""
        is_leading = isinstance(block, Paragraph) and isinstance(after, Rows | Matrices | Table)
        yield f"#block(width: 100%, sticky: true)[\n{shown}]\n" if is_leading else shown


def _block(block: Block, line: float) -> str:
    match block:
        case Heading():
            number = "" if block.counted else ", numbering: none"
            return f"#heading(level: {block.level}{number})[{_text(block.title)}]\n"
        case Paragraph():
            if not block.work:
                return f"{_text(block.text)}\n"
            return f"#metadata(none) <work-{block.work}>{_text(unlinked(block.text))}\n"
        case Rows():
            return _rows(block, line)
        case Matrices():
            shown = " #h(1.4em, weak: true) ".join(_matrix(m, line) for m in block.matrices)
            body = f"#par(justify: false, leading: 1.2em)[{shown}]"
            return f"#block(spacing: 0.9em, inset: (bottom: 0.5em))[\n{body}]\n"
        case Table():
            return _table(block)
        case Diagram():
            return _figure(block, line)
        case Note():
            return _note(block, line)
        case Emblems():
            return "#h(1fr)".join(map(_image, block.images)) + "\n"
        case Break():
            return f"{_BREAKS[block.kind]}\n"
    raise TypeError(f"no Typst for {type(block).__name__}")


def _image(image: Image) -> str:
    sizes = f"width: {image.width:g}pt, height: {image.height:g}pt"
    return f"#box(image({string(image.name)}, {sizes}, alt: {string(image.alt)}));"


def _rows(block: Rows, line: float) -> str:
    scale = shrunk(block.rows, line - any(row.number for row in block.rows) * NUMBER)
    lines = (map(_aligned, beside) for beside in display(block, line / scale))
    shown = "$ " + " \\\n".join(" & #h(2em) ".join(beside) for beside in lines) + " $\n"
    return f"#[#set text({scale}em)\n{shown}]\n" if scale < 1 else shown


def _aligned(line: Line) -> str:
    """Print a line around its alignment point, and its number at the right of the page."""
    target = f"#metadata(none)<equation-{line.number}>"
    number = f"#[{target}#numbered[({line.number})]]" if line.number else ""
    return f"{formula(line.left)} & {formula(line.right)}{number}"


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


def _table(block: Table) -> str:
    alignment = ", ".join(f"{_ALIGNMENT.get(c, 'left')} + horizon" for c in block.alignment)
    head, *rows = (", ".join(f"[{_text(c)}]" for c in row) for row in (block.header, *block.rows))
    made = (
        f"#table(columns: {len(block.alignment)}, align: ({alignment},),\n"
        f"  table.hline(stroke: 0.8pt),\n  table.header({head}, table.hline(stroke: 0.5pt)),\n"
        f"{''.join(f'  {row},' + chr(10) for row in rows)}  table.hline(stroke: 0.8pt),\n)\n"
    )
    return f"#block(breakable: false)[\n{made}]\n" if len(rows) <= extent.WHOLE else made


def _figure(block: Diagram, line: float) -> str:
    scale = min(1.0, (TEXT - LINE + line) / block.picture.width)
    shown = f"scale({scale:.1%}, reflow: true, {drawing(block.picture)})"
    alt = f"alt: {string(block.picture.alt)}"
    title = f"*{block.title}* " if block.number else ""
    caption = f"caption: [{title}{_text(block.caption)}], " if block.caption else ""
    label = f" <{block.reference.target}>" if block.number else ""
    return f"#figure({shown}, {alt}, {caption}numbering: none){label}\n"


def _note(block: Note, line: float) -> str:
    title = f"#strong[{_text(unlinked(block.title))}.] "
    body = "\n".join(_body(block.blocks, line - _QUOTED, title))
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
