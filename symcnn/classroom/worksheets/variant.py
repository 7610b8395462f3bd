"""A variant of a worksheet: its sheet, its key and its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import fsum

from symcnn.classroom.explain import explain
from symcnn.classroom.marking.quantity_letters import letter_of
from symcnn.classroom.spreadsheets import spreadsheet
from symcnn.classroom.worksheets.figures import KeyFigure, key_figures
from symcnn.classroom.worksheets.folder import Part
from symcnn.classroom.worksheets.levels import asked_at, known_at, sections_at, shown_at
from symcnn.classroom.worksheets.page import SheetPage
from symcnn.document.document import Document
from symcnn.document.outline import Level
from symcnn.document.pages.dialects import Math
from symcnn.document.pages.writers import Files
from symcnn.document.rows.points import Listed, Points
from symcnn.problems import Problem
from symcnn.writing.printing.manner import DecimalMark

WORKBOOK = "xlsx"
"""The format of sheets that is no document."""


@dataclass(frozen=True)
class Style:
    """How sheets are written.

    Attributes:
        level: What they ask for.
        digits: The significant digits to which students round.
        index_base: The index of the first entry of an axis.
        decimal: The decimal mark.
    """

    level: Level = "full"
    digits: int = 4
    index_base: int = 1
    decimal: DecimalMark = "."


@dataclass(frozen=True)
class Variant:
    """One sheet with its key.

    Attributes:
        number: Its number, from 1.
        problem: The problem with its numbers, which ``mark`` takes.
        style: How it is written.
    """

    number: int
    problem: Problem
    style: Style

    @cached_property
    def quantities(self) -> list[str]:
        """The quantities that are asked for, in the order of computation."""
        return asked_at(self.problem, self.style.level)

    @cached_property
    def figures(self) -> list[KeyFigure]:
        """The figures of the key."""
        return key_figures(self.problem, self.quantities, self.style.digits)

    @cached_property
    def key(self) -> Document:
        """The solution, below the points of quantities if these are to be listed."""
        solution = self._solution
        return replace(solution, blocks=(*self._points.table(), *solution.blocks))

    @cached_property
    def _points(self) -> Points:
        """The points of the sheet, listed where not every figure of its level has one."""
        total = fsum(figure.points for figure in self.figures)
        own = known_at(self.problem, self.style.level)
        if own == self.quantities and not self.problem.worth.points:
            return Points(total)
        listed = map(self._listed, self.quantities)
        return Points(total, tuple(listed), has_others=own != self.quantities)

    def _listed(self, name: str) -> Listed:
        own = [figure.points for figure in self.figures if figure.quantity == name]
        return Listed(name, letter_of(self.problem, name), len(own), fsum(own))

    @cached_property
    def _solution(self) -> Document:
        return explain(
            self.problem,
            detail="brief",
            sections=sections_at(self.style.level),
            quantities=shown_at(self.problem, self.style.level),
            digits=self.style.digits,
            index_base=self.style.index_base,
            decimal=self.style.decimal,
        )

    @cached_property
    def sheet(self) -> Document:
        """The student's version: the solution with boxes in place of its figures.

        It has a point for every figure that is marked, in however many boxes it stands.
        """
        return self._solution.with_blanks(self._points)

    def files(self, format: str, number: str) -> Files:
        """Return the sheet and the key in a format: as documents, or as workbooks."""
        return {name: text for part in self.parts(format, number) for name, text in part().items()}

    def parts(self, format: str, number: str, math: Math = "github") -> Sequence[Part]:
        """Return what makes them, each by itself."""
        sheet, key = f"sheet-{number}", f"key-{number}"
        if format == WORKBOOK:
            return [partial(self._workbooks, sheet, key)]
        return [
            partial(self.sheet.files, format, sheet, math),
            partial(self.key.files, format, key, math),
        ]

    def _workbooks(self, sheet: str, key: str) -> Files:
        workbook = spreadsheet(self.problem)
        shown = {*shown_at(self.problem, self.style.level)}
        cells = [name for name in workbook.computed if name in shown]
        blank = workbook.to_xlsx(blank=True, quantities=cells)
        return {f"{sheet}.xlsx": blank, f"{key}.xlsx": workbook.to_xlsx()}

    @cached_property
    def question(self) -> SheetPage:
        """The question for Moodle."""
        style = self.style
        return SheetPage(self.problem, self.sheet, self.figures, style.digits, style.index_base)

    def __repr__(self) -> str:
        """Name the variant."""
        return f"<Variant {self.number}: {self.problem.title!r}>"
