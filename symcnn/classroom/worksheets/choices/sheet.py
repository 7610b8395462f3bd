"""A sheet of multiple choice: what students get, and the same with its solution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from symcnn.classroom.explain import explain
from symcnn.classroom.filled_in.fields import code_of
from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.worksheets.choices.question import Option, Question
from symcnn.classroom.worksheets.choices.questions import questions
from symcnn.classroom.worksheets.front.choices import qr, with_front
from symcnn.classroom.worksheets.variant import Variant
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import (
    Block,
    Diagram,
    Inline,
    Paragraph,
    Table,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.document import Document
from symcnn.document.rows.gaps import gaps
from symcnn.document.story.brackets import BRACKET
from symcnn.document.story.symbols import SIGNAL
from symcnn.document.words.table import filled
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.numerals import Numerals

_INSTRUCTION = (
    "Each question has one right answer, which is worth one point: mark its letter. Numbers that "
    "are not exact are rounded."
)

_LEFT_OUT = ("How does one weight change the loss?", "Fill in the boxes.", "Name: ")
"""How paragraphs of a sheet with boxes begin that one without them has not."""


@dataclass(frozen=True)
class ChoiceSheet:
    """The questions to one variant of a worksheet."""

    variant: Variant

    @property
    def title(self) -> str:
        """The title of the variant."""
        return self.variant.problem.title

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions, in the order of computation."""
        variant = self.variant
        return tuple(questions(variant.problem, variant.quantities, variant.printed))

    @cached_property
    def given(self) -> tuple[Block, ...]:
        """What is given, and what the letters of the questions mean."""
        style = self.variant.style
        explained = explain(
            self.variant.problem,
            detail="brief",
            sections=("problem",),
            digits=style.digits,
            index_base=style.index_base,
            decimal=style.decimal,
        ).with_blanks()
        return (*filter(_is_given, explained.blocks), *self._meanings())

    def _meanings(self) -> Iterator[Block]:
        if any(question.quantity.startswith(GRADIENT) for question in self.questions):
            yield Paragraph(filled(SIGNAL))
        if any(question.quantity.startswith(UPDATED) for question in self.questions):
            printed = self.variant.printed
            rate = self.variant.problem.learning_rate
            number = Numerals(printed.digits, printed.decimal)(rate).formula
            yield paragraph("The learning rate is ", inline(r"\eta", "=", number), ".")
        formulas = [q for q in self.questions if q.kind == "formula"]
        every = (option.formula for question in formulas for option in question.options)
        if any(formula.has(Iverson) for formula in every):
            yield Paragraph(filled(BRACKET))

    @cached_property
    def sheet(self) -> Document:
        """What students get."""
        blank = Document(self.title, ()).with_blanks(len(self.questions))
        front, problem = self.variant.style.front, self.variant.problem
        title = self.title.rpartition(", variant ")[0]
        image = qr(title, str(self.variant.number), code_of(problem)) if front.qr else None
        blocks = (*blank.blocks[:1], *self.given, *self._asked(_open))
        return self._document((*with_front(blocks, front, image, {}),))

    @cached_property
    def key(self) -> Document:
        """The same with the right letters, and what is said to those who choose another one."""
        return self._document((*self.given, *self._asked(_solved)))

    def _asked(self, written: Callable[[int, Question], Iterator[Block]]) -> Iterator[Block]:
        yield from (heading(1, "Questions"), paragraph(_INSTRUCTION))
        for number, question in enumerate(self.questions, 1):
            yield from written(number, question)

    def _document(self, blocks: tuple[Block, ...]) -> Document:
        return Document(self.title, blocks, self.variant.style.digits)


def _is_given(block: Block) -> bool:
    """Tell whether a block of a sheet's first section says what is given."""
    if isinstance(block, Paragraph):
        first = block.text[0] if block.text else ""
        return not (isinstance(first, str) and first.startswith(_LEFT_OUT))
    return not isinstance(block, Diagram) and not gaps(block)


def _open(number: int, question: Question) -> Iterator[Block]:
    """Yield a question with its options: numbers side by side, formulas below each other."""
    yield Paragraph((f"{number}. ", *question.text))
    if question.kind == "formula":
        yield from (Paragraph((f"{x}. ", *_cell(option))) for x, option in question.lettered)
    else:
        letters = tuple((x,) for x, _ in question.lettered)
        cells = tuple(_cell(option) for option in question.options)
        yield Table(letters, (cells,), "r" * len(cells))


def _solved(number: int, question: Question) -> Iterator[Block]:
    """Yield a question with the right letter, and each option with what is said of it."""
    yield Paragraph((f"{number}. ", *question.text, f" {question.right} is right."))
    for letter, option in question.lettered:
        yield Paragraph((f"{letter}. ", *_cell(option), ". ", *option.feedback))


def _cell(option: Option) -> Text:
    return (Inline(option.printed),)
