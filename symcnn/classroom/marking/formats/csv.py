"""Answers of a class in CSV: one row a student, one column a figure.

student;"gradient of conv1.weight[0,0,0,2]";loss
Ada;-0.0172;0.0304
Blaise;?;0.03

A column is named by its quantity and its position, counted from 0, by its quantity alone where that
has one entry, or as the document names the figure, dL/dw_13. Commas, semicolons and tabs separate
columns. An empty cell is no answer, and an apostrophe in front of what would be a formula is none
of the text. Where students have different numbers, a column "variant" says whose problem a student
has.

Cells are texts, which no program for spreadsheets takes for a formula. A text that begins as
formulas do gets an apostrophe in front, as in spreadsheets themselves, also behind what another
program takes for a separator of cells: "=1" becomes "'=1", and "a;=1" becomes "a;'=1". A plain
number, -0.5, remains one. Reading takes the apostrophe away again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from symcnn import limits
from symcnn.classroom.marking.letters import Names, entry
from symcnn.errors import Mistakes, SymcnnError, TooLargeError, located, shown
from symcnn.limits.files import text_of
from symcnn.problems import Problem

STUDENT = "student"
"""The column of names."""

VARIANT = "variant"
"""The column that says which problem a student has, where there are several."""

_SEPARATORS = ",;\t"
_NUMBERS = r"\s*[0-9]{1,9}\s*(?:,\s*[0-9]{1,9}\s*)*"
_COLUMN = re.compile(rf"(?P<quantity>[^\[\]]+?)\s*(?:\[(?P<position>{_NUMBERS})\])?")


@dataclass(frozen=True)
class Student:
    """The answers of one student.

    Attributes:
        name: The student's name.
        variant: The name of the student's problem; empty where all have one.
        line: The line of the file on which they stand, or end.
        answers: Figures by quantity, as text.
    """

    name: str
    variant: str
    line: int
    answers: Mapping[str, Sequence[str]]


class Place(NamedTuple):
    """Where a column's figures belong: an entry of a quantity, by its number in row-major order."""

    quantity: str
    number: int
    entries: int


_Column = Place | str
"""What a column holds: figures, or what its name says."""

_Line = tuple[int, list[str]]
"""The number of a line, and its cells."""


def column(quantity: str, position: Sequence[int]) -> str:
    """Return the name of a figure's column: conv1[0,0,2]."""
    return entry(quantity, position)


def students(path: Path, problem: Problem, varied: bool = False) -> list[Student]:
    """Return the answers of each student; problems that are varied have a column.

    Raises:
        SymcnnError: If the file is no such table; every mistake is a line that names the place.
    """
    header, lines = rows_of(text_of(path))
    places = _places(header, problem, varied)
    mistakes, found = Mistakes(), dict[str, Student]()
    for line, cells in lines:
        with mistakes.collected(), located(f"line {line}"):
            name = _name(places, cells, line)
            variant = _cell(places, cells, VARIANT)
            if name in found:
                raise SymcnnError(f"{shown(name)} has a row already: give every student one row")
            found[name] = Student(name, variant, line, _answers(places, cells))
    mistakes.end()
    if not found:
        raise SymcnnError("the table has no row below its header: give one for each student")
    return [*found.values()]


def rows_of(text: str) -> tuple[list[str], list[_Line]]:
    """Return the names of the columns, and the rows below.

    Raises:
        TooLargeError: If there are more rows than can be marked.
        SymcnnError: If it is no CSV.
    """
    (_, header), *rows = lines_of(text) or [(1, [])]
    if len(rows) > limits.MARKED_STUDENTS:
        raise TooLargeError(
            f"the table has {len(rows):,} rows, more than the {limits.MARKED_STUDENTS:,} that can "
            "be marked: divide it"
        )
    return header, rows


def check_columns(header: Sequence[str]) -> None:
    """Refuse a table with more columns than figures can be marked."""
    if len(header) > limits.MARKED_FIGURES + 1:
        raise TooLargeError(
            f"the table has {len(header):,} columns, more than the {limits.MARKED_FIGURES:,} "
            "figures that can be marked: leave some out"
        )


def check_cells(cells: Sequence[str], columns: int) -> None:
    """Refuse a row with more cells than there are columns."""
    if any(cell.strip() for cell in cells[columns:]):
        raise SymcnnError(f"there are {len(cells)} cells, but {columns} columns: remove some")


def no_figures() -> SymcnnError:
    """Return the error of a table none of whose columns has figures."""
    return SymcnnError("the first row names no figures: name columns such as conv1[0,0,0], loss")


def lines_of(text: str) -> list[_Line]:
    """Return the rows that are not empty, divided where the header is divided best."""
    header = text.partition("\n")[0]
    fitting = [s for s in _SEPARATORS if _divides(header, s)]
    separator = max(fitting or _SEPARATORS, key=header.count)
    read = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        with _cells_of_any_length():
            rows = ((read.line_num, [*map(meant, row)]) for row in read)
            return [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise SymcnnError(
            f"line {read.line_num}: this is not valid CSV: {error}: save the table again"
        ) from None


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Let a cell be as long as the file, whose length is limited: it costs itself alone."""
    before = csv.field_size_limit(limits.FILE_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _divides(header: str, separator: str) -> bool:
    """Tell whether what a separator divides a header into are names of columns."""
    try:
        cells = next(csv.reader([header], delimiter=separator), [])
    except csv.Error:
        return False
    names = [meant(cell).strip() for cell in cells]
    return all(len(name) <= limits.TEXT_LETTERS and _COLUMN.fullmatch(name) for name in names)


def _places(header: Sequence[str], problem: Problem, varied: bool) -> list[_Column]:
    """Return what the columns hold: figures, names, and variants where there are any."""
    check_columns(header)
    columns, mistakes, places = Columns(problem), Mistakes(), dict[_Column, None]()
    others = {STUDENT, VARIANT} if varied else {STUDENT}
    for number, cell in enumerate(header, start=1):
        name = cell.strip()
        with mistakes.collected(), located(f"column {number}"):
            place = name.lower() if name.lower() in others else columns.place(name)
            if place in places:
                raise SymcnnError(f"{shown(name)} is a column already: remove one of the two")
            places[place] = None
    mistakes.end()
    if not any(isinstance(place, Place) for place in places):
        raise no_figures()
    if varied and VARIANT not in places:
        raise SymcnnError(
            f"there is no column {VARIANT!r}, but there are several variants: add it, "
            "with the number of each student's variant"
        )
    return [*places]


class Columns:
    """The names of columns, for one problem."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self._names = Names(problem)

    def place(self, name: str) -> Place:
        """Return where the figures of a column belong."""
        found = _COLUMN.fullmatch(name)
        if found is None:
            raise SymcnnError(
                f'{shown(name)} is not the name of a figure: write "conv1[0,0,2]", in quotes'
            )
        named = self._names.find(name)
        numbers = self._names.numbers(named.quantity)
        if named.position is None and len(numbers) > 1:
            raise SymcnnError(
                f"{named.quantity} has {len(numbers)} entries: give each a column, such as "
                f"{column(named.quantity, next(iter(numbers)))}"
            )
        number = 0 if named.position is None else numbers[named.position]
        return Place(named.quantity, number, len(numbers))


def _name(places: Sequence[_Column], cells: Sequence[str], line: int) -> str:
    """Return a student's name, or the number of the line where there is no such column."""
    if STUDENT not in places:
        return f"line {line}"
    name = _cell(places, cells, STUDENT)
    if not name:
        raise SymcnnError("the student has no name: give one, or leave the whole column out")
    if len(name) > limits.NAME_LETTERS:
        raise SymcnnError(f"{shown(name)} is too long: use at most {limits.NAME_LETTERS} letters")
    return name


def _cell(places: Sequence[_Column], cells: Sequence[str], column: str) -> str:
    """Return what a row has in a column; nothing where there is no such column."""
    at = places.index(column) if column in places else len(cells)
    return cells[at].strip() if at < len(cells) else ""


def _answers(places: Sequence[_Column], cells: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return a row's figures by quantity; those without a cell are left out."""
    check_cells(cells, len(places))
    found = dict[str, list[str]]()
    for place, cell in zip(places, cells, strict=False):
        if isinstance(place, Place):
            found.setdefault(place.quantity, ["?"] * place.entries)[place.number] = cell
    return found


_BEGINS = r"(^|[,;|\t\r\n])"
_QUOTED = r"([ '\"\u00a0]*)"
_SIGN = r"(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
"""With what formulas begin, in letters of full width too."""

_FORMULA = re.compile(_BEGINS + _QUOTED + _SIGN)
_ESCAPED = re.compile(_BEGINS + "'" + _QUOTED + _SIGN)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")


def cell(text: str) -> str:
    """Return a text as a cell has it.

    >>> cell("=1+1"), cell("a, -b"), cell("-0.5"), cell("conv1[0,0]")
    ("'=1+1", "a,' -b", '-0.5', 'conv1[0,0]')
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'\2", text)


def meant(text: str) -> str:
    """Return the text that a cell stands for.

    >>> meant("'=1+1"), meant("'s Graven"), meant("'-0.5")
    ('=1+1', "'s Graven", '-0.5')
    """
    return _ESCAPED.sub(r"\1\2", text)


def table(rows: Iterable[Iterable[str | float]]) -> str:
    """Return rows as CSV, texts as cells have them."""
    text = StringIO(newline="")
    made = ([cell(v) if isinstance(v, str) else v for v in row] for row in rows)
    csv.writer(text, lineterminator="\n").writerows(made)
    return text.getvalue()
