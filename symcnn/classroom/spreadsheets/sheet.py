"""One sheet of a workbook: matrices of framed cells, with the letter of each entry on its left.

It is printed on A4 across, as wide as the paper, with no matrix on two pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from symcnn import limits
from symcnn.classroom.spreadsheets.contents import Quantity
from symcnn.classroom.spreadsheets.layout import Matrix, Place, address, matrices
from symcnn.errors import TooLargeError
from symcnn.writing.formula import Formula, Scripts
from symcnn.writing.formula.tree import Node
from symcnn.writing.formula.unicode import text

RAISED, LOWERED = "raised", "lowered"


class Run(NamedTuple):
    """Some letters, and whether they are raised or lowered."""

    letters: str
    script: str = ""


Letter = tuple[Run, ...]
"""The letter of an entry."""


def letter(formula: Formula, before: str = "") -> Letter:
    r"""Return a formula as runs: one, if Unicode has its scripts.

    >>> from symcnn.writing.formula import read
    >>> letter(read(r"\delta^{z}_{11}"))
    (Run(letters='δᶻ₁₁', script=''),)
    >>> [tuple(run) for run in letter(read(r"\delta^{\mu}_{1}"), "new ")]
    [('new δ', ''), ('μ', 'raised'), ('1', 'lowered')]
    """
    plain = text(formula)
    if "^" not in plain and "_" not in plain:
        return (Run(before + plain),)
    first, *others = _runs(formula)
    return (Run(before + first.letters, first.script), *others)


def width(letter: Letter) -> int:
    """Return the width of a letter in characters."""
    return sum(len(run.letters) for run in letter)


def _runs(node: Node) -> Iterator[Run]:
    if isinstance(node, Formula):
        for part in node.parts:
            yield from _runs(part)
    elif isinstance(node, Scripts):
        yield from _runs(node.base)
        scripts = (RAISED, node.sup), (LOWERED, node.sub)
        yield from (Run(text(Formula((part,))), script) for script, part in scripts if part)
    else:
        yield Run(text(Formula((node,))))


_LABELS, _NUMBERS = 12, 13
"""The widths of the column of labels and of those of numbers, in characters."""

_GREY, _INK = "#595959", "#1F3864"
_FRAME = {"border": 1, "border_color": "#7F7F7F"}
FORMATS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": _INK},
    "said": {"font_color": _GREY},
    "heading": {"bold": True, "font_size": 12, "font_color": _INK},
    "label": {"font_color": _GREY, "italic": True},
    "letter": {"font_color": _GREY, "align": "right", "indent": 1},
    RAISED: {"font_color": _GREY, "font_script": 1},
    LOWERED: {"font_color": _GREY, "font_script": 2},
    "": {"font_color": _GREY},
    "given": {**_FRAME, "bg_color": "#F2F2F2"},
    "computed": _FRAME,
    "empty": {**_FRAME, "bg_color": "#FFFBE6"},
}


class Cell(NamedTuple):
    """What stands in the cell of an entry.

    Attributes:
        name: The name of the cell.
        letter: The letter of the entry.
        format: The name of its format.
        formula: Its formula, or nothing.
        number: Its number; None leaves the cell empty.
    """

    name: str
    letter: Letter
    format: str
    formula: str = ""
    number: float | None = None


class Sheet:
    """A sheet that is being written."""

    def __init__(
        self, book: Any, formats: Mapping[str, Any], title: str, headings: tuple[str, str]
    ) -> None:
        """Begin a sheet of a book with a title, and what is said below it."""
        self._book, self._formats, self._title = book, formats, title
        self._page = book.add_worksheet(title)
        self._row, self._letters, self._columns = 3, 4, 3
        self._blocks: list[tuple[int, int]] = []
        for row, (said, style) in enumerate(zip(headings, ("title", "said"), strict=True)):
            self._page.write_string(row, 0, said, self._formats[style])

    def listed(self, heading: str, rows: Iterable[tuple[str, str]]) -> None:
        """Write two columns of text below a heading."""
        self._heading(heading)
        for name, said in rows:
            self._page.write_string(self._row, 0, name)
            self._page.write_string(self._row, 1, said, self._formats["said"])
            self._row += 1
        self._row += 1

    def quantity(
        self, quantity: Quantity, cell: Callable[[Quantity, tuple[int, ...]], Cell]
    ) -> None:
        """Write the matrices of a quantity below its name."""
        begin = self._row
        self._heading(quantity.name)
        for matrix in matrices(quantity.tensor):
            self._check_columns(quantity, matrix)
            if matrix.label:
                self._page.write_string(self._row, 0, matrix.label, self._formats["label"])
            for row in matrix.rows:
                self.cells(cell(quantity, position) for position in row)
            self._row += 1
            self._blocks.append((begin, self._row - 1))
            begin = self._row

    def cells(self, cells: Iterable[Cell]) -> None:
        """Write a row of cells, each behind its letter."""
        for number, cell in enumerate(cells):
            self._letters = max(self._letters, width(cell.letter))
            self._columns = max(self._columns, 2 * number + 3)
            self._write_letter(Place(self._row, 2 * number + 1), cell.letter)
            self._write(Place(self._row, 2 * number + 2), cell)
        self._row += 1

    def end(self) -> None:
        """Set the widths of columns, and how the sheet is printed."""
        page = self._page
        pairs = (self._columns - 1) // 2
        widths = [_LABELS, *[self._letters + 2, _NUMBERS] * pairs]
        for column, chosen in enumerate(widths):
            page.set_column(column, column, chosen)
        page.hide_gridlines(2)
        page.freeze_panes(2, 0)
        page.ignore_errors({"formula_differs": f"A1:XFD{self._row + 1}"})
        page.print_area(0, 0, self._row, self._columns - 1)
        print_on_paper(page, widths, self._blocks)

    def _write_letter(self, place: Place, letter: Letter) -> None:
        """Write a letter, in runs if parts of it are raised or lowered."""
        style = self._formats["letter"]
        if len(letter) == 1:
            self._page.write_string(*place, letter[0].letters, style)
            return
        runs = (part for run in letter for part in (self._formats[run.script], run.letters))
        self._page.write_rich_string(*place, *runs, style)

    def _heading(self, heading: str) -> None:
        self._page.write_string(self._row, 0, heading, self._formats["heading"])
        self._row += 1

    def _write(self, place: Place, cell: Cell) -> None:
        style = self._formats[cell.format]
        if cell.formula:
            self._page.write_formula(*place, f"={cell.formula}", style, cell.number)
        elif cell.number is not None:
            self._page.write_number(*place, cell.number, style)
        else:
            self._page.write_blank(*place, None, style)
        self._book.define_name(cell.name, f"='{self._title}'!{address(place)}")

    def _check_columns(self, quantity: Quantity, matrix: Matrix) -> None:
        columns = 2 * len(matrix.rows[0]) + 1
        if columns > limits.SPREADSHEET_COLUMNS:
            raise TooLargeError(
                f"{quantity.name} would take {columns:,} columns of a sheet, which has "
                f"{limits.SPREADSHEET_COLUMNS:,}: export a program"
            )


_WIDTH, _HEIGHT = 700, 480
"""What the margins leave of the paper, in points; the widths of columns depend on fonts."""

_ROW = 15
"""The height of a row."""

_HEADER = 3
"""The rows that every page begins with, the last of them empty."""

_LEAST = 40
"""A wider sheet, which would be printed smaller than this percentage, takes several pages."""

_SEVERAL = 60
"""The percentage at which it is printed then."""


def print_on_paper(page: Any, widths: Sequence[float], blocks: Sequence[tuple[int, int]]) -> None:
    """Set how a worksheet is printed.

    Args:
        page: The worksheet.
        widths: The widths of its columns, in characters.
        blocks: The first row and the row behind each block that belongs on one page.
    """
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0, _HEADER - 1)
    page.set_footer("&L&A&RPage &P of &N")
    scale = min(100, int(100 * _WIDTH / sum(0.75 * (7 * width + 5) for width in widths)))
    if scale >= _LEAST:
        page.fit_to_pages(1, 0)
    else:
        scale = _SEVERAL
        page.set_print_scale(scale)
        page.repeat_columns(0, 0)
    rows = int(_HEIGHT / _ROW * 100 / scale) - _HEADER
    page.set_h_pagebreaks([*_breaks(blocks, rows)])


def _breaks(blocks: Sequence[tuple[int, int]], rows: int) -> Iterator[int]:
    begin = _HEADER
    for first, behind in blocks:
        if behind - begin > rows and first > begin:
            yield first
            begin = first
        while behind - begin > rows:  # it is longer than a page, which is divided anywhere
            begin += rows
