"""Questions of multiple choice for learning platforms: Moodle's XML, and QTI 1.2 for Canvas.

    <answer fraction="100" format="html"> ... <feedback format="html"> ...

Every question says what is given, so that it can be drawn by itself from the bank. A package of QTI
has a quiz for each variant. It is written for the importer of Canvas (classic quizzes, "QTI .zip
file"), which takes the type of a question and its points from the metadata of the item, and
feedback to an option from the condition that displays it. No schema was at hand to validate the
package against.

Sources: the importer of Moodle, question/format/xml/format.php, import_multichoice; IMS Question &
Test Interoperability, ASI XML binding, version 1.2; IMS Content Packaging, version 1.1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from symcnn.classroom.filled_in.fields import code_of
from symcnn.classroom.worksheets import xml
from symcnn.classroom.worksheets.choices.question import Option, Question, title_of
from symcnn.classroom.worksheets.choices.sheet import ChoiceSheet
from symcnn.classroom.worksheets.page import given, mathematics
from symcnn.document.pages.html.text import sentence


def moodle_quiz(sheets: Sequence[ChoiceSheet], category: str) -> str:
    """Return a file that Moodle imports.

    Args:
        sheets: The variants with their questions.
        category: The category that the questions are put in.
    """
    return xml.quiz((q for sheet in sheets for q in _questions(sheet)), category)


def _asked(sheet: ChoiceSheet, question: Question) -> str:
    """Return what is given and what is asked as a fragment of HTML."""
    return f"{''.join(given(sheet.given))}<p>{sentence(question.text)}</p>\n"


def _shown(option: Option) -> str:
    """Return an option as a fragment of HTML."""
    return f"<p>{mathematics(option.printed)}</p>"


def _feedback_to(option: Option) -> str:
    """Return the feedback to an option as a fragment of HTML."""
    return f"<p>{sentence(option.feedback)}</p>"


def _questions(sheet: ChoiceSheet) -> Iterator[str]:
    for number, question in enumerate(sheet.questions, 1):
        name = xml.name(f"{sheet.title}: {title_of(question, number)}")
        answers = "\n".join(map(_answer, question.options))
        yield (
            f'<question type="multichoice">\n<name>{xml.text(name)}</name>\n'
            f'<questiontext format="html">\n{_html(_asked(sheet, question))}\n</questiontext>\n'
            f'<generalfeedback format="html">{xml.text("")}</generalfeedback>\n'
            "<defaultgrade>1</defaultgrade>\n<penalty>0.3333333</penalty>\n<hidden>0</hidden>\n"
            "<single>true</single>\n<shuffleanswers>false</shuffleanswers>\n"
            f"<answernumbering>ABCD</answernumbering>\n{answers}\n</question>"
        )


def _answer(option: Option) -> str:
    share = 100 if option.is_right else 0
    return (
        f'<answer fraction="{share}" format="html">\n{_html(_shown(option))}\n'
        f'<feedback format="html">{_html(_feedback_to(option))}</feedback>\n</answer>'
    )


def _html(markup: str) -> str:
    return f"<text>{xml.cdata(markup)}</text>"


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QUIZ = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_MANIFEST = "imsmanifest.xml"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that the same questions give the same bytes."""


def qti_package(sheets: Sequence[ChoiceSheet], title: str) -> bytes:
    """Return the package as the content of a zip file."""
    quizzes = {f"variant_{sheet.variant.number}": _quiz(sheet) for sheet in sheets}
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        _put(archive, _MANIFEST, _manifest(quizzes, title))
        for ident, quiz in quizzes.items():
            _put(archive, _file(ident), quiz)
    return whole.getvalue()


def _put(archive: ZipFile, name: str, content: str) -> None:
    archive.writestr(ZipInfo(name, _LONG_AGO), content.encode(), ZIP_DEFLATED)


def _file(ident: str) -> str:
    return f"{ident}/{ident}.xml"


def _manifest(idents: Sequence[str] | dict[str, str], title: str) -> str:
    resources = "\n".join(
        f'<resource identifier="{ident}" type="imsqti_xmlv1p2" href="{_file(ident)}">'
        f'<file href="{_file(ident)}"/></resource>'
        for ident in idents
    )
    return (
        f'{_HEAD}<manifest identifier="symcnn" xmlns="{_PACKAGE}">\n<metadata>'
        "<schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>\n"
        f"<!-- {_in_comment(title)} -->\n<organizations/>\n"
        f"<resources>\n{resources}\n</resources>\n</manifest>\n"
    )


def _in_comment(title: str) -> str:
    """Return a title without what ends a comment."""
    return xml.quoted(title).replace("-", "\u2010")


def _quiz(sheet: ChoiceSheet) -> str:
    ident = f"{code_of(sheet.variant.problem)}_{sheet.variant.number}"
    items = "\n".join(
        _item(sheet, question, f"q_{ident}_{number}", title_of(question, number))
        for number, question in enumerate(sheet.questions, 1)
    )
    return (
        f'{_HEAD}<questestinterop xmlns="{_QUIZ}">\n'
        f'<assessment ident="quiz_{ident}" title="{xml.quoted(xml.name(sheet.title))}">\n'
        f'<section ident="root_section">\n{items}\n</section>\n</assessment>\n'
        "</questestinterop>\n"
    )


def _item(sheet: ChoiceSheet, question: Question, ident: str, title: str) -> str:
    fields = {"question_type": "multiple_choice_question", "points_possible": "1"}
    labels = "\n".join(
        f'<response_label ident="{x}">{_material(_shown(option))}</response_label>'
        for x, option in question.lettered
    )
    return (
        f'<item ident="{ident}" title="{xml.quoted(title)}">\n'
        f"<itemmetadata><qtimetadata>{''.join(map(_field, fields.items()))}</qtimetadata>"
        f"</itemmetadata>\n<presentation>\n{_material(_asked(sheet, question))}\n"
        f'<response_lid ident="response1" rcardinality="Single"><render_choice shuffle="No">\n'
        f"{labels}\n</render_choice></response_lid>\n</presentation>\n"
        f"<resprocessing>\n{_outcomes(question)}\n</resprocessing>\n"
        f"{''.join(_feedback(x, option) for x, option in question.lettered)}</item>"
    )


def _field(named: tuple[str, str]) -> str:
    name, entry = named
    return (
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{entry}</fieldentry>"
        "</qtimetadatafield>"
    )


def _outcomes(question: Question) -> str:
    return "\n".join(_conditions(question))


def _conditions(question: Question) -> Iterator[str]:
    """Run over what happens: feedback to each option, then the points for the right one."""
    yield (
        '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/>'
        "</outcomes>"
    )
    for letter, _ in question.lettered:
        yield _condition(
            letter, "Yes", f'<displayfeedback feedbacktype="Response" linkrefid="{letter}_fb"/>'
        )
    points = '<setvar action="Set" varname="SCORE">100</setvar>'
    yield _condition(question.right, "No", points)


def _condition(letter: str, goes_on: str, then: str) -> str:
    return (
        f'<respcondition continue="{goes_on}"><conditionvar><varequal respident="response1">'
        f"{letter}</varequal></conditionvar>{then}</respcondition>"
    )


def _feedback(letter: str, option: Option) -> str:
    return (
        f'<itemfeedback ident="{letter}_fb"><flow_mat>{_material(_feedback_to(option))}</flow_mat>'
        "</itemfeedback>\n"
    )


def _material(markup: str) -> str:
    """Return HTML as the text of an element: escaped, as a page in a file of XML is."""
    return f'<material><mattext texttype="text/html">{xml.quoted(markup)}</mattext></material>'
