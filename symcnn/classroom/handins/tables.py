"""Tables of a class in CSV: one row a student, from a form, a spreadsheet or Moodle.

What a column holds is guessed from its name: names, variants, figures such as conv1[0,0,2], or the
responses to a question with embedded answers. Other columns are passed over.

Responses to questions with embedded answers, as Moodle's report of a quiz exports them.

Surname,First name,Email address,State,...,Response 1
Byron,Ada,ada@example.org,Finished,...,"part 1: 0.24; part 2: 0.26; part 3: "

Parts are numbered in the order of the boxes. The words are those of Moodle's language.

Source: Moodle 4, summarise_response in question/type/multianswer/question.php with its string
"part {$a->i}: {$a->response}"; the columns of mod/quiz/report/responses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from symcnn import limits
from symcnn.classroom.handins.collecting import (
    FIRST,
    LAST,
    MAIL,
    NUMBER,
    STATE,
    VARIANT,
    WHOLE,
    Figures,
    Found,
    HandIn,
    Notes,
    is_one_of,
    person,
    variant_said,
)
from symcnn.classroom.marking.asked import asked, order_of
from symcnn.classroom.marking.follow import rounds_to
from symcnn.classroom.marking.formats.csv import (
    STUDENT,
    Columns,
    Place,
    check_cells,
    check_columns,
    lines_of,
    no_figures,
    rows_of,
)
from symcnn.classroom.marking.intervals.written import figure
from symcnn.document.rows.slices import slices
from symcnn.errors import SymcnnError, shown
from symcnn.limits.files import text_of
from symcnn.problems import Problem

Problems = Mapping[str, Problem]
Rows = Sequence[tuple[int, list[str]]]
"""The numbers of lines, and their cells."""

_NAMED = ("student", "last", "first", "name", "number", "mail")
"""The roles of columns that say who somebody is."""

_TELLING = ("mail", "state")
"""The roles of columns in which averages have nothing."""

_ROLES = {
    "student": WHOLE,
    "last": LAST,
    "first": FIRST,
    "name": ["name"],
    "number": NUMBER,
    "mail": MAIL,
    "variant": VARIANT,
    "state": STATE,
}


@dataclass(frozen=True)
class Header:
    """What the columns of a table hold.

    Attributes:
        roles: The columns of names, variants and states, by their roles.
        places: The columns of figures.
        responses: The columns of responses, by the numbers of their questions.
        rights: The columns of right answers, likewise.
        questions: The columns of the questions' texts, likewise.
        others: What the columns are called that are passed over.
    """

    roles: dict[str, int] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    responses: dict[str, int] = field(default_factory=dict)
    rights: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def is_of_moodle(self) -> bool:
        """Whether the table has responses."""
        return bool(self.responses)


def is_plain(path: Path) -> bool:
    """Tell whether a table is one that ``mark_class`` reads by itself: its names are students.

    Everything else, be it a table of Moodle's, is a hand-in like others.
    """
    with suppress(SymcnnError):
        rows = lines_of(text_of(path))
        header = [cell.strip() for cell in rows[0][1]] if rows else []
        guessed = any(is_one_of(c, known) for c in header for known in _ROLES.values())
        has_responses = any(map(response, header))
        return not has_responses and (STUDENT in map(str.lower, header) or not guessed)
    return True


def handins(
    problems: Problems, asked_for: Sequence[str], found: Found, notes: Notes
) -> Iterator[HandIn]:
    """Run over what the students of a table handed in.

    Raises:
        SymcnnError: If the table has no figures, or cannot be read at all.
    """
    header, rows = rows_of(text_of(found.path))
    columns = _header(header, next(iter(problems.values())), rows)
    if not columns.places and not columns.is_of_moodle:
        raise no_figures()
    if columns.others and not columns.is_of_moodle:
        listed = ", ".join(shown(name) for name in columns.others[:3])
        notes.say(found.place, f"no figures are in the columns {listed}: they were passed over")
    table = _Table(problems, asked_for, found.place, columns)
    for line, cells in rows:
        with notes.said(f"{found.place}, line {line}"):
            if handed := table.row(line, cells, len(header)):
                yield handed


def _header(cells: Sequence[str], problem: Problem, rows: Rows) -> Header:
    check_columns(cells)
    made, columns = Header(), Columns(problem)
    for at, cell in enumerate(cells):
        name = cell.strip()[: limits.TEXT_LETTERS + 1]
        role = next((r for r, known in _ROLES.items() if is_one_of(name, known)), "")
        if role:
            made.roles.setdefault(role, at)
        elif number := response(name):
            made.responses[number] = at
        elif number := right_answer(name):
            made.rights[number] = at
        elif number := question(name):
            made.questions[number] = at
        else:
            _place(made, columns, at, name)
    if not made.places and not made.responses:
        _guess_responses(made, rows)
    return made


def _place(made: Header, columns: Columns, at: int, name: str) -> None:
    """Take a column of figures; of two for one entry the first."""
    if len(name) > limits.TEXT_LETTERS:
        made.others.append(name)
        return
    try:
        place = columns.place(name)
    except SymcnnError:
        made.others.append(name)
        return
    if place in made.places.values():
        made.others.append(name)
    else:
        made.places[at] = place


def _guess_responses(made: Header, rows: Rows) -> None:
    """Find the column of responses by what it holds, whatever it is called."""
    for _, cells in rows:
        for at, cell in enumerate(cells):
            if len(parts(cell)) > 1:
                made.responses["1"] = at
                return


@dataclass(frozen=True)
class _Table:
    problems: Problems
    asked_for: Sequence[str]
    place: str
    header: Header

    def row(self, line: int, cells: Sequence[str], columns: int) -> HandIn | None:
        """Return what stands in a row; None for one that is no student's."""
        check_cells(cells, columns)
        place, student = f"{self.place}, line {line}", self._student(cells)
        if self.header.is_of_moodle:
            return self._responded(place, student, cells)
        figures = self._figures(cells)
        variant = self._cell(cells, self.header.roles.get("variant"))
        return HandIn(place, student or f"line {line}", variant, lambda *_: figures)

    def _student(self, cells: Sequence[str]) -> str:
        """Return the first of the names of a row; first and last names belong together."""
        found = {r: self._cell(cells, self.header.roles.get(r)) for r in _NAMED}
        both = " ".join(filter(None, (found["first"] or found["name"], found["last"])))
        likely = (found["student"], both, found["name"], found["number"], found["mail"])
        return person(next(filter(None, likely), ""))

    def _cell(self, cells: Sequence[str], at: int | None) -> str:
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def _figures(self, cells: Sequence[str]) -> Figures:
        made = dict[str, list[str]]()
        for at, place in self.header.places.items():
            row = made.setdefault(place.quantity, ["?"] * place.entries)
            row[place.number] = self._cell(cells, at)
        return made

    def _responded(self, place: str, student: str, cells: Sequence[str]) -> HandIn | None:
        """Return the response of a row; the averages at the end of a report are nobody's."""
        telling = [role for role in _TELLING if role in self.header.roles]
        if telling and not any(self._cell(cells, self.header.roles[role]) for role in telling):
            return None
        for number, at in self.header.responses.items():
            if found := parts(self._cell(cells, at)):
                variant = self._variant(number, cells)
                return HandIn(
                    place,
                    student,
                    variant,
                    lambda name, _: figures(self.problems[name], self.asked_for, found),
                )
        raise SymcnnError(f"{shown(student)} has no response with parts: nothing was marked")

    def _variant(self, number: str, cells: Sequence[str]) -> str:
        """Return the variant of a question: by a column, its right answers, or its text."""
        header, roles = self.header, self.header.roles
        right = parts(self._cell(cells, header.rights.get(number)))
        return (
            self._cell(cells, roles.get("variant"))
            or variant_answered(self.problems, self.asked_for, right)
            or variant_said(self._cell(cells, header.questions.get(number)))
        )


Box = tuple[str, int]
"""A quantity, and the number of one of its entries in row-major order."""

_RESPONSE = re.compile(
    r"(?:response|antwort|réponse|respuesta|risposta|antwoord|resposta|svar|odpowied\w+|odpověď)"
    r"\s*(\d{1,3})",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:question|frage|pregunta|domanda|vraag|pergunta|pytanie|otázka|fråga|spørgsmål)\s*(\d{1,3})",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"(?:right answer|correct answer|richtige antwort|bonne réponse|réponse correcte|"
    r"respuesta correcta|risposta corretta|juiste antwoord|resposta correta)\s*(\d{1,3})",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:^|;)\s*[^\W\d_][^\d;:=]{0,30}?\s*(\d{1,4})\s*:")
"""How a part begins: part 1: """


def response(column: str) -> str:
    """Return the number of the question whose responses a column has; nothing if it has none.

    >>> response("Response 1"), response("Antwort 12"), response("State")
    ('1', '12', '')
    """
    return _numbered(_RESPONSE, column)


def question(column: str) -> str:
    """Return the number of the question whose text a column has; nothing if it has none."""
    return _numbered(_QUESTION, column)


def right_answer(column: str) -> str:
    """Return the number of the question whose right answer a column has, or nothing."""
    return _numbered(_RIGHT, column)


def _numbered(pattern: re.Pattern[str], column: str) -> str:
    found = pattern.fullmatch(" ".join(column.split()))
    return found[1] if found else ""


def parts(text: str) -> list[str]:
    """Return the parts of a response, in their order; none if it is no response with parts.

    >>> parts("part 1: 0.24; part 2: ; part 3: 1,5e-3")
    ['0.24', '', '1,5e-3']
    >>> parts("Teil 1: 0,24"), parts("0.24")
    (['0,24'], [])
    """
    begins = [*_in_order(text)]
    ends = [*(begin.start() for begin in begins[1:]), len(text)] if begins else []
    spans = zip(begins, ends, strict=True)
    return [text[begin.end() : end].strip() for begin, end in spans]


def _in_order(text: str) -> Iterator[re.Match[str]]:
    """Run over the beginnings of part 1, part 2 and so on; what looks like one is none."""
    number = 1
    for begin in _PART.finditer(text):
        if int(begin[1]) == number:
            number += 1
            yield begin


def boxes(problem: Problem, quantities: Sequence[str]) -> list[Box]:
    """Return the boxes of a question in their order: matrix by matrix, row by row."""
    names = sorted({*quantities}, key=order_of(problem))
    return [box for name in names for box in _boxes_of(problem, name)]


def _boxes_of(problem: Problem, name: str) -> Iterator[Box]:
    tensor = problem.quantities.shape(name)
    numbers = {position: n for n, position in enumerate(tensor.positions())}
    for _, rows in slices(tensor):
        for row in rows:
            yield from ((name, numbers[position]) for position in row)


def figures(
    problem: Problem, asked_for: Sequence[str], found: Sequence[str]
) -> dict[str, list[str]]:
    """Return the figures of the parts of a response by quantity.

    Raises:
        SymcnnError: If there is another number of parts than of boxes.
    """
    places = _fitting(problem, asked_for, len(found))
    made = dict[str, list[str]]()
    for (name, number), text in zip(places, found, strict=True):
        entries = int(problem.quantities.shape(name).size)
        made.setdefault(name, ["?"] * entries)[number] = "?" if text == "-" else text
    return made


def _fitting(problem: Problem, asked_for: Sequence[str], count: int) -> list[Box]:
    choices = [boxes(problem, names) for names in (asked_for, asked(problem))]
    for places in choices:
        if len(places) == count:
            return places
    raise SymcnnError(
        f"the response has {count} parts, but the question {len(choices[0])} boxes: name the "
        "worksheet that the question is of"
    )


def variant_answered(
    problems: Mapping[str, Problem], asked_for: Sequence[str], right: Sequence[str]
) -> str:
    """Return the variant whose right answers these are; nothing if there is none."""
    for name, problem in problems.items():
        if right and _are_right(problem, asked_for, right):
            return name
    return ""


def _are_right(problem: Problem, asked_for: Sequence[str], right: Sequence[str]) -> bool:
    try:
        made = figures(problem, asked_for, right)
        for name, texts in made.items():
            for value, text in zip(problem.quantity(name), texts, strict=True):
                written = figure(text, name)
                if written is None or not rounds_to(value, written):
                    return False
    except SymcnnError:
        return False
    return True
