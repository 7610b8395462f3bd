"""The report on answers, of one student or of a class."""

from __future__ import annotations

from symcnn.classroom.marking.classes import ClassMarking
from symcnn.classroom.marking.marking import Marking
from symcnn.classroom.marking.pages.student import student_report
from symcnn.classroom.marking.pages.summary import summary
from symcnn.document.document import Document
from symcnn.document.style import Style
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.writing.printing.manner import DecimalMark


def report(
    marked: Marking | ClassMarking,
    student: str = "",
    *,
    digits: int = 6,
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
