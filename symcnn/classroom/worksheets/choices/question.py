"""A question of multiple choice: options of which one is right, and what the key has of it.

variant,question,quantity,position,kind,right,A,B,C,D
1,3,conv1,"1,0,0",figure,C,kernel flipped,wrong sign,,transposed weight

The key is what ``symcnn mark`` marks letters by: they stay what they were when sheets were printed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal

from sympy import Expr

from symcnn.classroom.marking.formats.csv import VARIANT, meant, table
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.pages.words import capital, stated
from symcnn.document.blocks import Inline, Text
from symcnn.errors import SymcnnError, located
from symcnn.limits.files import text_of
from symcnn.writing.formula import Formula
from symcnn.writing.formula.reader import prose

LETTERS = "ABCD"
"""What options are called."""

Kind = Literal["figure", "formula"]
"""Whether options are numbers, or formulas in entries of the stages before."""


@dataclass(frozen=True)
class Option:
    """An option.

    Attributes:
        formula: The formula that it follows, in entries of the stages before.
        printed: How it is printed: the number, or the formula.
        mistakes: The mistakes that lead to it, made together; none if it is right.
    """

    formula: Expr
    printed: Formula
    mistakes: tuple[Mistake, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether it is the right one."""
        return not self.mistakes

    @property
    def name(self) -> str:
        """The names of its mistakes in the catalogue; "" if it is right."""
        return " + ".join(mistake.name for mistake in self.mistakes)

    @property
    def feedback(self) -> Text:
        """What is said to those who choose it: what was done, and what is right."""
        words = " ".join(map(stated, self.mistakes)) or "Right."
        if len(self.mistakes) > 1:
            words = f"Two mistakes lead here. {words}"
        return tuple(p if isinstance(p, str) else Inline(p) for p in prose(words))


@dataclass(frozen=True)
class Question:
    """A question.

    Attributes:
        kind: Whether options are numbers or formulas.
        quantity: The quantity that it is about.
        position: The entry, counted from 0.
        text: What is asked.
        options: The options, in their order.
    """

    kind: Kind
    quantity: str
    position: tuple[int, ...]
    text: Text
    options: tuple[Option, ...]

    @property
    def right(self) -> str:
        """The letter of the right option."""
        return next(x for x, option in self.lettered if option.is_right)

    @property
    def lettered(self) -> list[tuple[str, Option]]:
        """The options with their letters."""
        return [*zip(LETTERS, self.options, strict=False)]


def title_of(question: Question, number: int) -> str:
    """Return the title of a question, where each has one: 03 Gradient of conv1.weight, formula."""
    return f"{number:02d} {capital(question.quantity)}, {question.kind}"


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


def written_key(variants: Iterable[tuple[int, Sequence[Question]]]) -> str:
    """Return the key as a table."""
    rows: list[list[str | float]] = [[*_HEADER, *LETTERS]]
    for variant, questions in variants:
        for number, question in enumerate(questions, 1):
            position = ",".join(map(str, question.position))
            names = [option.name for option in question.options]
            own = (question.quantity, position, question.kind, question.right, *names)
            rows.append([variant, number, *own])
    return table(rows)


def read_key(path: Path) -> dict[str, list[Keyed]]:
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
