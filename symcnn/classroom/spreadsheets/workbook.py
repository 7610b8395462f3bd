"""A workbook as an .xlsx file: blank for those who solve the problem, or solved by formulas.

A formula stands in its cell with the value that it has, for viewers that do not compute.

A formula that is too long for a cell is made of parts with cells of their own. A spreadsheet takes
8,192 characters in a formula and 255 arguments of a function.

    x_1 + ... + x_900  =  p_1 + p_2,    p_1 = x_1 + ... + x_450,    p_2 = x_451 + ... + x_900
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from io import BytesIO
from itertools import count
from typing import Any

from sympy import Add, Expr, Mul, Symbol

from symcnn.classroom.spreadsheets.contents import GIVEN, RATE_SYMBOL, UPDATED, Contents, Quantity
from symcnn.classroom.spreadsheets.formulas import Formulas, is_decimal
from symcnn.classroom.spreadsheets.sheet import FORMATS, Cell, Letter, Run, Sheet, letter
from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.equations.functions import Iverson, maximum
from symcnn.errors import OUT_OF_RANGE, NotFiniteError, SymcnnError
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.order import Place

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

    def _place(self, factor: Expr) -> Place:
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
