"""Files with the answers of one student: sheets, workbooks, forms, TOML and JSON.

Whose they are and of which variant stands in the file, or else in its name:

    student = "Ada Byron"                Name: Ada Byron
    variant = 7                          # CNN by hand, variant 7
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from symcnn.classroom.filled_in import md, pdf
from symcnn.classroom.filled_in.names import STUDENT, VARIANT
from symcnn.classroom.handins import names
from symcnn.classroom.handins.collecting import Found
from symcnn.classroom.handins.handin import HandIn
from symcnn.classroom.handins.names import NUMBER, WHOLE, is_one_of, person, variant_said
from symcnn.classroom.marking.formats import table
from symcnn.classroom.marking.formats.xlsx import texts
from symcnn.classroom.spreadsheets.reading import FilledWorkbook
from symcnn.errors import SymcnnError
from symcnn.limits.files import text_of
from symcnn.problems import Problem

Problems = Mapping[str, Problem]

_NAMES = (*WHOLE, "name", *NUMBER)
"""The keys of names, the likeliest first."""


def readers(problems: Problems) -> Mapping[str, Callable[[Found], HandIn]]:
    """Return how files of one student are read, by how their names end."""
    made = {".toml": _keyed, ".json": _keyed, ".md": _sheet, ".xlsx": _workbook, ".pdf": _form}
    return {ending: partial(reader, problems) for ending, reader in made.items()}


def _keyed(problems: Problems, found: Found) -> HandIn:
    """Read a table of figures, in which the name and the variant have keys."""
    first = next(iter(problems.values()))
    given = dict(table(found.path, first))
    if {"layers", "input"} <= given.keys():
        raise SymcnnError("this is a problem, not answers to one: leave it out")
    student, variant = _taken(given, _NAMES), _taken(given, names.VARIANT)
    return HandIn(found.place, person(student), variant, lambda *_: given)


def _taken(given: dict[str, Any], keys: Sequence[str]) -> str:
    """Take the first of some keys out of a table; nothing if there is none."""
    there = [key for name in keys for key in given if is_one_of(key, [name])]
    said = [str(given.pop(key)) for key in dict.fromkeys(there)]
    return next((text for text in said if text.strip()), "")


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
    said, head = md.fields(found.path), text_of(found.path)[:_HEAD]
    title = next((line for line in head.splitlines() if line.startswith("#")), "")
    return HandIn(
        found.place,
        person(said.get(STUDENT, "")) or _name_in(head),
        said.get(VARIANT, "") or variant_said(title) or _in_front(head),
        lambda name, _: md.table(found.path, problems[name]),
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
    """Read a form in a PDF, whose fields name the student, the variant and the figures."""
    form = pdf.handed_in(found.path)
    return HandIn(
        found.place, person(form.student), form.variant, lambda name, _: form.table(problems[name])
    )
