"""Questions of multiple choice in Moodle's XML: one right answer, and feedback to each.

    <answer fraction="100" format="html"> ... <feedback format="html"> ...

Every question says what is given, so that it can be drawn by itself from the bank.

Source: the importer of Moodle, question/format/xml/format.php, import_multichoice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.classroom.worksheets import xml
from symcnn.classroom.worksheets.choices.question import Option, Question, title_of
from symcnn.classroom.worksheets.choices.sheet import ChoiceSheet
from symcnn.classroom.worksheets.page import given, mathematics
from symcnn.document.pages.html.text import sentence


def quiz(sheets: Sequence[ChoiceSheet], category: str) -> str:
    """Return a file that Moodle imports.

    Args:
        sheets: The variants with their questions.
        category: The category that the questions are put in.
    """
    return xml.quiz((q for sheet in sheets for q in _questions(sheet)), category)


def asked(sheet: ChoiceSheet, question: Question) -> str:
    """Return what is given and what is asked as a fragment of HTML."""
    return f"{''.join(given(sheet.given))}<p>{sentence(question.text)}</p>\n"


def shown(option: Option) -> str:
    """Return an option as a fragment of HTML."""
    return f"<p>{mathematics(option.printed)}</p>"


def said(option: Option) -> str:
    """Return the feedback to an option as a fragment of HTML."""
    return f"<p>{sentence(option.feedback)}</p>"


def _questions(sheet: ChoiceSheet) -> Iterator[str]:
    for number, question in enumerate(sheet.questions, 1):
        name = xml.name(f"{sheet.title}: {title_of(question, number)}")
        answers = "\n".join(map(_answer, question.options))
        yield (
            f'<question type="multichoice">\n<name>{xml.text(name)}</name>\n'
            f'<questiontext format="html">\n{_html(asked(sheet, question))}\n</questiontext>\n'
            f'<generalfeedback format="html">{xml.text("")}</generalfeedback>\n'
            "<defaultgrade>1</defaultgrade>\n<penalty>0.3333333</penalty>\n<hidden>0</hidden>\n"
            "<single>true</single>\n<shuffleanswers>false</shuffleanswers>\n"
            f"<answernumbering>ABCD</answernumbering>\n{answers}\n</question>"
        )


def _answer(option: Option) -> str:
    share = 100 if option.is_right else 0
    return (
        f'<answer fraction="{share}" format="html">\n{_html(shown(option))}\n'
        f'<feedback format="html">{_html(said(option))}</feedback>\n</answer>'
    )


def _html(markup: str) -> str:
    return f"<text>{xml.cdata(markup)}</text>"
