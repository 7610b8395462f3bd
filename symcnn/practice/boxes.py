"""The boxes of a student's version, each with the figure that is to be written into it.

A row's last box is for its value, and a box of a matrix for its entry. A box for an entry that only
copies another one is for the figure of that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

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
)
from symcnn.document.gaps import POINTS, relation_in
from symcnn.formula import Gap
from symcnn.formula import Row as Formula

SCORE = "score"
"""The name of the box for the points."""


def name_of(figure: int) -> str:
    """Return the name of the boxes of a figure."""
    return f"box-{figure}"


def asked_for(blocks: Iterable[Block]) -> Iterator[Expr]:
    """Run over what boxes are for, in rows and matrices."""
    finder = _Finder()
    for block in blocks:
        finder.one(block)
    return iter(finder.found)


def bound(
    blocks: Iterable[Block], figures: Mapping[Expr, int], letters: Mapping[Any, int]
) -> tuple[Block, ...]:
    """Return blocks whose boxes have the names of figures.

    Args:
        blocks: The blocks.
        figures: The figures, by what they are of.
        letters: The same, by the parts of what is printed for it; in tables boxes stand behind it.
    """
    return tuple(map(_Binder(figures, letters).one, blocks))


class _Binder:
    """Gives boxes their names."""

    def __init__(self, figures: Mapping[Expr, int], letters: Mapping[Any, int]) -> None:
        self._figures, self._letters = figures, letters

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
        rows = (tuple(tuple(map(self._part, cell)) for cell in line) for line in block.rows)
        return replace(block, rows=tuple(rows))

    @one.register
    def _(self, block: Paragraph) -> Block:
        named = (Inline(_named(POINTS, SCORE)) if p == Inline(POINTS) else p for p in block.text)
        return replace(block, text=tuple(named))

    def _matrix(self, matrix: Matrix) -> Matrix:
        figures = tuple(tuple(map(self._row, line)) for line in matrix.figures)
        return replace(matrix, figures=figures)

    def _row(self, row: Row) -> Row:
        entry = self.target(row)
        if entry is None or entry not in self._figures:
            return row
        *others, last = row.sides
        terms = tuple(_named(term, name_of(self._figures[entry])) for term in last.terms)
        return replace(row, sides=(*others, Side(last.relation, terms)))

    def _part(self, part: Part) -> Part:
        if not isinstance(part, Inline) or (at := relation_in(part.formula)) is None:
            return part
        figure = self._letters.get(part.formula.parts[:at])
        return part if figure is None else Inline(_named(part.formula, name_of(figure)))

    def target(self, row: Row) -> Expr | None:
        """Return what the last box of a row is for, if it is for a number."""
        ends = row.sides[-1].terms if row.sides else ()
        has_box = any(isinstance(part, Gap) for term in ends for part in term.parts)
        if not has_box or len(row.claim.left) != 1 or row.claim.value is None:
            return None
        return row.claim.left[0]


class _Finder(_Binder):
    """Finds what boxes are for."""

    def __init__(self) -> None:
        super().__init__({}, {})
        self.found: list[Expr] = []

    def _row(self, row: Row) -> Row:
        entry = self.target(row)
        if entry is not None:
            self.found.append(entry)
        return row


def _named(formula: Formula, name: str) -> Formula:
    """Return a formula whose boxes have a name."""
    parts = (part._replace(name=name) if isinstance(part, Gap) else part for part in formula.parts)
    return Formula(tuple(parts))
