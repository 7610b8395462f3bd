"""The hand-ins of a class, in files and folders: who handed in what, and what could not be read.

Nothing that is wrong in one file or in one cell keeps the others from being marked. Of a file with
the answers of one student, whose they are and of which variant stands in it, or else in its name:

    student = "Ada Byron"                Name: Ada Byron
    variant = 7                          # CNN by hand, variant 7
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from symcnn import limits
from symcnn.classroom.handins import tables
from symcnn.classroom.handins.collecting import (
    NUMBER,
    TABLES,
    VARIANT,
    WHOLE,
    Figures,
    Found,
    Handed,
    HandIn,
    Notes,
    check_size,
    collected,
    is_one_of,
    person,
    student_of_file,
    variant_of_file,
    variant_said,
)
from symcnn.classroom.marking.answers import Answers, figures_of
from symcnn.classroom.marking.answers import read as answers
from symcnn.classroom.marking.formats import table, texts
from symcnn.classroom.marking.intervals.written import Unread
from symcnn.classroom.marking.mark import variant_named
from symcnn.classroom.spreadsheets.reading import FilledWorkbook
from symcnn.equations.values import known
from symcnn.errors import SeveralMistakesError, SymcnnError, shown
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


Problems = Mapping[str, Problem]
"""The variants of a problem by name; a problem that has none is the variant ""."""

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""


class Pile(NamedTuple):
    """What a class handed in.

    Attributes:
        handed: The answers of each student, in the order of files and rows.
        notes: The lines on what could not be read; others may be added.
    """

    handed: Sequence[Handed]
    notes: Notes


def pile(
    problems: Problems,
    paths: Sequence[Any],
    asked_for: Sequence[str],
    progress: Progress = lambda *_: None,
) -> Pile:
    """Read the files of a class.

    Args:
        problems: The variants.
        paths: Files, and folders with files.
        asked_for: The quantities that are asked for, in the order of the boxes of a question.
        progress: Is told how many files were read.

    Raises:
        SymcnnError: If no hand-in could be read; every line says what is wrong with one.
    """
    notes = Notes()
    files = collected(map(_path, paths), notes)
    reading = _Reading(problems, asked_for, notes)
    handed = list[Handed]()
    for count, found in enumerate(files):
        progress("reading", count, len(files))
        handed += reading.file(found)
    progress("reading", len(files), len(files))
    if not handed:
        raise _all(notes.listed() or (_nothing_in(paths),))
    return Pile(handed, notes)


def _nothing_in(paths: Sequence[Any]) -> str:
    where = f"{_path(paths[0])}: " if len(paths) == 1 else ""
    return f"{where}there are no hand-ins: name files of answers, or their folder"


def _path(given: Any) -> Path:
    if not isinstance(given, str | PathLike):
        raise SymcnnError(f"a hand-in is a {type(given).__name__}: give the name of a file")
    return Path(given)


def _all(lines: Sequence[str]) -> SymcnnError:
    errors = [*map(SymcnnError, lines)]
    return errors[0] if len(errors) == 1 else SeveralMistakesError(errors)


class _Reading:
    """Reads files, one after the other; students of one name are told apart."""

    def __init__(self, problems: Problems, asked_for: Sequence[str], notes: Notes) -> None:
        self._problems, self._asked_for, self._notes = problems, asked_for, notes
        self._readers = readers(problems)
        self._first = dict[str, str]()
        self._count = 0

    def file(self, found: Found) -> Iterator[Handed]:
        """Run over the answers in a file."""
        with self._notes.said(found.place):
            for handed in self._handed_in(found):
                with self._notes.said(handed.place):
                    yield self._read(found, handed)

    def _handed_in(self, found: Found) -> Iterable[HandIn]:
        ending = found.path.suffix.lower()
        if ending not in (*TABLES, *self._readers):
            raise SymcnnError(
                f"answers are in files that end with {', '.join((*self._readers, *TABLES))}: "
                "this one was not read"
            )
        check_size(found)
        if ending in TABLES:
            return tables.handins(self._problems, self._asked_for, found, self._notes)
        return [self._readers[ending](found)]

    def _read(self, found: Found, handed: HandIn) -> Handed:
        variant = self._variant(found, handed)
        if self._count >= limits.MARKED_STUDENTS:
            raise SymcnnError(f"{limits.MARKED_STUDENTS:,} students are marked: divide the class")
        problem = self._problems[variant]
        figures = handed.figures(variant, self._notes)
        answers = read(problem, figures, handed.place, self._notes)
        self._count += 1
        return Handed(self._student(found, handed), variant, answers)

    def _variant(self, found: Found, handed: HandIn) -> str:
        """Return the name of a variant: by what the hand-in says, or by the name of its file."""
        if "" in self._problems:
            self._check_variant(handed.variant)
            return ""
        is_table = found.path.suffix.lower() in TABLES
        said = handed.variant or ("" if is_table else variant_of_file(found.path.stem))
        if not said:
            listed = known(said, [*self._problems])
            raise SymcnnError(f"nothing says which variant this is: {listed}")
        return variant_named(self._problems, said)

    def _check_variant(self, said: str) -> None:
        """Refuse the sheet of another variant than the one that is marked."""
        own = variant_said(self._problems[""].title)
        if own and said.isdecimal() and said.lstrip("0") != own:
            raise SymcnnError(f"this is variant {said}, but variant {own} is marked: leave it out")

    def _student(self, found: Found, handed: HandIn) -> str:
        """Return a name that is nobody else's; a second one of a name gets a number."""
        own = student_of_file(found.path.stem, found.inside, "" not in self._problems)
        name = handed.student or person(own) or found.place
        if name not in self._first:
            self._first[name] = handed.place
            return name
        numbered = (f"{name} ({n})" for n in range(2, self._count + 3))
        other = next(one for one in numbered if one not in self._first)
        self._notes.say(
            handed.place,
            f"{shown(name)} has handed in {self._first[name]} already: this is kept as "
            f"{shown(other)}",
        )
        self._first[other] = handed.place
        return other


_NAMES = (*WHOLE, "name", *NUMBER)
"""The keys of names, the likeliest first."""


def readers(problems: Problems) -> Mapping[str, Callable[[Found], HandIn]]:
    """Return how files of one student are read, by how their names end."""
    made = {".toml": _keyed, ".json": _keyed, ".xlsx": _workbook}
    return {ending: partial(reader, problems) for ending, reader in made.items()}


def _keyed(problems: Problems, found: Found) -> HandIn:
    """Read a table of figures, in which the name and the variant have keys."""
    first = next(iter(problems.values()))
    given = dict(table(found.path, first))
    if {"layers", "input"} <= given.keys():
        raise SymcnnError("this is a problem, not answers to one: leave it out")
    student, variant = _taken(given, _NAMES), _taken(given, VARIANT)
    return HandIn(found.place, person(student), variant, lambda *_: given)


def _taken(given: dict[str, Any], keys: Sequence[str]) -> str:
    """Take the first of some keys out of a table; nothing if there is none."""
    there = [key for name in keys for key in given if is_one_of(key, [name])]
    said = [str(given.pop(key)) for key in dict.fromkeys(there)]
    return next((text for text in said if text.strip()), "")


def _workbook(problems: Problems, found: Found) -> HandIn:
    """Read a workbook, whose given numbers tell its variant if nothing else does."""
    workbook = FilledWorkbook(found.path)
    return HandIn(
        found.place,
        "",
        variant_said(workbook.title) or workbook.variant(problems),
        lambda name, _: texts(workbook.figures(problems[name])),
    )
