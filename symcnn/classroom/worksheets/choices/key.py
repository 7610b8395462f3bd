"""The key of multiple choice: a row for each question, with the mistake behind each letter.

variant,question,quantity,position,kind,right,A,B,C,D
1,3,conv1,"1,0,0",figure,C,kernel flipped,wrong sign,,transposed weight

It is what ``symcnn mark`` marks letters by: they stay what they were when sheets were printed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from symcnn.classroom.marking.formats.cells import meant, table
from symcnn.classroom.marking.formats.csv import VARIANT
from symcnn.classroom.worksheets.choices.question import LETTERS, Question
from symcnn.errors import SymcnnError, located
from symcnn.limits.files import text_of

_HEADER = (VARIANT, "question", "quantity", "position", "kind", "right")


@dataclass(frozen=True)
class Keyed:
    """A question as its key has it.

    Attributes:
        quantity: The quantity that it is about.
        kind: Whether its options are figures or formulas.
        right: The letter of the right option.
        mistakes: The names of the mistakes behind each letter; "" for the right one.
    """

    quantity: str
    kind: str
    right: str
    mistakes: Mapping[str, str]


def written(variants: Iterable[tuple[int, Sequence[Question]]]) -> str:
    """Return the key as a table."""
    rows: list[list[str | float]] = [[*_HEADER, *LETTERS]]
    for variant, questions in variants:
        for number, question in enumerate(questions, 1):
            position = ",".join(map(str, question.position))
            names = [option.name for option in question.options]
            own = (question.quantity, position, question.kind, question.right, *names)
            rows.append([variant, number, *own])
    return table(rows)


def read(path: Path) -> dict[str, list[Keyed]]:
    """Return the questions of each variant.

    Raises:
        SymcnnError: If the file is no such table.
    """
    with located(path):
        try:
            header, *rows = csv.reader(StringIO(text_of(path), newline=""), strict=True)
        except (csv.Error, ValueError):
            raise _damaged() from None
        if header != [*_HEADER, *LETTERS] or not rows:
            raise _damaged()
        found = dict[str, list[Keyed]]()
        for row in rows:
            found.setdefault(row[0] if row else "", []).append(_keyed([*map(meant, row)]))
    return found


def _keyed(cells: Sequence[str]) -> Keyed:
    own, names = cells[: len(_HEADER)], cells[len(_HEADER) :]
    mistakes = dict(zip(LETTERS, names, strict=False))
    if len(own) < len(_HEADER) or mistakes.get(own[-1]) != "":
        raise _damaged()
    return Keyed(own[2], own[4], own[5], mistakes)


def _damaged() -> SymcnnError:
    return SymcnnError("this is not the key of a sheet: take the table that symcnn wrote")
