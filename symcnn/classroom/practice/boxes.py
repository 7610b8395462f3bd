"""The boxes of a student's version, each with the figure that is to be written into it.

A row's last box is for its value, and one before it, or without a value, for its formula. A box of
a matrix is for its entry, the boxes of a table that lists figures are for these, one after the
other, and those of a table that has answers for its answers. A box for an entry that only copies
another one is for the figure of that one.

Which figures of a student's version have boxes or copy those that do, and what they earn.

They are those of ``symcnn mark``: sheets, pages for practice and markings have one total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, singledispatchmethod
from typing import Any, NamedTuple

from sympy import Expr

from symcnn.classroom.marking.asked import AFTER_A_STEP, expression_of, order_of, scheme
from symcnn.classroom.marking.pages.worked import letter_of
from symcnn.document.bindings import AFTER_THE_STEP
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
from symcnn.document.rows.gaps import DATE, NAME, POINTS, count, gaps, relation_in
from symcnn.document.rows.points import Listed, Points
from symcnn.document.traversal import flat
from symcnn.errors import SymcnnError
from symcnn.problems import Problem, Worth
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


@dataclass(frozen=True, eq=False)
class Boxed:
    """The boxes of a problem's student's version."""

    problem: Problem
    boxes: Sequence[Expr]

    @cached_property
    def entries(self) -> set[Expr]:
        """What boxes are for, with what is copied there."""
        return {original for entry in self.boxes for original in self.copied(entry)}

    def has(self, entry: Expr) -> bool:
        """Tell whether an entry has a box, or copies what has."""
        return bool(self.entries & {*self.copied(entry)})

    def copied(self, entry: Expr) -> Iterator[Expr]:
        """Run over an entry, and over those that it is a copy of, one of the other."""
        entries = self.problem.derivation.entries
        found: Expr | None = entry
        while found is not None and found.is_Symbol:
            yield found
            found = entries.formula(found) if entries.where(found) else None
        if not entry.is_Symbol:
            yield entry

    def with_copies(self, numbers: Mapping[Expr, int]) -> dict[Expr, int]:
        """Return the numbers of figures by what they are of, and by copies of that."""
        found = dict(numbers)
        for entry, number in numbers.items():
            for original in self.copied(entry):
                found.setdefault(original, number)
        for entry in self.boxes:
            for original in self.copied(entry):
                if original in found:
                    found.setdefault(entry, found[original])
        return found

    def of(self, quantity: str) -> Iterator[Expr]:
        """Run over what the figures of a quantity are of."""
        if quantity == AFTER_A_STEP:
            yield AFTER_THE_STEP
            return
        positions: Iterable[tuple[int, ...]] = self.problem.quantities.shape(quantity).positions()
        yield from (expression_of(self.problem, quantity, at) for at in positions)


def asking(
    problem: Problem,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
) -> Problem:
    """Return a problem that asks for some quantities, and gives points for them.

    Args:
        problem: The problem.
        quantities: The names of those that earn points; by default as it states.
        points: The points of quantities, besides those that it states.

    Raises:
        SymcnnError: If a quantity is unknown, or points are not non-negative numbers.
    """
    if not quantities and not points:
        return problem
    chosen = scheme(problem, quantities or None, points)
    return replace(problem, worth=Worth(chosen.quantities, dict(chosen.points), chosen.carried))


def earned(problem: Problem, student: Iterable[Block]) -> Points:
    """Return the points of a student's version.

    Raises:
        TooLargeError: If more figures are asked for than can be marked.
    """
    every = [*flat(student)]
    boxed, chosen = Boxed(problem, tuple(asked_for(every))), scheme(problem)
    found, earning = list[Listed](), set[Any]()
    for name in sorted(chosen.quantities, key=order_of(problem)):
        entries = [*boxed.of(name)]
        own = [entry for entry in entries if boxed.has(entry)]
        points = len(own) * chosen.of_figure(name, len(entries))
        if points:
            found.append(Listed(name, _letter(problem, name), len(own), points))
            earning |= {original for entry in own for original in boxed.copied(entry)}
    counted = sum(bool(earning & {*boxed.copied(box)}) for box in boxed.boxes)
    total = sum(listed.points for listed in found)
    listed = () if problem.worth.is_usual else tuple(found)
    return Points(total, listed, counted < sum(map(gaps, every)))


def without_boxes(problem: Problem, student: Iterable[Block]) -> list[str]:
    """Return the quantities that earn points, and of which not all figures have boxes."""
    boxed, chosen = Boxed(problem, tuple(asked_for(flat(student)))), scheme(problem)
    return [
        name
        for name in sorted(chosen.quantities, key=order_of(problem))
        if chosen.of_figure(name, 1) and not all(map(boxed.has, boxed.of(name)))
    ]


def _letter(problem: Problem, name: str) -> Any:
    try:
        return letter_of(problem, name)
    except (KeyError, SymcnnError):  # a routing, and what is reached after some steps, have none
        return None
