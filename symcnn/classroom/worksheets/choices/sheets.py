"""The variants of a worksheet as multiple choice: sheets, their key, questions for platforms.

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
from functools import partial
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from symcnn.classroom.filled_in.fields import code_of
from symcnn.classroom.worksheets import xml
from symcnn.classroom.worksheets.choices.question import Option, Question, title_of, written_key
from symcnn.classroom.worksheets.choices.sheet import ChoiceSheet
from symcnn.classroom.worksheets.folder import CHOICES, Callback, Part, made_together, variant_file
from symcnn.classroom.worksheets.page import given, mathematics
from symcnn.classroom.worksheets.variant import WORKBOOK, Variant
from symcnn.document.pages.dialects import Math
from symcnn.document.pages.html.text import sentence
from symcnn.document.pages.writers import Files
from symcnn.errors import SymcnnError
from symcnn.problems.write import problem_file


class ChoiceSheets:
    """The variants of a worksheet as multiple choice."""

    def __init__(self, title: str, variants: Sequence[Variant]) -> None:
        """Take the variants of a worksheet.

        Raises:
            SymcnnError: If they have what sheets of multiple choice have not.
        """
        front = variants[0].style.front
        if front.hints or front.cover or not front.formulas:
            raise SymcnnError(
                "sheets of multiple choice have no cover page, no hints, and no formulas but their "
                "options: leave --cover, --hints and --no-formulas out"
            )
        self.title = title
        self.sheets = tuple(map(ChoiceSheet, variants))

    def moodle(self) -> str:
        """Return all questions as one file for Moodle's import, in a category of their own."""
        return moodle_quiz(self.sheets, self.title)

    def qti(self) -> bytes:
        """Return a package of QTI 1.2, for Canvas, with a quiz for each variant."""
        return qti_package(self.sheets, self.title)

    def keys_csv(self) -> str:
        """Return the right letters and the mistakes behind the others as a table."""
        return written_key((sheet.variant.number, sheet.questions) for sheet in self.sheets)

    def files(
        self, formats: Sequence[str], callback: Callback | None = None, math: Math = "github"
    ) -> Files:
        """Return all files by their names: sheets and keys in some formats, and the rest.

        Args:
            formats: The formats, such as "pdf" and "html".
            callback: Called with the number of variants whose files are made, and that of all.
            math: The kind of Markdown: see ``Document.to_markdown``.

        Raises:
            SymcnnError: If there is no such format, or it is that of workbooks.
        """
        if WORKBOOK in formats:
            raise SymcnnError("a workbook has no multiple choice: choose another format than xlsx")
        parts = [partial(self._parts, sheet, formats, math) for sheet in self.sheets]
        made = made_together(parts, callback)
        whole: Files = {
            CHOICES: self.keys_csv(),
            "questions.xml": self.moodle(),
            "qti.zip": self.qti(),
        }
        return {**made, **whole}

    def _parts(
        self, sheet: ChoiceSheet, formats: Sequence[str], math: Math
    ) -> Iterator[tuple[str, Part]]:
        """Run over what makes the files of a variant, each with its format."""
        number = f"{sheet.variant.number:0{len(str(len(self.sheets)))}d}"
        yield "toml", lambda: {variant_file(number): problem_file(sheet.variant.problem)}
        for format in formats:
            yield format, partial(sheet.sheet.files, format, f"sheet-{number}", math)
            yield format, partial(sheet.key.files, format, f"key-{number}", math)

    def __repr__(self) -> str:
        """Say how many variants there are, and how many questions."""
        count = len(self.sheets[0].questions)
        return f"<ChoiceSheets {self.title!r}: {len(self.sheets)} variants of {count} questions>"


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
