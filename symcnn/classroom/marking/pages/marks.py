"""The marks of a class as a table: a row for each student, as CSV and as a workbook.

A name that begins as a formula does is a text in both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from symcnn.classroom.marking.classes import ClassMarking
from symcnn.classroom.marking.formats.cells import cell
from symcnn.classroom.marking.marking import VERDICTS, Figure, Marking
from symcnn.classroom.spreadsheets.workbook import library

FORMATS = ("csv", "xlsx")
"""The formats of the table."""

Value = str | float

_CREATED = datetime(2000, 1, 1)
"""The same marks are the same bytes, whenever they are written."""

_PLACES = 6
"""The decimals of points, whose sums of floats have more."""


def marks(marked: ClassMarking, format: str) -> str | bytes:
    """Return the table in a format, "csv" or "xlsx".

    Raises:
        SymcnnError: If the workbook is asked for, and XlsxWriter is not installed.
    """
    return to_csv(marked) if format == "csv" else to_xlsx(marked)


def to_csv(marked: ClassMarking) -> str:
    """Return the table as CSV."""
    text = StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    for row in _rows(marked):
        rows.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return text.getvalue()


def to_xlsx(marked: ClassMarking) -> bytes:
    """Return the table as a workbook, in which nothing is a formula.

    Raises:
        SymcnnError: If XlsxWriter is not installed.
    """
    stream = BytesIO()
    book = library().Workbook(stream, {"in_memory": True})
    book.set_properties({"title": marked.title, "created": _CREATED})
    bold, page = book.add_format({"bold": True}), book.add_worksheet("Marks")
    for number, row in enumerate(_rows(marked)):
        _write(page, number, row, () if number else (bold,))
    page.freeze_panes(1, 1)
    page.set_column(0, 0, max(len(name) for name in ("student", *marked.markings)) + 2)
    book.close()
    return stream.getvalue()


def _write(page: Any, number: int, row: Sequence[Value], format: tuple[Any, ...]) -> None:
    for column, value in enumerate(row):
        write = page.write_string if isinstance(value, str) else page.write_number
        write(number, column, value, *format)


def _rows(marked: ClassMarking) -> Iterator[list[Value]]:
    """Run over the rows, the first of which is the header."""
    quantities = [*marked.verdicts]
    varied = ["variant"] if marked.variants else []
    yield ["student", *varied, "points", "of", *VERDICTS, "first wrong in", *quantities]
    for name, marking in marked.markings.items():
        first = marking.first_wrong
        yield [
            name,
            *([marked.variants.get(name, "")] if varied else []),
            *(_number(marking.score), _number(marking.of)),
            *(marking.count(verdict) for verdict in VERDICTS),
            first.quantity if first else "",
            *_earned(marking, quantities),
        ]


def _earned(marking: Marking, quantities: Sequence[str]) -> Iterator[Value]:
    """Run over the points of each quantity; what a student was not asked for has none."""
    found = dict[str, list[Figure]]()
    for figure in marking.figures:
        found.setdefault(figure.quantity, []).append(figure)
    for name in quantities:
        yield _number(marking.earned(found.get(name, [])))


def _number(points: float) -> float:
    """Return points as they are written: whole ones without a decimal point."""
    rounded = round(points, _PLACES)
    return int(rounded) if rounded == int(rounded) else rounded
