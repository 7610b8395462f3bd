"""A class: the answers of its students to one problem, marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from symcnn.errors import SymcnnError, located
from symcnn.marking.answers import Answers, path_of, read
from symcnn.marking.catalogue import Catalogue
from symcnn.marking.figure import Verdict
from symcnn.marking.formats.csv import students
from symcnn.marking.marking import Marking
from symcnn.marking.mistakes import Mistake
from symcnn.marking.published import meant, published
from symcnn.marking.scheme import scheme
from symcnn.marking.sheet import Sheet
from symcnn.problems import Problem, check_problem


@dataclass(frozen=True)
class ClassMarking:
    """The answers of a class to one problem, marked.

    Attributes:
        problem: The problem.
        markings: The marking of each student, by name.
    """

    problem: Problem
    markings: Mapping[str, Marking]

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        return fsum(marking.score for marking in self.markings.values()) / len(self.markings)

    @property
    def of(self) -> float:
        """The points that can be earned."""
        return next(iter(self.markings.values())).of

    @property
    def verdicts(self) -> Mapping[str, Counter[Verdict]]:
        """For each quantity, how many figures have each verdict."""
        found = dict[str, Counter[Verdict]]()
        for marking in self.markings.values():
            for figure in marking.figures:
                found.setdefault(figure.quantity, Counter())[figure.verdict] += 1
        return found

    @property
    def mistakes(self) -> Mapping[Mistake, Sequence[str]]:
        """The students who made each mistake, the most frequent one first."""
        found = dict[Mistake, list[str]]()
        for name, marking in self.markings.items():
            for mistake in marking.named:
                found.setdefault(mistake, []).append(name)
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))

    @property
    def first_wrong(self) -> Counter[str]:
        """The quantities in which students first went wrong, and how many of them."""
        first = (marking.first_wrong for marking in self.markings.values())
        return Counter(figure.quantity for figure in first if figure is not None)

    def __repr__(self) -> str:
        """Give the number of students and the mean score."""
        return f"<ClassMarking: {len(self.markings)} students, mean {self.mean:g} of {self.of:g}>"


def mark_class(
    problem: Problem,
    answers: Any = None,
    *,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float = 1.0,
) -> ClassMarking:
    """Mark the answers of a class to one problem.

    Args:
        problem: The problem.
        answers: The name of a CSV file with one row a student and one column a figure, such as
            ``conv1[0,0,2]``; or answers by the names of students, as ``mark`` takes them. By
            default what the problem's sources print, by their names.
        quantities: As in ``mark``.
        points: As in ``mark``.
        carried: As in ``mark``.

    Raises:
        SymcnnError: If the table names what is unknown, or a figure is no number.
    """
    check_problem(problem)
    if answers is None:
        printed = published(problem)
        problem, answers = meant(problem), printed
    chosen = scheme(problem, quantities, points, carried)
    catalogue, given = Catalogue(problem), _given(problem, answers)
    sheets = {name: Sheet(problem, read, chosen, catalogue) for name, read in given}
    if not sheets:
        raise SymcnnError("the class has no student: give the answers of at least one")
    return ClassMarking(problem, {name: sheet.marked() for name, sheet in sheets.items()})


def _given(problem: Problem, answers: Any) -> Iterator[tuple[str, Answers]]:
    """Run over the students and their answers."""
    if isinstance(answers, Mapping):
        for name, given in answers.items():
            with located(str(name)):
                sheet = read(problem, given)
            yield str(name), sheet
        return
    path = path_of(answers)
    with located(path):
        for student in students(path, problem):
            with located(f"line {student.line}"):
                sheet = read(problem, student.answers)
            yield student.name, sheet
