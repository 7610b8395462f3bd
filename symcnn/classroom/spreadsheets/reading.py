"""The figures in the cells of a workbook, after somebody has filled them in.

A cell is found by its name, wherever it has been moved to. What counts is what it displays. The
result that was saved of a formula counts, as nothing is evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from math import isclose
from pathlib import Path
from typing import NamedTuple

from sympy import Symbol

from symcnn.classroom.spreadsheets.contents import Contents, Quantity
from symcnn.classroom.spreadsheets.opened import Address, Opened, Saved, displayed, is_date
from symcnn.errors import Mistakes, SymcnnError, shown
from symcnn.problems import Problem

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
    return FilledWorkbook(path).figures(problem)


class FilledWorkbook:
    """A workbook that was filled in, of one of several problems with one network.

    Attributes:
        title: The title that it was written with; empty if it has lost it.
    """

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            SymcnnError: If it is no workbook.
        """
        self._opened = Opened(path)
        self.title = self._opened.title

    def variant(self, problems: Mapping[str, Problem]) -> str:
        """Return the name of the problem whose given numbers it has; nothing if there is none."""
        for name, problem in problems.items():
            with suppress(SymcnnError):
                _Reader(Contents(problem), self._opened).check_given()
                return name
        return ""

    def figures(self, problem: Problem) -> dict[str, Sequence[Filled]]:
        """Return the figures of its cells by quantity, in row-major order.

        Raises:
            SymcnnError: If it is the workbook of another problem.
        """
        reader = _Reader(Contents(problem), self._opened)
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
