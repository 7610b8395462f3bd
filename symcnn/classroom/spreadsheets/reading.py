"""The figures in the cells of a workbook, after somebody has filled them in.

A cell is found by its name, wherever it has been moved to. What counts is what it displays. The
result that was saved of a formula counts, as nothing is evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isclose
from pathlib import Path
from typing import NamedTuple

from sympy import Symbol

from symcnn.classroom.spreadsheets.archive import Archive
from symcnn.classroom.spreadsheets.contents import Contents, Quantity
from symcnn.classroom.spreadsheets.saved import (
    BUILT_IN,
    GENERAL,
    Saved,
    displayed,
    is_date,
    saved_cells,
    text_in,
)
from symcnn.errors import Mistakes, SymcnnError, located, shown
from symcnn.problems import Problem

_REFERENCE = re.compile(
    r"(?:'(?P<quoted>(?:[^'\[\]]|'')+)'|(?P<plain>[^'!\[\]]+))!"
    r"(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P=cell))?"
)


class Address(NamedTuple):
    """A cell.

    Attributes:
        sheet: The name of its sheet.
        cell: Its address there, C5.
    """

    sheet: str
    cell: str

    def __str__(self) -> str:
        """Return how errors name it."""
        return f"sheet {shown(self.sheet)}, cell {self.cell}"


class Opened:
    """A workbook that is open for reading.

    Attributes:
        names: The cells that have names, by their names in lower case; None for what is the name of
            no single cell, as when it was deleted.
    """

    def __init__(self, file: Path) -> None:
        """Open a file.

        Raises:
            SymcnnError: If it is no workbook.
        """
        self._archive = Archive(file)
        book = self._archive.book
        self._parts = self._archive.targets(book)
        self._sheets: dict[str, str] = {}
        self.names: dict[str, Address | None] = {}
        for element in self._archive.elements(book, "sheet", "definedName"):
            given, name = element.given, element.given.get("name", "")
            if element.name == "sheet":
                self._sheets[name] = given.get("id", "")
            elif name and "localSheetId" not in given:  # such a name holds on one sheet alone
                self.names[name.lower()] = _referred(element.text.strip())

    def saved(self, wanted: Collection[Address]) -> dict[Address, Saved]:
        """Return what was saved of cells; an empty one may be there, too."""
        texts, formats = self._texts(), self._formats()
        found = dict[Address, Saved]()
        for sheet in dict.fromkeys(address.sheet for address in wanted):
            own = {address.cell for address in wanted if address.sheet == sheet}
            with located(f"sheet {shown(sheet)}"):
                rows = self._archive.elements(self._part_of(sheet), "row")
                for cell, saved in saved_cells(rows, own, texts, formats):
                    found[Address(sheet, cell)] = saved
        return found

    def _part_of(self, sheet: str) -> str:
        _, part = self._parts.get(self._sheets.get(sheet, ""), ("", ""))
        if not self._archive.has(part):
            raise SymcnnError("the file does not exist: fill in the workbook that symcnn wrote")
        return part

    def _of_kind(self, kind: str) -> str:
        """Return the part of a kind; nothing if there is none."""
        parts = (part for found, part in self._parts.values() if found == kind)
        return next((part for part in parts if self._archive.has(part)), "")

    def _texts(self) -> Sequence[str]:
        """Return the texts that cells share."""
        part = self._of_kind("sharedStrings")
        return [text_in(each) for each in self._archive.elements(part, "si")] if part else []

    def _formats(self) -> Sequence[str]:
        """Return how the styles of cells display numbers."""
        codes, styles = {str(number): code for number, code in BUILT_IN.items()}, list[str]()
        if part := self._of_kind("styles"):
            for element in self._archive.elements(part, "numFmt", "cellXfs"):
                given = element.given
                if element.name == "numFmt":
                    codes[given.get("numFmtId", "")] = given.get("formatCode", GENERAL)
                styles += [style.given.get("numFmtId", "0") for style in element.each("xf")]
        return [codes.get(style, GENERAL) for style in styles]


def _referred(text: str) -> Address | None:
    """Return the cell that the text of a name refers to."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    sheet = found["plain"] or found["quoted"].replace("''", "'")
    return Address(sheet, found["cell"].replace("$", ""))


_LEFT_OUT = "?"
_ELSEWHERE = re.compile(r"\[\d+\]|\.xls[xmb]?\]", re.IGNORECASE)
"""How a formula refers to another file."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FROM_SYMCNN = "fill in the workbook that symcnn wrote for this problem"
_EQUAL = 1e-12
"""Programs save 15 to 17 digits of a number."""


class Filled(NamedTuple):
    """A figure in a cell.

    Attributes:
        text: What it displays; a question mark where it is empty.
        place: Where it stands.
        fault: Why it is no figure, in a line, if it is none whatever its text.
    """

    text: str
    place: str
    fault: str = ""


def figures(path: Path, problem: Problem) -> Mapping[str, Sequence[Filled]]:
    """Return the figures of a workbook by quantity, in row-major order.

    Quantities without any figure are left out.

    Raises:
        SymcnnError: If the file is no workbook of this problem.
    """
    reader = _Reader(Contents(problem), Opened(path))
    reader.check_given()
    made = dict(reader.filled())
    return {name: row for name, row in made.items() if any(f.text != _LEFT_OUT for f in row)}


class _Reader:
    """Reads a workbook of a problem."""

    def __init__(self, contents: Contents, opened: Opened) -> None:
        self._contents = contents
        self._places = dict(self._located(opened))
        self._saved = opened.saved(self._places.values())

    def check_given(self) -> None:
        """Refuse the workbook of another problem, or one whose given numbers were changed."""
        mistakes = Mistakes()
        for quantity in self._contents.quantities:
            for symbol in quantity.symbols.values() if quantity.is_given else ():
                with mistakes.collected():
                    self._check(quantity, symbol)
        mistakes.end()

    def filled(self) -> Iterator[tuple[str, Sequence[Filled]]]:
        """Run over the quantities that are computed."""
        for quantity in self._contents.quantities:
            there = () if quantity.is_given else quantity.symbols.values()
            places = (self._places[symbol] for symbol in there if symbol in self._places)
            row = [_filled(self._saved.get(place, Saved()), place) for place in places]
            if row:
                yield quantity.name, row

    def _located(self, opened: Opened) -> Iterator[tuple[Symbol, Address]]:
        """Run over the entries and their cells; what was not asked for has none."""
        names, mistakes = self._contents.names, Mistakes()
        if not any(name.lower() in opened.names for name in names.values()):
            raise SymcnnError(f"no cell has the name of an entry: {_FROM_SYMCNN}")
        for quantity in self._contents.quantities:
            cells = {s: names[s] for s in quantity.symbols.values()}
            if not quantity.is_given and not any(n.lower() in opened.names for n in cells.values()):
                continue
            for symbol, name in cells.items():
                with mistakes.collected():
                    place = opened.names.get(name.lower())
                    if place is None:
                        raise SymcnnError(
                            f"there is no cell {name} for {quantity.name}: {_FROM_SYMCNN}"
                        )
                    yield symbol, place
        mistakes.end()

    def _check(self, quantity: Quantity, symbol: Symbol) -> None:
        place, value = self._places[symbol], self._contents.value(symbol)
        saved = self._saved.get(place, Saved())
        number = _number(saved)
        if number is None or not isclose(number, float(value), rel_tol=_EQUAL, abs_tol=_EQUAL):
            raise SymcnnError(
                f"{place} is {shown(saved.value)}, but {self._contents.names[symbol]} of "
                f"{quantity.name} is {float(value):.15g}: take the problem of this workbook"
            )


def _filled(saved: Saved, place: Address) -> Filled:
    """Return what stands in a cell; of one without a figure, the reason too."""
    try:
        return Filled(_figure(saved, place), str(place))
    except SymcnnError as error:
        return Filled(saved.value, str(place), str(error))


def _figure(saved: Saved, place: Address) -> str:
    """Return the figure that a cell displays, or a question mark.

    Raises:
        SymcnnError: If it is no figure.
    """
    if saved.formula is not None and _ELSEWHERE.search(saved.formula):
        raise SymcnnError(f"{place} refers to another file: write the number itself")
    if saved.kind == "text":
        return saved.value.strip() or _LEFT_OUT
    if saved.value == "":
        if saved.formula is None:
            return _LEFT_OUT
        raise SymcnnError(
            f"{place} has a formula without a result: save the file in Excel or LibreOffice first"
        )
    if saved.kind == "d" or is_date(saved.format):
        raise SymcnnError(
            f"{place} is a date: write the number again, with the decimal mark of your spreadsheet"
        )
    number = _number(saved)
    if number is None:
        what = {"e": "the error", "b": "the truth value"}.get(saved.kind, "no number,")
        raise SymcnnError(f"{place} is {what} {shown(saved.value)}: write a number")
    return displayed(number, saved.format)


def _number(saved: Saved) -> float | None:
    if saved.kind != "n" or not _NUMBER.fullmatch(saved.value.strip()):
        return None
    number = float(saved.value)
    return number if abs(number) < float("inf") else None
