"""The student's version: the same rows in the same order, with gaps to fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from symcnn.document import blocks
from symcnn.document.numbering import texts
from symcnn.document.outline import SOLUTION
from symcnn.document.rows.gaps import (
    DATE,
    NAME,
    NUMBER,
    POINTS,
    SIGN,
    SYMBOLS,
    entry_gap,
    formula_gap,
    gaps,
    relation_in,
)
from symcnn.document.rows.points import Points, in_points
from symcnn.document.traversal import flat
from symcnn.document.words.precision import to_be_given
from symcnn.writing.formula import Atom

_COMPARISONS = tuple(map(Atom, ("<", ">", r"\le", r"\leq", r"\ge", r"\geq")))

Worth = Callable[[Sequence[blocks.Block]], Points]
"""Takes the blocks of a student's version, and returns the points that can be earned."""

_FILL = "Fill in the boxes. "
_DRAWN = " Pictures carry no points."


def blanked(
    document: Iterable[blocks.Block], digits: int, worth: Worth | None = None
) -> Iterator[blocks.Block]:
    """Return the blocks with gaps, below a line for the student's name and points.

    Sections that give the solution away are left out.

    Args:
        document: The blocks.
        digits: The significant digits that are asked for.
        worth: Finds the points that can be earned; by default every box is worth one.
    """
    every = tuple(document)
    open_ones = _without_works(every, tuple(_blanked(every)))
    boxes = sum(map(gaps, flat(open_ones)))
    points = Points(boxes) if worth is None else worth(open_ones)
    name, date, reached = map(blocks.Inline, (NAME, DATE, POINTS))
    total = f" of {in_points(points.total)}" if points.total else ""
    yield blocks.paragraph("Name: ", name, " Date: ", date, " Points: ", reached, total)
    if boxes:
        drawn = any(isinstance(block, blocks.Diagram) and block.redrawn for block in every)
        said = _FILL + to_be_given(digits)
        once = points.said() if points.total and worth is not None else ""
        yield blocks.paragraph(said + once + (_DRAWN if drawn else ""))
    yield from points.table()
    yield from open_ones


def _without_works(
    every: Iterable[blocks.Block], open_ones: Iterable[blocks.Block]
) -> list[blocks.Block]:
    """Leave out the works that only sections cite which are left out."""
    lost = _cited(every) - _cited(open_ones)
    return [b for b in open_ones if not (isinstance(b, blocks.Paragraph) and b.work in lost)]


def _cited(document: Iterable[blocks.Block]) -> set[str]:
    """Return the numbers of the works that are cited, but for the list of them."""
    citing = (b for b in document if not (isinstance(b, blocks.Paragraph) and b.work))
    parts = (part for text in texts(citing) for part in text)
    return {p.number for p in parts if isinstance(p, blocks.Reference) and p.kind == "work"}


def _blanked(document: Iterable[blocks.Block]) -> Iterator[blocks.Block]:
    """Leave out what gives the solution away, and open the rest."""
    for block in document:
        if block.role not in SOLUTION:
            yield from map(_blank, (block,) if block.asked is None else block.asked)


def _blank(block: blocks.Block) -> blocks.Block:
    """Leave open what a student fills in."""
    match block:
        case blocks.Rows():  # behind one sign: an approximation is no zero
            gaps = NUMBER, formula_gap(block)
            value, formula = (blocks.Side(blocks.EQUAL, (gap,)) for gap in gaps)
            rows = tuple(_blank_row(row.open, value, formula) for row in block.rows)
            return blocks.Rows(rows, alike=block.alike)
        case blocks.Table():
            opened = tuple(
                tuple(_cell(c, block.tasks.get(column, "nothing")) for column, c in enumerate(row))
                for row in block.rows
            )
            return replace(block, rows=opened, on_paper=_blank_on_paper(block))
        case blocks.Matrices() if block.task:
            matrices = tuple(map(_blank_matrix, block.matrices))
            return blocks.Matrices(matrices, on_paper=_blank_on_paper(block))
        case blocks.Note():
            return replace(block, blocks=tuple(_blanked(block.blocks)))
        case blocks.Diagram():
            return block.for_students()
    return block


def _cell(cell: blocks.Text, task: blocks.Task) -> blocks.Text:
    """Leave a cell of a table open."""
    if task == "symbols":
        return (blocks.Inline(SYMBOLS),) if cell else ()
    opened = {"value": _part, "sign": _unsigned}.get(task)
    return tuple(map(opened, cell)) if opened else cell


def _blank_on_paper(block: blocks.Table | blocks.Matrices) -> tuple[blocks.Block, ...] | None:
    return None if block.on_paper is None else tuple(map(_blank, block.on_paper))


def _blank_matrix(matrix: blocks.Matrix) -> blocks.Matrix:
    gap = entry_gap(matrix.left, len(matrix.figures[0]))
    side = blocks.Side(blocks.EQUAL, (gap,))
    return blocks.Matrix(
        matrix.left, tuple(tuple(replace(f, sides=(side,)) for f in row) for row in matrix.figures)
    )


def _blank_row(row: blocks.Row, value: blocks.Side, formula: blocks.Side) -> blocks.Row:
    """Leave a row open; a formula that is a number already is not told from others."""
    if row.task == "nothing":
        return row
    first, *others = row.sides
    if row.task == "formula":
        return replace(row, sides=(formula, value) if row.claim.value is not None else (formula,))
    return replace(row, sides=(first, value) if others else (value,))


def _part(part: blocks.Part) -> blocks.Part:
    """Leave a cell's values open: "x_1 = 1, x_2 = 2" becomes "x_1 = __, x_2 = __"."""
    if not isinstance(part, blocks.Inline):
        given = not isinstance(part, str) or part.strip() in ("", ",", ";")
        return part if given else blocks.Inline(NUMBER)
    relation = relation_in(part.formula)
    if relation is None:
        return blocks.Inline(NUMBER)
    return blocks.inline(*part.formula.parts[:relation], blocks.EQUAL, NUMBER)


def _unsigned(part: blocks.Part) -> blocks.Part:
    if not isinstance(part, blocks.Inline):
        return part
    return blocks.inline(*(SIGN if p in _COMPARISONS else p for p in part.formula.parts))
