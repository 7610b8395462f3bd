"""A sheet as a fragment of HTML: what is given, the rules, and a place for every figure.

It needs no style, no picture and no script, as it stands inside a page of somebody else.

It is the text of a question for Moodle, in a file
of its XML format with embedded answers ("Cloze"):

    {1:NUMERICAL:=0.243:0.0005~%50%0.24:0}

is a box for a number: its weight, and answers with their tolerances, of which the first that fits
counts; "=" earns all points, "%50%" half of them, and an answer without such a sign none.

Every figure has a box and counts by itself. Moodle cannot mark what follows from a wrong figure,
and does not see how many digits a figure has: ``symcnn mark`` can.

Source: the importer of Moodle, question/format/xml/format.php and
question/type/multianswer/questiontype.php, whose regular expressions decide what a box is. An
answer ends at the first of ~, # and }, so that a brace anywhere else is written as an entity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from itertools import groupby
from math import fsum, lcm

from symcnn.classroom.marking.pages.worked import letter_of
from symcnn.classroom.worksheets.figures import KeyFigure
from symcnn.document.blocks import Block, Heading, Matrices, Note, Paragraph, Row, Rows, Table
from symcnn.document.document import Document
from symcnn.document.pages.html.elements import Elements
from symcnn.document.pages.html.formulas import formula
from symcnn.document.pages.html.text import escaped, sentence
from symcnn.document.rows.gaps import count, gaps
from symcnn.document.rows.points import in_points
from symcnn.document.rows.slices import slices
from symcnn.document.words.precision import to_be_given
from symcnn.problems import Problem
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.formula.pieces import Piece

_LARGEST = 9_999
"""A larger weight is rounded to this, and the others with it."""

_EXACT = 10**6
"""Points such as 2/3 are floats, which are fractions with smaller denominators."""


def weights(points: Sequence[float]) -> list[int]:
    """Return weights; points that are whole numbers are their own, and 0 stays 0."""
    exact = [Fraction(number).limit_denominator(_EXACT) for number in points]
    scale = Fraction(lcm(*(number.denominator for number in exact)))
    if max(exact, default=Fraction(0)) * scale > _LARGEST:
        scale = _LARGEST / max(exact)
    return [max(round(number * scale), 1) if number else 0 for number in exact]


Part = str | KeyFigure
"""A piece of HTML, or a figure that has its place there."""

_CELL = ' style="border:1px solid #999;padding:2px 6px;text-align:right"'
_TABLE = ' style="border-collapse:collapse;margin:0 0 1em 0"'


@dataclass(frozen=True)
class SheetPage:
    """A sheet with places for its figures."""

    problem: Problem
    sheet: Document
    figures: Sequence[KeyFigure]
    digits: int
    index_base: int = 1

    @property
    def title(self) -> str:
        """The title."""
        return self.problem.title

    def parts(self) -> Iterator[Part]:
        """Run over the pieces of the page."""
        yield from given(self.sheet.blocks)
        yield "<h4>Your figures</h4>\n"
        yield f"<p>{to_be_given(self.digits)} {_ALONE}</p>\n"
        for quantity, own in groupby(self.figures, key=lambda figure: figure.quantity):
            yield from self._quantity(quantity, list(own))

    def _quantity(self, name: str, figures: Sequence[KeyFigure]) -> Iterator[Part]:
        tensor = self.problem.quantities.shape(name)
        by_position = {figure.position: figure for figure in figures}
        yield f"<p><strong>{escaped(name)}</strong>{self._worth(figures)}</p>\n"
        for fixed, rows in slices(tensor):
            letter = row(letter_of(self.problem, name, fixed, self.index_base), "=")
            yield f"<p>{mathematics(letter)}</p>\n<table{_TABLE}>\n"
            for positions in rows:
                yield "<tr>"
                for position in positions:
                    yield from (f"<td{_CELL}>", by_position[position], "</td>")
                yield "</tr>\n"
            yield "</table>\n"

    def _worth(self, figures: Sequence[KeyFigure]) -> str:
        """Say how many points a quantity has, where not every figure has one."""
        if all(figure.points == 1 for figure in self.figures):
            return ""
        points = fsum(figure.points for figure in figures)
        return f", {in_points(points)} {'point' if points == 1 else 'points'}"


def given(blocks: Iterable[Block]) -> Iterator[str]:
    """Run over what is said in a sheet; boxes, and what is about them, are left out."""
    elements = Elements(themed=True)
    for block in blocks:
        if isinstance(block, Heading):
            yield f"<h4>{sentence(block.title)}</h4>\n"
        elif isinstance(block, Note):
            yield f"<p><strong>{sentence(block.title)}</strong></p>\n"
            yield from given(block.blocks)
        elif isinstance(block, Rows):
            yield from map(_rule, filter(None, map(_without_boxes, block.rows)))
        elif isinstance(block, Paragraph) and not _is_about_boxes(block):
            yield f"<p>{sentence(block.text)}</p>\n"
        elif isinstance(block, Table | Matrices) and not gaps(block):
            yield f"{elements.one(block)}\n"


def _is_about_boxes(block: Paragraph) -> bool:
    words = "".join(part for part in block.text if isinstance(part, str))
    return words.startswith(("Name: ", "Fill in the boxes."))


def _without_boxes(rule: Row) -> Row | None:
    """Return a row up to its first box; None where nothing is left."""
    sides = [side for side in rule.sides if not any(map(count, side.terms))]
    return replace(rule, sides=tuple(sides)) if sides else None


def _rule(rule: Row) -> str:
    number = f" ({rule.number})" if rule.number else ""
    whole = row(rule.left, *(side.formula for side in rule.sides))
    return f"<p>{mathematics(whole)}{escaped(number)}</p>\n"


def mathematics(tree: Formula) -> str:
    """Return a formula as one element."""
    made = formula(tree, display=True)
    assert isinstance(made, Piece), "nothing limits its width"
    return made.markup


_ALONE = (
    "Every box is marked by itself: a figure that follows from a wrong one counts as wrong here, "
    "and one that is rounded to fewer digits, or cut off, earns half of its points."
)
"""What is otherwise than with ``symcnn mark``, and what is nearly as there."""

_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def quiz(pages: Sequence[SheetPage], category: str = "") -> str:
    """Return a file that Moodle imports.

    Args:
        pages: The questions.
        category: The category that they are put in; by default the one that is open.
    """
    heading = [_category(category)] if category else []
    listed = "\n".join((*heading, *map(_question, pages)))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{listed}\n</quiz>\n'


def box(figure: KeyFigure, weight: int = 1) -> str:
    """Return the box of a figure."""
    answers = "~".join(f"{_share(a.share)}{a.middle}:{a.tolerance}" for a in figure.accepted)
    return f"{{{weight}:NUMERICAL:{answers}}}"


def _share(percent: int) -> str:
    return {0: "", 100: "="}.get(percent, f"%{percent}%")


def _question(page: SheetPage) -> str:
    return (
        f'<question type="cloze">\n<name>{_text(_name(page.title))}</name>\n'
        f'<questiontext format="html">\n<text>{_cdata(_content(page))}</text>\n</questiontext>\n'
        f'<generalfeedback format="html">{_text("")}</generalfeedback>\n'
        "<penalty>0.3333333</penalty>\n<hidden>0</hidden>\n<idnumber></idnumber>\n</question>"
    )


def _content(page: SheetPage) -> str:
    """Return the text of a question: boxes have braces, and nothing else has."""
    parts = [*page.parts()]
    weight = iter(weights([part.points for part in parts if isinstance(part, KeyFigure)]))
    return "".join(
        box(part, next(weight)) if isinstance(part, KeyFigure) else part.translate(_BRACES)
        for part in parts
    )


_LONGEST_NAME = 200


def _category(name: str) -> str:
    """Return what says where the questions go; a slash in a name is doubled."""
    path = f"$course$/top/{name.replace('/', '//')}"
    return (
        f'<question type="category">\n<category>{_text(path)}</category>\n'
        f'<info format="html">{_text("")}</info>\n<idnumber></idnumber>\n</question>'
    )


def _name(title: str) -> str:
    """Return a title as short as a name may be."""
    return title[:_LONGEST_NAME]


def _text(words: str) -> str:
    """Return the element of a text in Moodle's files."""
    return f"<text>{_quoted(words)}</text>"


def _quoted(words: str) -> str:
    """Return text in which XML sees no markup, and no character that it has not."""
    return escape("".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in words))


def _cdata(markup: str) -> str:
    """Return text that no parser reads, whatever it holds."""
    return f"<![CDATA[{markup.replace(']]>', ']]]]><![CDATA[>')}]]>"
