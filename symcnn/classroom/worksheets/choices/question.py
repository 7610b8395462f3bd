"""A question of multiple choice: what is asked for, and options of which one is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy import Expr

from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.pages.words import capital, stated
from symcnn.document.blocks import Inline, Text
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
