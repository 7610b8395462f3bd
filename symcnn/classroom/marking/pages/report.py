"""The report on answers, of one student or of a class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from symcnn.classroom.marking.classes import ClassMarking
from symcnn.classroom.marking.marking import Marking, Verdict
from symcnn.classroom.marking.pages.student import points, student_report
from symcnn.classroom.marking.pages.words import capital, columns
from symcnn.document.blocks import Block, Paragraph, Table, heading
from symcnn.document.document import Document
from symcnn.document.style import Style
from symcnn.document.words.words import counted
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.writing.printing.manner import DecimalMark


def report(
    marked: Marking | ClassMarking,
    student: str = "",
    *,
    digits: int = Style.digits,
    index_base: int = 1,
    decimal: DecimalMark = ".",
) -> Document:
    """Return the report on answers that were marked.

    For one student it has the points of every quantity, the first wrong step with what was due
    there and how it is computed, the mistakes, and every figure that is not right; for a class
    the points of the students, how every quantity went, and who made which mistake.

    Args:
        marked: What ``mark`` or ``mark_class`` returned.
        student: The student's name, for the title; or, of a class, the student to report on.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis, 1 or 0.
        decimal: The decimal mark of numbers, a point or a comma.

    Raises:
        SymcnnError: If there is no such student, or a choice is none of these.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> from symcnn.classroom.marking import mark
    >>> report(mark(cnn_by_hand(), {"loss": "0.0304"}), "Ada")
    <Document 'CNN by hand: Ada'>
    """
    style = Style(digits, index_base, decimal)
    if isinstance(marked, Marking):
        return student_report(marked, student, style)
    if not student:
        return summary(marked)
    if student not in marked.markings:
        names = known(student, [*marked.markings])
        raise SymcnnError(f"there is no student {shown(student)}: {names}")
    return student_report(marked.markings[student], student, style)


def summary(marked: ClassMarking) -> Document:
    """Return the summary of a class."""
    return Document(f"{marked.title}: summary of the class", tuple(_blocks(marked)))


def _blocks(marked: ClassMarking) -> Iterator[Block]:
    yield Paragraph((_scores(marked),))
    yield _students(marked)
    if marked.notes:
        yield heading(1, "What could not be read")
        yield _notes(marked)
    yield heading(1, "Quantities")
    yield _quantities(marked)
    if marked.mistakes:
        yield heading(1, "Mistakes")
        yield _mistakes(marked)


def _scores(marked: ClassMarking) -> str:
    scores = [marking.score for marking in marked.markings.values()]
    who = counted(len(scores), "student")
    if len(scores) == 1:
        return f"{who}: {points(scores[0])} of {points(marked.of)} points."
    return (
        f"{who}. Of {points(marked.of)} points, the mean is {points(marked.mean)}, the median "
        f"{points(median(scores))}, the lowest {points(min(scores))} and the highest "
        f"{points(max(scores))}."
    )


def _students(marked: ClassMarking) -> Table:
    verdicts = _verdicts(marked)
    header = ("Student", "Points", *map(capital, verdicts), "First wrong in")
    rows = []
    for name, marking in marked.markings.items():
        first = marking.first_wrong
        counts = ((str(marking.count(verdict)),) for verdict in verdicts)
        rows.append(
            ((name,), (points(marking.score),), *counts, (first.quantity if first else "",))
        )
    return Table(tuple((title,) for title in header), tuple(rows), f"Yr{'r' * len(verdicts)}X")


def _verdicts(marked: ClassMarking) -> list[Verdict]:
    """Return the verdicts that the tables of a class have columns for."""
    return columns({verdict for count in marked.verdicts.values() for verdict in count})


def _quantities(marked: ClassMarking) -> Table:
    verdicts = _verdicts(marked)
    header = ("Quantity", *map(capital, verdicts), "First wrong here")
    rows = (
        (
            (quantity,),
            *((f"{100 * count[verdict] / count.total():.0f} %",) for verdict in verdicts),
            (str(marked.first_wrong[quantity]),),
        )
        for quantity, count in marked.verdicts.items()
    )
    return Table(tuple((title,) for title in header), tuple(rows), f"l{'r' * len(verdicts)}r")


def _notes(marked: ClassMarking) -> Table:
    """List what was passed over, each with where it stands and what is to be done."""
    rows = ((place, (rest,)) for place, rest in map(_located, marked.notes))
    return Table((("Where",), ("What",)), tuple(rows), "YX")


def _located(note: str) -> tuple[tuple[str], str]:
    place, found, rest = note.partition(": ")
    return ((place,), rest) if found else (("",), note)


def _mistakes(marked: ClassMarking) -> Table:
    rows = (
        ((mistake.name,), (str(len(names)),), (_who(names),))
        for mistake, names in marked.mistakes.items()
    )
    return Table((("Mistake",), ("Students",), ("Who",)), tuple(rows), "lrX")


_WHO = 30
"""The names that are listed of those who made a mistake."""


def _who(names: Sequence[str]) -> str:
    further = len(names) - _WHO
    return ", ".join(names[:_WHO]) + (f" and {further} more" if further > 0 else "")
