"""Files with the answers of one student: sheets, workbooks, forms, TOML and JSON.

Whose they are and of which variant stands in the file, or else in its name:

    student = "Ada Byron"                Name: Ada Byron
    variant = 7                          # CNN by hand, variant 7
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from symcnn.classroom.handins.collecting import Found
from symcnn.classroom.handins.handin import Figures, HandIn, Notes
from symcnn.classroom.handins.names import (
    NUMBER,
    VARIANT,
    WHOLE,
    is_one_of,
    person,
    variant_said,
)
from symcnn.classroom.marking.formats import table
from symcnn.classroom.marking.formats.csv import Columns
from symcnn.classroom.marking.formats.xlsx import texts
from symcnn.classroom.spreadsheets.reading import FilledWorkbook
from symcnn.errors import SymcnnError
from symcnn.limits.files import text_of
from symcnn.problems import Problem

Problems = Mapping[str, Problem]

FORMS = "symcnn.classroom.filled_in.pdf"
"""The module whose ``fields(path)`` reads forms, if there is one."""

_NAMES = (*WHOLE, "name", *NUMBER)
"""The keys of names, the likeliest first."""


def readers(problems: Problems) -> Mapping[str, Callable[[Found], HandIn]]:
    """Return how files of one student are read, by how their names end."""
    made = {
        ".toml": partial(_keyed, problems),
        ".json": partial(_keyed, problems),
        ".md": partial(_sheet, problems),
        ".xlsx": partial(_workbook, problems),
    }
    return {**made, ".pdf": partial(_form, problems)} if _reads_forms() else made


def _reads_forms() -> bool:
    try:
        return find_spec(FORMS) is not None
    except ModuleNotFoundError:  # there is no such folder
        return False


def _keyed(problems: Problems, found: Found) -> HandIn:
    """Read a table of figures, in which the name and the variant have keys."""
    first = next(iter(problems.values()))
    given = dict(table(found.path, first))
    if {"layers", "input"} <= given.keys():
        raise SymcnnError("this is a problem, not answers to one: leave it out")
    student, variant = _taken(given, _NAMES), _taken(given, VARIANT)
    return HandIn(found.place, person(student), variant, lambda *_: given)


def _taken(given: dict[str, Any], names: tuple[str, ...] | list[str]) -> str:
    """Take the first of some keys out of a table; nothing if there is none."""
    keys = [key for name in names for key in given if is_one_of(key, [name])]
    texts = [str(given.pop(key)) for key in dict.fromkeys(keys)]
    return next((text for text in texts if text.strip()), "")


_NAME = re.compile(
    r"^[>*_# ]*(?:name|student)\s*[*_]*\s*:[*_]*(?P<name>.*)$", re.IGNORECASE | re.MULTILINE
)
_NEXT = re.compile(r"\b(?:date|datum|points|punkte|variant|course)\b\W*:", re.IGNORECASE)
_BOXES = re.compile(
    r"\\rule(?:\[[^\]]*\])?\{[^}]*\}\{[^}]*\}|\\[hv]space\*?\{[^}]*\}|\\(?:boxed|text|mathrm)\b"
)
_AROUND = re.compile(r"[{}$`_\\\[\]|*<>]+")
_HEAD = 4_000
"""The characters in which a sheet says whose it is."""


def _sheet(problems: Problems, found: Found) -> HandIn:
    """Read a sheet in Markdown, whose title names its variant."""
    head = text_of(found.path)[:_HEAD]
    title = next((line for line in head.splitlines() if line.startswith("#")), "")
    return HandIn(
        found.place,
        _name_in(head),
        variant_said(title) or _in_front(head),
        lambda name, _: table(found.path, problems[name]),
    )


def _name_in(head: str) -> str:
    """Return the name on a sheet; what is left of its box is none."""
    named = _NAME.search(head)
    if named is None:
        return ""
    written = _AROUND.sub(" ", _BOXES.sub(" ", _NEXT.split(named["name"])[0]))
    return person(written) if any(map(str.isalpha, written)) else ""


def _in_front(head: str) -> str:
    """Return the variant that the lines in front of a sheet name: variant: 7."""
    found = re.search(r"^variant\s*[:=]\s*[\"']?0*(\w{1,30})", head, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _workbook(problems: Problems, found: Found) -> HandIn:
    """Read a workbook, whose given numbers tell its variant if nothing else does."""
    workbook = FilledWorkbook(found.path)
    return HandIn(
        found.place,
        "",
        variant_said(workbook.title) or workbook.variant(problems),
        lambda name, _: texts(workbook.figures(problems[name])),
    )


def _form(problems: Problems, found: Found) -> HandIn:
    """Read a form, whose fields are called like columns of figures."""
    fields = dict(import_module(FORMS).fields(found.path))
    student, variant = _taken(fields, _NAMES), _taken(fields, VARIANT)
    return HandIn(
        found.place,
        person(student),
        variant,
        lambda name, notes: _of_fields(problems[name], fields, found.place, notes),
    )


def _of_fields(problem: Problem, fields: Figures, place: str, notes: Notes) -> Figures:
    """Return the figures of fields that have the names of columns."""
    columns, figures = Columns(problem), dict[str, list[str]]()
    for name, text in fields.items():
        with notes.said(place):
            at = columns.place(name)
            figures.setdefault(at.quantity, ["?"] * at.entries)[at.number] = str(text)
    return figures
