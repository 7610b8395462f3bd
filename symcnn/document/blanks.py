"""The student's version: the same rows in the same order, with gaps to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import singledispatch

from symcnn.document import blocks
from symcnn.document.gaps import (
    DATE,
    NAME,
    POINTS,
    SIGN,
    count,
    entry_gap,
    formula_gap,
    number_gap,
    relation_in,
)
from symcnn.formula import Atom
from symcnn.formula import Row as Formula

_COMPARISONS = tuple(map(Atom, ("<", ">", r"\le", r"\leq", r"\ge", r"\geq")))

_ROUND = "Fill in the boxes. Round what is not exact."


def blanked(document: Iterable[blocks.Block]) -> Iterator[blocks.Block]:
    """Return the blocks with gaps, below a line for the student's name and points.

    Sections that give the solution away are left out.
    """
    every = list(document)
    open_ones = list(_blanked(every, number_gap(every)))
    points = sum(map(_gaps, blocks.flat(open_ones)))
    name, date, reached = map(blocks.Inline, (NAME, DATE, POINTS))
    total = f" of {points:,}" if points else ""
    yield blocks.paragraph("Name: ", name, " Date: ", date, " Points: ", reached, total)
    if points:
        yield blocks.paragraph(_ROUND)
    yield from open_ones


def _blanked(document: Iterable[blocks.Block], number: Formula) -> Iterator[blocks.Block]:
    hidden: int | None = None
    for block in document:
        if isinstance(block, blocks.Heading):
            hidden = _hidden(block, hidden)
        if hidden is None and getattr(block, "task", None) != ():
            yield _blank(block, number)


def _hidden(heading: blocks.Heading, hidden: int | None) -> int | None:
    """Return the level of the section that is being left out, if one is."""
    if hidden is not None and heading.level > hidden:
        return hidden
    return heading.level if heading.solution else None


@singledispatch
def _gaps(block: blocks.Block) -> int:
    """Count the gaps of a block, without those of the blocks in it: each is worth a point."""
    return 0


@_gaps.register
def _(block: blocks.Rows) -> int:
    return sum(map(_gaps_of_row, block.rows))


def _gaps_of_row(row: blocks.Row) -> int:
    return sum(count(term) for side in row.sides for term in side.terms)


@_gaps.register
def _(block: blocks.Table) -> int:
    parts = (part for row in block.rows for cell in row for part in cell)
    return sum(count(part.formula) for part in parts if isinstance(part, blocks.Inline))


@_gaps.register
def _(block: blocks.Matrices) -> int:
    figures = (f for matrix in block.matrices for row in matrix.figures for f in row)
    return sum(map(_gaps_of_row, figures))


@singledispatch
def _blank(block: blocks.Block, number: Formula) -> blocks.Block:
    """Leave a block open, with boxes of a size for numbers."""
    return block


@_blank.register
def _(block: blocks.Paragraph, number: Formula) -> blocks.Block:
    return block if block.task is None else blocks.Paragraph(block.task)


@_blank.register
def _(block: blocks.Rows, number: Formula) -> blocks.Block:
    """Leave formulas and values open, behind one sign: an approximation is no zero."""
    value, formula = (blocks.Side(blocks.EQUAL, (gap,)) for gap in (number, formula_gap(block)))
    return blocks.Rows(tuple(_blank_row(row.asked or row, value, formula) for row in block.rows))


@_blank.register
def _(block: blocks.Table, number: Formula) -> blocks.Block:
    rows = (
        tuple(
            tuple(_part(part, number) for part in cell)
            if n in block.tasks
            else (blocks.Inline(number),)
            if n in block.wholes and cell
            else tuple(map(_unsigned, cell))
            if n in block.signs
            else cell
            for n, cell in enumerate(row)
        )
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


@_blank.register
def _(block: blocks.Matrices, number: Formula) -> blocks.Block:
    if not block.task:
        return block
    return blocks.Matrices(tuple(_blank_matrix(matrix, number) for matrix in block.matrices))


def _blank_matrix(matrix: blocks.Matrix, number: Formula) -> blocks.Matrix:
    side = blocks.Side(blocks.EQUAL, (entry_gap(matrix, number),))
    return blocks.Matrix(
        matrix.left, tuple(tuple(replace(f, sides=(side,)) for f in row) for row in matrix.figures)
    )


@_blank.register
def _(block: blocks.Note, number: Formula) -> blocks.Block:
    return replace(block, blocks=tuple(_blank(inner, number) for inner in block.blocks))


@_blank.register
def _(block: blocks.Diagram, number: Formula) -> blocks.Block:
    caption = block.caption if block.asked is None else block.asked
    return replace(block, picture=block.task or block.picture, caption=caption)


def _blank_row(row: blocks.Row, value: blocks.Side, formula: blocks.Side) -> blocks.Row:
    """Leave a row open; a formula that is a number already is not told from others."""
    if row.task == "nothing":
        return row
    first, *others = row.sides
    if row.task == "formula":
        return replace(row, sides=(formula, value) if row.claim.value is not None else (formula,))
    return replace(row, sides=(first, value) if others else (value,))


def _part(part: blocks.Part, number: Formula) -> blocks.Part:
    """Leave a cell's values open: "x_1 = 1, x_2 = 2" becomes "x_1 = __, x_2 = __"."""
    if not isinstance(part, blocks.Inline):
        given = not isinstance(part, str) or part.strip() in ("", ",", ";")
        return part if given else blocks.Inline(number)
    relation = relation_in(part.formula)
    if relation is None:
        return blocks.Inline(number)
    return blocks.inline(*part.formula.parts[:relation], blocks.EQUAL, number)


def _unsigned(part: blocks.Part) -> blocks.Part:
    """Leave a comparison's sign open."""
    if not isinstance(part, blocks.Inline):
        return part
    return blocks.inline(*(SIGN if p in _COMPARISONS else p for p in part.formula.parts))
