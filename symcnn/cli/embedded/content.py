"""Blocks as plain data, which a file can keep: lists, texts and numbers.

A formula is LaTeX, for whatever sets a page's mathematics, and MathML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from symcnn.document.blocks import (
    EQUAL,
    Address,
    Block,
    Diagram,
    Heading,
    Inline,
    Matrices,
    Note,
    Paragraph,
    Part,
    Reference,
    Row,
    Rows,
    Side,
    Table,
    Text,
)
from symcnn.document.claims import Claim
from symcnn.document.pages.html.elements import grid, matrices
from symcnn.document.pages.html.formulas import formula
from symcnn.document.pages.html.text import PHONE, joined
from symcnn.document.pages.latex_text import escaped
from symcnn.document.pages.writers import md
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.svg import standalone, svg
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex

Data = dict[str, Any]
"""A block, with its ``kind``."""


def of_blocks(blocks: Iterable[Block]) -> list[Data]:
    """Return blocks as data; what is for paper alone is left out."""
    return [data for block in blocks for data in _of(block)]


def _of(block: Block) -> Iterator[Data]:
    match block:
        case Heading():
            yield {"kind": "heading", "level": block.level, "text": words(block.title)}
        case Paragraph():
            yield {"kind": "paragraph", "text": words(block.text), "work": block.work}
        case Rows():
            yield from _displays(block)
        case Matrices():
            yield _display(md.matrices_in_lines(block), matrices(block))
        case Table():
            rows = [[words(cell) for cell in row] for row in (block.header, *block.rows)]
            yield {"kind": "table", "rows": rows, "alignment": block.alignment}
        case Diagram():
            yield _figure(block)
        case Note():
            inside = of_blocks(block.blocks)
            title = words(block.title)
            yield {"kind": "note", "text": title, "blocks": inside, "theorem": block.theorem}


def words(text: Text) -> list[Any]:
    """Return a sentence: words, and one of its other parts each a table."""
    return [part if isinstance(part, str) else _part(part) for part in text]


def _part(part: Part) -> Data:
    if isinstance(part, Inline):
        return in_sentence(part.formula)
    if isinstance(part, Reference):
        return {"refers": part.kind, "number": part.number, "words": part.words}
    assert isinstance(part, Address)  # citations are numbered, or gone, in a document
    return {"url": part.url}


def in_sentence(tree: Formula) -> Data:
    """Return a formula inside a sentence."""
    return {"latex": latex(tree), "html": joined(formula(tree, PHONE), PHONE)}


def alone(left: Formula, right: Formula) -> Data:
    """Return left = right: apart from sentences, in several lines where it is wide, and in one."""
    rows = Rows((Row(left, (Side(EQUAL, (right,)),), _NOTHING),))
    (lines,) = md.row_lines(rows)
    one = in_sentence(row(left, "=", right))
    made = _display(md.aligned(rows) if len(lines) > 1 else one["latex"], grid(rows))
    return {**made, "sentence": one}


_NOTHING = Claim((), lambda symbol: ())
"""What a formula that was checked when it was made claims here."""


def _display(text: str, html: str, number: str = "") -> Data:
    return {"kind": "display", "latex": text, "html": html, "number": number}


def _displays(block: Rows) -> Iterator[Data]:
    """Run over the rows; one that has a number stands by itself, so that the page can count it."""
    for rows, text in md.displays(block):
        shown = grid(Rows(tuple(replace(one, number="") for one in rows)))
        yield _display(text, shown, rows[0].number)


def _figure(block: Diagram) -> Data:
    shown = picture(block.picture)
    narrow = block.narrow and svg(block.narrow.picture, themed=True)
    if narrow:
        shown["svg"] = (
            f'<div class="broad">\n{shown["svg"]}\n</div>\n<div class="narrow">\n{narrow}\n</div>'
        )
    return {**shown, "text": words(block.caption), "number": block.number}


def picture(drawn: Picture) -> Data:
    """Return a picture without a caption."""
    return {
        "kind": "figure",
        "svg": svg(drawn, themed=True),
        "file": standalone(drawn),
        "tikz": tikz(drawn, escaped),
        "width": drawn.width,
        "alt": drawn.alt,
        "text": [],
        "number": "",
    }
