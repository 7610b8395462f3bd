"""Reports on letters: what one student chose, or what a class did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from symcnn.classroom.marking.pages.words import capital
from symcnn.classroom.worksheets.choices.marked import Chosen, Paper, explanation
from symcnn.document.blocks import Block, Paragraph, Table, Text, heading, paragraph
from symcnn.document.document import Document
from symcnn.document.words.words import counted, with_formulas


def of_student(paper: Paper) -> Document:
    """Return the report on one student."""
    header: tuple[Text, ...] = (("Question",), ("About",), ("Answer",), ("Right",), ("Mistake",))
    rows = tuple(map(_row, paper.chosen))
    blocks = [
        paragraph(f"{paper.score} of {counted(len(paper.chosen), 'point')}."),
        Table(header, rows, "rXccX"),
        *_explained(paper.mistakes),
    ]
    return Document(f"{paper.student}: multiple choice", tuple(blocks))


def of_class(papers: Sequence[Paper]) -> Document:
    """Return the report on a class: the points, the questions and the mistakes."""
    points = tuple(
        ((p.student,), (p.variant,), (f"{p.score}",), (f"{len(p.chosen)}",)) for p in papers
    )
    made = sum((paper.mistakes for paper in papers), Counter[str]())
    blocks = [
        heading(1, "Points"),
        Table((("Student",), ("Variant",), ("Points",), ("Of",)), points, "Xrrr"),
        heading(1, "Questions"),
        Table((("About",), ("Answers",), ("Right",)), tuple(_shares(papers)), "Xrr"),
        *_explained(made),
    ]
    return Document("Multiple choice: the class", tuple(blocks))


def _row(chosen: Chosen) -> tuple[Text, ...]:
    said = ", ".join(chosen.mistakes) or ("left out" if chosen.verdict == "missing" else "")
    about = f"{chosen.of.quantity}, {chosen.of.kind}"
    letters = chosen.letter or "?", chosen.of.right
    return ((f"{chosen.number}",), (about,), *((x,) for x in letters), (said,))


def _shares(papers: Sequence[Paper]) -> Iterator[tuple[Text, ...]]:
    """Run over what is asked for, with how many chose the right letter; variants count together."""
    every = [one for paper in papers for one in paper.chosen]
    kinds = dict.fromkeys((one.of.quantity, one.of.kind) for one in every)
    for quantity, kind in kinds:
        own = [o.verdict for o in every if (o.of.quantity, o.of.kind) == (quantity, kind)]
        yield (f"{quantity}, {kind}",), (f"{len(own)}",), (f"{own.count('right')}",)


def _explained(made: Counter[str]) -> Iterator[Block]:
    if made:
        yield heading(1, "Mistakes")
    for name, count in made.most_common():
        times = f"{count} time{'' if count == 1 else 's'}"
        yield Paragraph(with_formulas(f"{capital(name)} ({times}): {explanation(name)}"))
