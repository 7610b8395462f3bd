"""Responses to questions with embedded answers, as Moodle's report of a quiz exports them.

Surname,First name,Email address,State,...,Response 1
Byron,Ada,ada@example.org,Finished,...,"part 1: 0.24; part 2: 0.26; part 3: "

Parts are numbered in the order of the boxes. The words are those of Moodle's language.

Source: Moodle 4, summarise_response in question/type/multianswer/question.php with its string
"part {$a->i}: {$a->response}"; the columns of mod/quiz/report/responses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from symcnn.classroom.marking.asked import asked, order_of
from symcnn.classroom.marking.follow import rounds_to
from symcnn.classroom.marking.intervals.written import figure
from symcnn.document.rows.slices import slices
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

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
