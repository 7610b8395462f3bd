"""A workbook as an .xlsx file: blank for those who solve the problem, or solved by formulas.

A formula stands in its cell with the value that it has, for viewers that do not compute.

A formula that is too long for a cell is made of parts with cells of their own. A spreadsheet takes
8,192 characters in a formula and 255 arguments of a function.

    x_1 + ... + x_900  =  p_1 + p_2,    p_1 = x_1 + ... + x_450,    p_2 = x_451 + ... + x_900

One sheet of a workbook: matrices of framed cells, with the letter of each entry on its left.

It is printed on A4 across, as wide as the paper, with no matrix on two pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple

from sympy import Add, Expr, Mul, Symbol

from symcnn import limits
from symcnn.classroom.spreadsheets.contents import (
    GIVEN,
    RATE_SYMBOL,
    UPDATED,
    Contents,
    Matrix,
    Place,
    Quantity,
    address,
    matrices,
)
from symcnn.classroom.spreadsheets.formulas import Formulas, is_decimal
from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.equations.functions import Iverson, maximum
from symcnn.errors import OUT_OF_RANGE, NotFiniteError, SymcnnError, TooLargeError
from symcnn.writing.formula import Formula, Scripts
from symcnn.writing.formula.tree import Node
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.order import Place as Order

_PARTS = "Parts"
_PARTIAL = "\N{PARTIAL DIFFERENTIAL}{}/\N{PARTIAL DIFFERENTIAL}"
_MOST_EXPONENT = 709
"""The exponential of 710 is beyond the range of floats."""

_CREATED = datetime(2000, 1, 1)
"""The same problem is the same bytes, whenever it is written."""

_GIVEN = "These numbers are given. The name box shows the name of a cell, for use in formulas."
_TO_SOLVE = "Write a number, or a formula with the names of cells, into every framed cell."
_SOLVED = "Every figure is computed by the formula in its cell, from the cells before it."
_OF_PARTS = "These are parts of formulas that are too long for one cell."


class Workbook:
    """A workbook that is being written."""

    def __init__(self, contents: Contents, blank: bool) -> None:
        """Take what stands in it, and whether the cells are left empty."""
        self._contents, self._blank = contents, blank
        statements = Statements(contents.problem.derivation)
        self._printer, self._names = statements.printer, dict(contents.names)
        decimals = statements.constants.decimals
        self._formulas = Formulas(self._names, self._place, decimals)
        self._parts = Parts(self._formulas.text, self._part)

    def formulas(self) -> dict[str, str]:
        """Return the formula of every cell that is computed, by its name."""
        computed = (q for q in self._contents.quantities if not q.is_given)
        symbols = [symbol for quantity in computed for symbol in quantity.symbols.values()]
        made = {self._names[s]: self._parts.written(self._contents.formula(s)) for s in symbols}
        parts = ((self._names[s], self._formulas.text(part)) for s, part, _ in self._parts.made)
        return made | dict(parts)

    def to_bytes(self) -> bytes:
        """Return the file."""
        stream, title = BytesIO(), self._contents.problem.title
        book = library().Workbook(stream, {"in_memory": True})
        book.set_properties({"title": title, "created": _CREATED})
        formats = {name: book.add_format(given) for name, given in FORMATS.items()}
        for name, quantities in self._contents.sheets.items():
            sheet = Sheet(book, formats, name, (title, self._said(name)))
            if name == GIVEN:
                sheet.listed("network", self._layers())
            for quantity in quantities:
                sheet.quantity(quantity, self._cell)
            sheet.end()
        if self._parts.made:
            sheet = Sheet(book, formats, _PARTS, (title, _OF_PARTS))
            for symbol, formula, whole in self._parts.made:
                name = self._names[symbol]
                sheet.cells(
                    [self._computed(name, (Run(name),), self._formulas.text(formula), whole)]
                )
            sheet.end()
        book.close()
        return stream.getvalue()

    def _place(self, factor: Expr) -> Order:
        """Order factors as documents do; the learning rate stands in front of them."""
        return (-1, 1, 0, (0, "")) if factor == RATE_SYMBOL else self._printer.place(factor)

    def _said(self, sheet: str) -> str:
        if sheet == GIVEN:
            return _GIVEN
        return _TO_SOLVE if self._blank else _SOLVED

    def _layers(self) -> Iterator[tuple[str, str]]:
        network = self._contents.problem.network
        for stage in network.stages:
            yield stage.output.name, str(stage.layer)
        yield "loss", str(network.loss)

    def _cell(self, quantity: Quantity, position: tuple[int, ...]) -> Cell:
        symbol = quantity.symbols[position]
        name, shown = self._names[symbol], self._letter(quantity, position)
        if quantity.is_given:
            return _number(name, shown, self._contents.value(symbol))
        if self._blank:
            return Cell(name, shown, "empty")
        written = self._parts.written(self._contents.formula(symbol))
        self._check_exponents(quantity)
        return self._computed(name, shown, written, symbol)

    def _check_exponents(self, quantity: Quantity) -> None:
        """Refuse exponentials that are beyond the range of floats, which are errors in a cell."""
        for exponent in self._formulas.exponents:
            if exponent.free_symbols <= self._contents.names.keys():
                value = _float(self._contents.value(exponent))
                if value > _MOST_EXPONENT:
                    raise NotFiniteError(
                        f"{quantity.name} has the exponential of {value:.6g}, which no spreadsheet "
                        "computes: use smaller values or weights"
                    )
        self._formulas.exponents.clear()

    def _computed(self, name: str, letter: Letter, formula: str, whole: Expr) -> Cell:
        """Return a cell with a formula, and the value of the expression that it is."""
        return Cell(name, letter, "computed", formula, _float(self._contents.value(whole)))

    def _letter(self, quantity: Quantity, position: tuple[int, ...]) -> Letter:
        """Return what formulas call an entry, dL/dw_11 for the derivative by a parameter."""
        tree = self._printer.tree
        of = self._contents.problem.network.tensors.get(quantity.name.removeprefix(GRADIENT))
        if of is not None and of.role == "parameter" and quantity.name.startswith(GRADIENT):
            loss = text(self._printer.loss)
            return letter(
                tree(of.symbol(position)),
                f"\N{PARTIAL DIFFERENTIAL}{loss}/\N{PARTIAL DIFFERENTIAL}",
            )
        if quantity.name.startswith(UPDATED):
            return letter(tree(quantity.tensor.symbol(position)), "new ")
        return letter(tree(quantity.symbols[position]))

    def _part(self, number: int) -> Symbol:
        """Return the symbol of a part of a long formula, which has a name of its own."""
        taken = {name.lower() for name in self._names.values()}
        tried = (f"part_{number}{'_' * more}" for more in count())
        name = next(name for name in tried if name not in taken)
        symbol = Symbol(f"part {number}", real=True)
        self._names[symbol] = name
        return symbol


def _number(name: str, letter: Letter, value: Expr) -> Cell:
    """Return the cell of a number that is given; a fraction is a quotient."""
    formula = "" if value.q == 1 or is_decimal(value) else f"{value.p}/{value.q}"
    return Cell(name, letter, "given", formula, _float(value))


def _float(value: Expr) -> float:
    number = float(value)
    if abs(number) == float("inf"):
        raise NotFiniteError(OUT_OF_RANGE)
    return number


def library() -> Any:
    """Return the package that writes workbooks.

    Raises:
        SymcnnError: If it is not installed.
    """
    try:
        return import_module("xlsxwriter")
    except ImportError:
        raise SymcnnError(
            "a workbook needs the package XlsxWriter: pip install 'symcnn[xlsx]'"
        ) from None


LONGEST = 8_000
"""The characters of a formula."""

MOST_ARGUMENTS = 200
"""The arguments of a function."""

_JOINING = (Add, Mul, maximum, Iverson)
"""What of several parts is the same of the wholes: [a, b, c] is [a, b] [c]."""


class Parts:
    """Takes formulas apart that are too long.

    Attributes:
        made: Every part: its symbol, its formula over parts, and what it is in entries.
    """

    def __init__(self, text: Callable[[Expr], str], symbol: Callable[[int], Symbol]) -> None:
        """Take what writes formulas, and what makes the symbol of a part by its number."""
        self._text, self._symbol = text, symbol
        self.made: list[tuple[Symbol, Expr, Expr]] = []

    def written(self, formula: Expr) -> str:
        """Return what stands in the cell of a formula."""
        text = self._text(formula)
        return text if self._fits(formula, text) else self._text(self._fitted(formula))

    def _fitted(self, formula: Expr) -> Expr:
        """Return a formula that fits into a cell, over the parts that it is made of."""
        if self._fits(formula, self._text(formula)):
            return formula
        short = [self._fitted(argument) for argument in formula.args]
        if isinstance(formula, _JOINING):
            return self._joined(formula, short)
        named = (self._part(s, whole) for s, whole in zip(short, formula.args, strict=True))
        return formula.func(*named)

    def _fits(self, formula: Expr, text: str) -> bool:
        calls = formula.atoms(maximum, Iverson) if len(text) > MOST_ARGUMENTS else ()
        return len(text) <= LONGEST and all(len(call.args) <= MOST_ARGUMENTS for call in calls)

    def _joined(self, formula: Expr, short: Sequence[Expr]) -> Expr:
        """Return the sum of partial sums, or the maximum of maxima."""
        runs = [*self._runs(formula, short)]
        join = Mul if isinstance(formula, Iverson) else formula.func
        if len(runs) == 1:
            return formula.func(*short)
        parts, start = list[Expr](), 0
        for run in runs:
            whole = formula.args[start : start + len(run)]
            parts.append(self._part(formula.func(*run), formula.func(*whole)))
            start += len(run)
        return self._fitted(join(*parts))

    def _runs(self, formula: Expr, short: Sequence[Expr]) -> Iterator[Sequence[Expr]]:
        run, length = list[Expr](), 0
        for argument in short:
            size = len(self._text(argument)) + 3
            if run and (length + size > LONGEST // 2 or len(run) == MOST_ARGUMENTS):
                yield run
                run, length = [], 0
            run, length = [*run, argument], length + size
        yield run

    def _part(self, formula: Expr, whole: Expr) -> Expr:
        """Return the symbol of a part; what is short already has none."""
        if formula.is_Atom:
            return formula
        symbol = self._symbol(len(self.made) + 1)
        self.made.append((symbol, formula, whole))
        return symbol


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
