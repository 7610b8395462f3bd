"""Questions for Moodle: a file of its XML format with embedded answers ("Cloze").

    {1:NUMERICAL:=0.24:0.0005}    a box for a number: its points, the answer, the tolerance

Every figure has a box and counts by itself. Moodle cannot mark what follows from a wrong figure:
``symcnn mark`` can.

Source: the importer of Moodle, question/format/xml/format.php and
question/type/multianswer/questiontype.php, whose regular expressions decide what a box is. An
answer ends at the first of ~, # and }, so that a brace anywhere else is written as an entity.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from symcnn.classroom.worksheets.figures import KeyFigure
from symcnn.classroom.worksheets.page import Page

_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
_LONGEST_NAME = 200


def quiz(pages: Sequence[Page], category: str = "") -> str:
    """Return a file that Moodle imports.

    Args:
        pages: The questions.
        category: The category that they are put in; by default the one that is open.
    """
    heading = [_category(category)] if category else []
    questions = "\n".join((*heading, *map(_question, pages)))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{questions}\n</quiz>\n'


def box(figure: KeyFigure) -> str:
    """Return the box of a figure."""
    return f"{{1:NUMERICAL:={figure.text}:{figure.tolerance}}}"


def _category(name: str) -> str:
    """Return what says where the questions go; a slash in a name is doubled."""
    path = f"$course$/top/{name.replace('/', '//')}"
    return (
        f'<question type="category">\n<category>{_text(path)}</category>\n'
        f'<info format="html">{_text("")}</info>\n<idnumber></idnumber>\n</question>'
    )


def _question(page: Page) -> str:
    return (
        f'<question type="cloze">\n<name>{_text(page.title[:_LONGEST_NAME])}</name>\n'
        f'<questiontext format="html">\n<text>{_cdata(_content(page))}</text>\n</questiontext>\n'
        f'<generalfeedback format="html">{_text("")}</generalfeedback>\n'
        "<penalty>0.3333333</penalty>\n<hidden>0</hidden>\n<idnumber></idnumber>\n</question>"
    )


def _content(page: Page) -> str:
    """Return the text of a question: boxes have braces, and nothing else has."""
    return "".join(
        box(part) if isinstance(part, KeyFigure) else part.translate(_BRACES)
        for part in page.parts()
    )


def _text(text: str) -> str:
    return f"<text>{escape(_printable(text), quote=False)}</text>"


def _printable(text: str) -> str:
    """Return text without characters that XML has not."""
    return "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in text)


def _cdata(text: str) -> str:
    """Return text that no parser reads, whatever it holds."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
