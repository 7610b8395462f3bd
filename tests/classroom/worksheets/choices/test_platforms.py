"""Questions as Moodle and Canvas read them, by readers of their own, whatever the title is."""

from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from symcnn.classroom.marking.mistakes import CATALOGUE
from tests.classroom.worksheets.choices.by_hand import HOSTILE, sheets

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PACKAGE = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
TITLES = ["", HOSTILE]


def words(markup):
    """Return the words of a fragment; it is a piece of XML, but for the line break of HTML."""
    root = ElementTree.fromstring(f"<div>{markup.replace('<wbr>', '').replace('&shy;', '')}</div>")
    assert not [e for e in root.iter() if e.tag.rpartition("}")[2] == "script"]
    return "".join(root.itertext())


def moodle(text):
    """Read questions as Moodle's import_multichoice does: name, text, share and feedback each."""
    category, *questions = ElementTree.fromstring(text)
    assert category.get("type") == "category"
    for question in questions:
        assert question.get("type") == "multichoice"
        assert question.findtext("single") == "true"
        name = question.findtext("name/text")
        assert 0 < len(name) <= 255
        answers = [
            (a.get("fraction"), words(a.findtext("text")), words(a.findtext("feedback/text")))
            for a in question.findall("answer")
        ]
        yield name, words(question.findtext("questiontext/text")), answers


def canvas(content):
    """Read a package as Canvas does: by its manifest, each quiz, its items and what they score."""
    with ZipFile(BytesIO(content)) as archive:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        for resource in manifest.iter(f"{PACKAGE}resource"):
            assert resource.get("type") == "imsqti_xmlv1p2"
            quiz = ElementTree.fromstring(archive.read(resource.get("href")))
            assessment = quiz.find(f"{QTI}assessment")
            yield assessment.get("title"), [*map(item, assessment.iter(f"{QTI}item"))]


def item(of):
    """Return the text of an item, its options, the one that scores, and the feedback to each."""
    fields = {f[0].text: f[1].text for f in of.iter(f"{QTI}qtimetadatafield")}
    assert fields == {"question_type": "multiple_choice_question", "points_possible": "1"}
    asked = of.findtext(f"{QTI}presentation/{QTI}material/{QTI}mattext")
    labels = {e.get("ident"): words("".join(e.itertext())) for e in of.iter(f"{QTI}response_label")}
    texts = {f.get("ident"): words("".join(f.itertext())) for f in of.iter(f"{QTI}itemfeedback")}
    scoring, said = [], {}
    for condition in of.iter(f"{QTI}respcondition"):
        chosen = condition.findtext(f"{QTI}conditionvar/{QTI}varequal")
        if condition.findtext(f"{QTI}setvar") == "100":
            scoring.append(chosen)
        for shown in condition.iter(f"{QTI}displayfeedback"):
            said[chosen] = texts[shown.get("linkrefid")]
    return words(asked), labels, scoring, said


@pytest.mark.parametrize("title", TITLES, ids=["plain", "hostile"])
def test_moodle_reads_every_question_with_feedback_to_each_option(title):
    made = sheets(title=title)
    read = [*moodle(made.moodle())]
    own = [(sheet, q) for sheet in made.sheets for q in sheet.questions]
    assert len(read) == len(own) == len({name for name, _, _ in read})
    for (_, asked, answers), (_, question) in zip(read, own, strict=True):
        assert "conv1" in asked, "each question says what is given"
        assert [share for share, _, _ in answers].count("100") == 1
        assert answers["ABCD".index(question.right)][0] == "100"
        for (_, _, feedback), option in zip(answers, question.options, strict=True):
            assert feedback == "Right." if option.is_right else len(feedback) > 10


@pytest.mark.parametrize("title", TITLES, ids=["plain", "hostile"])
def test_canvas_reads_a_quiz_for_each_variant(title):
    made = sheets(title=title)
    quizzes = [*canvas(made.qti())]
    assert len(quizzes) == 2
    for (name, items), sheet in zip(quizzes, made.sheets, strict=True):
        assert name.replace("\ufffd", "\x07") == sheet.title[:200]
        for (asked, labels, scoring, said), question in zip(items, sheet.questions, strict=True):
            assert "conv1" in asked
            assert [*labels] == [*said] == [letter for letter, _ in question.lettered]
            assert scoring == [question.right]
            assert said[question.right] == "Right."


def test_feedback_is_the_explanation_of_the_mistake():
    explained = {m.name: m.explanation for m in CATALOGUE}
    read = [*moodle(sheets().moodle())]
    own = [q for sheet in sheets().sheets for q in sheet.questions]
    for (_, _, answers), question in zip(read, own, strict=True):
        for (_, _, feedback), option in zip(answers, question.options, strict=True):
            for mistake in option.mistakes:
                begin = explained[mistake.name].partition("$")[0].partition("'")[0]
                assert begin in feedback.replace("\u2019", "'")
