"""A reader of Moodle's XML that does what its importer does, written from the importer's source.

Which braces are boxes is decided by the regular expressions of the question type "multianswer"
(Moodle 4, question/type/multianswer/questiontype.php), taken over sign by sign; what is refused,
by ``qtype_multianswer_validate_question`` and by ``import_question`` of the XML format.
"""

import re
from xml.etree import ElementTree

FRACTION = r"=|%(-?[0-9]+(?:[.,][0-9]*)?)%"
ANSWER = r".+?(?<!\\|&)(?<!&amp;)(?=[~#}]|$)"
FEEDBACK = r".*?(?<!\\)(?=[~}]|$)"
ALTERNATIVE = rf"({FRACTION})?({ANSWER})(#({FEEDBACK}))?"
TYPE = (
    r"(NUMERICAL|NM)|(MULTICHOICE|MC)|(MULTICHOICE_V|MCV)|(MULTICHOICE_H|MCH)|"
    r"(SHORTANSWER|SA|MW)|(SHORTANSWER_C|SAC|MWC)|"
    r"(MULTICHOICE_S|MCS)|(MULTICHOICE_VS|MCVS)|(MULTICHOICE_HS|MCHS)|"
    r"(MULTIRESPONSE|MR)|(MULTIRESPONSE_H|MRH)|(MULTIRESPONSE_S|MRS)|(MULTIRESPONSE_HS|MRHS)"
)
BOX = re.compile(rf"\{{([0-9]*):({TYPE}):({ALTERNATIVE}(~{ALTERNATIVE})*)\}}", re.DOTALL)
NUMBER = r"-?(([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+]?[0-9]+)?)"
NUMERICAL = re.compile(rf"^({NUMBER})(:{NUMBER})?$")
NUMERICAL_TYPE, ALTERNATIVES = 3, 16
PATH = re.compile(r"(?<!/)/(?!/)")


def read(text):
    """Return the categories of a file, and for each question its name, text and boxes."""
    root = ElementTree.fromstring(text)
    assert root.tag == "quiz"
    categories, questions = [], []
    for question in root:
        assert question.tag == "question"
        if question.get("type") == "category":
            path = question.findtext("category/text")
            categories.append([part.replace("//", "/") for part in PATH.split(path)])
        else:
            assert question.get("type") == "cloze"
            assert question.find("questiontext").get("format") == "html"
            name = question.findtext("name/text")
            assert 0 < len(name) <= 255
            questions.append((name, *extracted(question.findtext("questiontext/text"))))
    return categories, questions


def extracted(text):
    """Return the text with {#1}, {#2}, ... in place of the boxes, and what is in these.

    Of a box it is the weight, the first right answer, which is the key, and its tolerance.
    """
    boxes = []
    while found := BOX.search(text):
        assert found[NUMERICAL_TYPE], "every box is for a number"
        alternatives = re.findall(rf"~?{ALTERNATIVE}", found[ALTERNATIVES], re.DOTALL)
        assert {alternative[0] for alternative in alternatives} <= {"", "=", "%50%"}
        assert all(NUMERICAL.match(alternative[2]) for alternative in alternatives)
        key = next(alternative for alternative in alternatives if alternative[0] == "=")
        answer, tolerance = NUMERICAL.match(key[2]).group(1, 6)
        boxes.append((int(found[1] or 1), answer, tolerance))
        text = text.replace(found[0], f"{{#{len(boxes)}}}", 1)
    assert boxes, "a question without boxes is refused"
    return text, boxes
