"""The student's version: the same rows in the same order, with gaps to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import singledispatch

from symcnn.document import blocks
from symcnn.formula import Accent, Atom
from symcnn.formula import Row as Formula
from symcnn.formula.build import row
from symcnn.formula.signs import UNDERLINE

_RELATIONS = (Atom(blocks.EQUAL), Atom(blocks.ROUNDED))

_COMPARISONS = tuple(map(Atom, ("<", ">", r"\le", r"\leq", r"\ge", r"\geq")))


def _gap(wide: int) -> Formula:
    """Return a line to write on, as wide as so many letters m."""
    return row(Accent(UNDERLINE, row(*[r"\qquad"] * wide)))


GAP, WIDE_GAP = _gap(2), _gap(6)

_VALUE, _FORMULA = (blocks.Side(blocks.EQUAL, (gap,)) for gap in (GAP, WIDE_GAP))
"""What is left open, always behind the same sign: an approximation is no zero."""


def blanked(document: Iterable[blocks.Block]) -> Iterator[blocks.Block]:
    """Return the blocks with gaps, below a line for the student's name and points.

    Sections that give the solution away are left out.
    """
    open_ones = list(_blanked(document))
    points = sum(map(_gaps, blocks.flat(open_ones)))
    name, date, reached = map(blocks.Inline, (WIDE_GAP, GAP, GAP))
    total = f" of {points:,}" if points else ""
    yield blocks.paragraph("Name: ", name, " Date: ", date, " Points: ", reached, total)
    yield from open_ones


def _blanked(document: Iterable[blocks.Block]) -> Iterator[blocks.Block]:
    hidden: int | None = None
    for block in document:
        if isinstance(block, blocks.Heading):
            hidden = _hidden(block, hidden)
        if hidden is None and getattr(block, "task", None) != ():
            yield _blank(block)


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
    return sum(_in(term) for side in row.sides for term in side.terms)


@_gaps.register
def _(block: blocks.Table) -> int:
    parts = (part for row in block.rows for cell in row for part in cell)
    return sum(_in(part.formula) for part in parts if isinstance(part, blocks.Inline))


@_gaps.register
def _(block: blocks.Matrices) -> int:
    figures = (f for matrix in block.matrices for row in matrix.figures for f in row)
    return sum(map(_gaps_of_row, figures))


def _in(formula: Formula) -> int:
    return sum(part in (*GAP.parts, *WIDE_GAP.parts) for part in formula.parts)


@singledispatch
def _blank(block: blocks.Block) -> blocks.Block:
    return block


@_blank.register
def _(block: blocks.Paragraph) -> blocks.Block:
    return block if block.task is None else blocks.Paragraph(block.task)


@_blank.register
def _(block: blocks.Rows) -> blocks.Block:
    """Leave formulas and values open."""
    return blocks.Rows(tuple(map(_blank_row, block.rows)))


@_blank.register
def _(block: blocks.Table) -> blocks.Block:
    rows = (
        tuple(
            tuple(map(_part, cell))
            if n in block.tasks
            else (blocks.Inline(GAP),)
            if n in block.wholes
            else tuple(map(_unsigned, cell))
            if n in block.signs
            else cell
            for n, cell in enumerate(row)
        )
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


@_blank.register
def _(block: blocks.Matrices) -> blocks.Block:
    if not block.task:
        return block
    return blocks.Matrices(
        tuple(
            blocks.Matrix(
                matrix.left,
                tuple(tuple(replace(f, sides=(_VALUE,)) for f in row) for row in matrix.figures),
            )
            for matrix in block.matrices
        )
    )


@_blank.register
def _(block: blocks.Note) -> blocks.Block:
    return replace(block, blocks=tuple(map(_blank, block.blocks)))


@_blank.register
def _(block: blocks.Diagram) -> blocks.Block:
    caption = block.caption if block.asked is None else block.asked
    return replace(block, picture=block.task or block.picture, caption=caption)


def _blank_row(row: blocks.Row) -> blocks.Row:
    """Leave a row open; a formula that is a number already is not told from others."""
    row = row.asked or row
    if row.task == "nothing":
        return row
    first, *others = row.sides
    if row.task == "formula":
        return replace(
            row, sides=(_FORMULA, _VALUE) if row.claim.value is not None else (_FORMULA,)
        )
    return replace(row, sides=(first, _VALUE) if others else (_VALUE,))


def _part(part: blocks.Part) -> blocks.Part:
    """Leave a cell's values open: "x_1 = 1, x_2 = 2" becomes "x_1 = __, x_2 = __"."""
    if not isinstance(part, blocks.Inline):
        given = isinstance(part, blocks.Reference) or part.strip() in ("", ",", ";")
        return part if given else blocks.Inline(GAP)
    parts = part.formula.parts
    relation = next((n for n, sign in enumerate(parts) if sign in _RELATIONS and n), None)
    if relation is None:
        return blocks.Inline(GAP)
    return blocks.inline(*parts[:relation], blocks.EQUAL, GAP)


def _unsigned(part: blocks.Part) -> blocks.Part:
    """Leave a comparison's sign open."""
    if not isinstance(part, blocks.Inline):
        return part
    return blocks.inline(*(GAP if p in _COMPARISONS else p for p in part.formula.parts))
