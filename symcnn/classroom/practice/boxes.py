"""The boxes of a student's version, each with the figure that is to be written into it.

A row's last box is for its value, and one before it, or without a value, for its formula. A box of
a matrix is for its entry, the boxes of a table that lists figures are for these, one after the
other, and those of a table that has answers for its answers. A box for an entry that only copies
another one is for the figure of that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any, NamedTuple

from sympy import Expr

from symcnn.document.blocks import (
    Block,
    Inline,
    Matrices,
    Matrix,
    Note,
    Paragraph,
    Part,
    Row,
    Rows,
    Side,
    Table,
    Text,
)
from symcnn.document.rows.gaps import DATE, NAME, POINTS, count, relation_in
from symcnn.writing.formula import Formula, Gap

OPENING = {NAME: "student", DATE: "date", POINTS: "score"}
"""The names of the boxes of the first line: who writes, when, and how many points it earns."""


def name_of(figure: int) -> str:
    """Return the name of the boxes of a figure."""
    return f"box-{figure}"


def asked_for(blocks: Iterable[Block]) -> Iterator[Expr]:
    """Run over what boxes are for, in rows and matrices."""
    finder = _Finder()
    for block in blocks:
        finder.one(block)
    return iter(finder.found)


class FormulaBox(NamedTuple):
    """A box for a formula.

    Attributes:
        figure: The number of the figure that the formula is of.
        closed: Whether the formulas of the backward pass are to be put in.
    """

    figure: int
    closed: bool


def bound(
    blocks: Iterable[Block], figures: Mapping[Expr, int], letters: Mapping[Any, int]
) -> tuple[tuple[Block, ...], list[FormulaBox]]:
    """Return blocks whose boxes have the names of figures or formulas, and these formulas.

    Args:
        blocks: The blocks.
        figures: The figures, by what they are of.
        letters: The same, by the parts of what is printed for it; in tables boxes stand behind it.
    """
    binder = _Binder(figures, letters)
    return tuple(map(binder.one, blocks)), binder.formulas


class _Binder:
    """Gives boxes their names."""

    def __init__(self, figures: Mapping[Expr, int], letters: Mapping[Any, int]) -> None:
        self._figures, self._letters = figures, letters
        self.formulas: list[FormulaBox] = []

    @singledispatchmethod
    def one(self, block: Block) -> Block:
        """Return a block with named boxes."""
        return block

    @one.register
    def _(self, block: Note) -> Block:
        return replace(block, blocks=tuple(map(self.one, block.blocks)))

    @one.register
    def _(self, block: Rows) -> Block:
        return replace(block, rows=tuple(map(self._row, block.rows)))

    @one.register
    def _(self, block: Matrices) -> Block:
        return replace(block, matrices=tuple(map(self._matrix, block.matrices)))

    @one.register
    def _(self, block: Table) -> Block:
        listed, answers = iter(_listed(block)), {(r, c): e for r, c, e in block.answers}
        rows = (
            tuple(
                self._answer(cell, answers[r, c])
                if (r, c) in answers
                else self._cell(cell, listed)
                if c
                else cell
                for c, cell in enumerate(row)
            )
            for r, row in enumerate(block.rows)
        )
        return replace(block, rows=tuple(rows))

    def _answer(self, cell: Text, answer: Expr) -> Text:
        number = self._figure(answer)
        if number is None:
            return cell
        return tuple(
            Inline(_named(part.formula, name_of(number))) if isinstance(part, Inline) else part
            for part in cell
        )

    def _cell(self, cell: Text, listed: Iterator[Row]) -> Text:
        return tuple(
            self._part(p, next(listed, None)) if isinstance(p, Inline) else p for p in cell
        )

    @one.register
    def _(self, block: Paragraph) -> Block:
        return replace(block, text=tuple(map(_opening, block.text)))

    def _matrix(self, matrix: Matrix) -> Matrix:
        figures = tuple(tuple(map(self._row, line)) for line in matrix.figures)
        return replace(matrix, figures=figures)

    def _row(self, row: Row) -> Row:
        if row.task == "formula" and len(row.claim.left) == 1 and _has_box(row.sides[0]):
            row = self._with_formula(row)
        figure = self._figure(self.target(row))
        if figure is None:
            return row
        *others, last = row.sides
        return replace(row, sides=(*others, _side(last, name_of(figure))))

    def _with_formula(self, row: Row) -> Row:
        """Name the first box of a row, which is for its formula."""
        figure = self._figure(row.claim.left[0])
        if figure is None:
            return row
        first, *others = row.sides
        self.formulas.append(FormulaBox(figure, closed=row.claim.value is None))
        return replace(row, sides=(_side(first, f"formula-{len(self.formulas) - 1}"), *others))

    def _part(self, part: Inline, figure: Row | None) -> Part:
        """Name the box of a table: what its figure claims, or what stands before it, says which."""
        at = relation_in(part.formula)
        if at is not None:
            number = self._letters.get(part.formula.parts[:at])
        elif figure is not None and isinstance(part.formula.parts[0], Gap):
            number = self._figure(figure.claim.left[0])
        else:
            number = None
        return part if number is None else Inline(_named(part.formula, name_of(number)))

    def _figure(self, entry: Expr | None) -> int | None:
        return None if entry is None else self._figures.get(entry)

    def target(self, row: Row) -> Expr | None:
        """Return what the last box of a row is for, if it is for a number."""
        has_box = bool(row.sides) and _has_box(row.sides[-1])
        if not has_box or len(row.claim.left) != 1 or row.claim.value is None:
            return None
        return row.claim.left[0]


class _Finder(_Binder):
    """Finds what boxes are for."""

    def __init__(self) -> None:
        super().__init__({}, {})
        self.found: list[Expr] = []

    def _figure(self, entry: Expr | None) -> int | None:
        if entry is not None:
            self.found.append(entry)
        return None


def _listed(table: Table) -> Iterable[Row]:
    """Return the figures of a table, if they are all that stands behind its first column."""
    behind = (part for row in table.rows for cell in row[1:] for part in cell)
    shown = sum(isinstance(part, Inline) for part in behind)
    return table.figures if shown == len(table.figures) else ()


def _has_box(side: Side) -> bool:
    return any(map(count, side.terms))


def _opening(part: Part) -> Part:
    """Name a box of the first line."""
    if isinstance(part, Inline) and part.formula in OPENING:
        return Inline(_named(part.formula, OPENING[part.formula]))
    return part


def _side(side: Side, name: str) -> Side:
    return Side(side.relation, tuple(_named(term, name) for term in side.terms))


def _named(formula: Formula, name: str) -> Formula:
    parts = (part._replace(name=name) if isinstance(part, Gap) else part for part in formula.parts)
    return Formula(tuple(parts))
