"""What a marking says, as plain data for programs, and the marks of a class as a table.

The table is CSV or a workbook; a name that begins as a formula does is a text in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from symcnn.classroom.marking.formats.csv import table
from symcnn.classroom.marking.mark import ClassMarking
from symcnn.classroom.marking.marking import VERDICTS, Figure, Marking
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.pages.worked import FEW_DIGITS, Worked, causes, plain
from symcnn.classroom.spreadsheets.workbook import library
from symcnn.document.style import Style
from symcnn.writing.formula.build import row
from symcnn.writing.formula.unicode import text


def data(marked: Marking | ClassMarking) -> dict[str, Any]:
    """Return everything that a marking says, as ``symcnn mark --json`` prints it."""
    return _of_class(marked) if isinstance(marked, ClassMarking) else _of_student(marked)


def _of_student(marking: Marking) -> dict[str, Any]:
    first, worked = marking.first_wrong, Worked(marking, Style())
    return {
        "title": marking.problem.title,
        "score": marking.score,
        "of": marking.of,
        "exact_score": marking.exact_score,
        "first_wrong": first and {"quantity": first.quantity, "position": list(first.position)},
        "figures": [_figure(figure, worked) for figure in marking.figures],
        "mistakes": [_mistake(mistake, len(of)) for mistake, of in marking.named.items()],
        "concealed": [
            {"quantity": hidden.quantity, "mistake": hidden.mistake.name}
            for hidden in marking.concealed
        ],
    }


def _of_class(marked: ClassMarking) -> dict[str, Any]:
    students = marked.markings.items()
    return {
        "title": marked.title,
        "mean": marked.mean,
        "of": marked.of,
        "students": [{"student": name, **_of_student(marking)} for name, marking in students],
        "mistakes": [
            {
                "mistake": mistake.name,
                "students": list(names),
                "explanation": plain(mistake.explanation),
            }
            for mistake, names in marked.mistakes.items()
        ],
        "notes": [*marked.notes],
    }


def _mistake(mistake: Mistake, figures: int) -> Mapping[str, Any]:
    return {"mistake": mistake.name, "figures": figures, "explanation": plain(mistake.explanation)}


def _figure(figure: Figure, worked: Worked) -> Mapping[str, Any]:
    return {
        "quantity": figure.quantity,
        "position": list(figure.position),
        "answer": _answer(figure),
        "expected": float(figure.expected),
        "verdict": figure.verdict,
        "mistake": figure.mistakes[0].name if len(figure.mistakes) == 1 else None,
        "explanation": _explanation(figure, worked),
    }


def _answer(figure: Figure) -> str | None:
    """Return what was written, understood or not."""
    found = figure.answer or figure.unread
    return found.text if found else None


def _explanation(figure: Figure, worked: Worked) -> str:
    """Say how a figure is computed, what it should be, and what went wrong, if it is known."""
    if figure.verdict == "right":
        return ""
    if figure.unread is not None:
        return figure.unread.sentence
    made = worked.row(figure)
    computed = text(row(made.left, *(side.formula for side in made.sides))) if made else ""
    true = f"the true value is {text(worked.numerals(figure.expected).formula)}"
    said = "; ".join(filter(None, (computed, true)))
    if figure.verdict == "wrong" or figure.causes:
        return f"{said}. {plain(' '.join(causes(figure)))}"
    few = figure.verdict == "imprecise"
    return f"{said}. {FEW_DIGITS}" if few else f"{said}."


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
    return table(_rows(marked))


def to_xlsx(marked: ClassMarking) -> bytes:
    """Return the table as a workbook, in which nothing is a formula.

    Raises:
        SymcnnError: If XlsxWriter is not installed.
    """
    stream = BytesIO()
    book = library().Workbook(stream, {"in_memory": True})
    book.set_properties({"title": marked.title, "created": _CREATED})
    bold, page = book.add_format({"bold": True}), book.add_worksheet("Marks")
    for number, values in enumerate(_rows(marked)):
        _write(page, number, values, () if number else (bold,))
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
