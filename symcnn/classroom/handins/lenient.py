"""Figures whose names are read one by one: what cannot be read costs itself, and is said in a line.

What is no number is unread, and nothing else is lost; a quantity that is unknown, or of another
shape, is passed over.
"""

from __future__ import annotations

from symcnn.classroom.handins.handin import Figures, Notes
from symcnn.classroom.marking.answers import Answers, figures_of
from symcnn.classroom.marking.answers import read as answers
from symcnn.classroom.marking.intervals.written import Unread
from symcnn.problems import Problem


def read(problem: Problem, given: Figures, place: str, notes: Notes) -> Answers:
    """Read a table of figures by the names of quantities, with a line for whatever is wrong."""
    found = answers(problem, figures_of(problem, given), lambda: notes.said(place))
    unread = [
        f"{name}, number {number}, was not read: {figure.reason}"
        for name, row in found.items()
        for number, figure in enumerate(row, start=1)
        if isinstance(figure, Unread)
    ]
    if unread:
        more = f" ({len(unread) - 1} more were not read either)" if unread[1:] else ""
        notes.say(place, f"{unread[0]}{more}")
    return found
