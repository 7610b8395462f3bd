"""The one call that makes a workbook of a problem."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from symcnn.classroom.spreadsheets.contents import Contents
from symcnn.errors import SymcnnError
from symcnn.problems import Problem, check_problem


@dataclass(frozen=True)
class Spreadsheet:
    """A problem as a workbook for Excel, LibreOffice and the like.

    Attributes:
        problem: The problem.
    """

    problem: Problem

    @cached_property
    def contents(self) -> Contents:
        """What stands on the sheets."""
        return Contents(self.problem)

    @property
    def computed(self) -> list[str]:
        """The quantities that a blank workbook can ask for, in the order of computation."""
        return self.contents.computed

    def formulas(self) -> dict[str, str]:
        """Return the formula of every cell that is computed, by the cell's name.

        A formula that is too long for a cell is made of parts, which have cells of their own.

        Raises:
            SymcnnError: If a layer has a function that no spreadsheet has.
        """
        from symcnn.classroom.spreadsheets.workbook import Workbook

        return Workbook(self.contents, blank=False).formulas()

    def to_xlsx(self, *, blank: bool = False, quantities: Collection[str] = ()) -> bytes:
        """Return the workbook as an .xlsx file.

        Args:
            blank: Whether to leave the cells empty of what is computed, to be filled in.
            quantities: What a blank workbook asks for, such as "conv1" and "gradient of
                conv1.weight"; by default everything.

        Raises:
            SymcnnError: If XlsxWriter is not installed, if a quantity is unknown, or if a layer
                has a function that no spreadsheet has.
        """
        from symcnn.classroom.spreadsheets.workbook import Workbook  # to read one needs no formulas

        if quantities and not blank:
            raise SymcnnError("quantities choose what a blank workbook asks for: add blank=True")
        asked = self.contents.chosen(quantities) if quantities else self.contents
        return Workbook(asked, blank).to_bytes()


def spreadsheet(problem: Problem) -> Spreadsheet:
    """Return a problem as a workbook: one cell for each entry, with its formula.

    The formula of a cell is that of the derivation by hand, over the named cells before it. It
    stands there with its value, and follows when a given number is changed.

    Args:
        problem: A network with its numbers.

    Raises:
        TooLargeError: If a spreadsheet cannot hold it.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> formulas = spreadsheet(cnn_by_hand()).formulas()
    >>> formulas["z_11"], formulas["delta_z_21"]
    ('w_11*x_1+w_21*x_2', 'delta_p_1*IF(z_11<z_21,1,0)')
    """
    check_problem(problem)
    made = Spreadsheet(problem)
    _ = made.contents  # refuses what is too large
    return made
