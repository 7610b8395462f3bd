"""The student's version in Markdown, filled in, is a file of answers: its boxes."""

import re
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.classroom.filled_in import fields
from symcnn.classroom.marking.intervals.written import Unread
from tests.draws import one_of, slow, some

BOX = re.compile(r"\\square")

DRAWN = Path(__file__).with_name("drawn_boxes.md")
"""A sheet of the example in brief, from when boxes were drawn by rules."""

RULE = r"\\rule\[[^\]]*\]\{[^}]*\}\{[^}]*\}"
DRAWN_BOX = re.compile(rf"{RULE}\\boxed\{{{RULE}(\\hspace\{{[^}}]*\}})\}}")

FIGURES = {
    r"a &= \sigma\left(z^{(2)}\right) = ": ["0.5533"],
    r"\delta^{a} &= a - t = ": ["-0.2467"],
    r"z^{(2)} &= w^{(2)}_{1} f_{1} + w^{(2)}_{2} f_{2} + w^{(2)}_{3} f_{3} = ": ["0.214"],
    r"p = ": ["0.24", "0.26", "0.3"],
    r"\frac{\partial L}{\partial w^{(2)}} = ": ["-0.01463", "-0.01585", "?"],
}
"""What a student writes behind the beginnings of rows and matrices; the third maximum is wrong."""


def student(problem, **style):
    return sc.explain(problem, **style).with_blanks().to_markdown()


def filled(text, figures, write, box=BOX):
    """Write figures into the boxes that follow the beginnings of rows."""
    for begin, answers in figures.items():
        assert text.count(f"\n{begin}") == 1, begin
        before, behind = text.split(f"\n{begin}")
        for answer in answers:
            behind = box.sub(lambda box, answer=answer: write(box, answer), behind, count=1)
        text = f"{before}\n{begin}{behind}"
    return text


IN_PLACE = {
    "in the place of the box": lambda box, answer: answer,
    "as a formula": lambda box, answer: f"${answer}$",
    "with a decimal comma": lambda box, answer: answer.replace(".", "{,}"),
}

DRAWN_IN_PLACE = {
    "inside of the box": lambda box, answer: box[0].replace(box[1], answer),
    "in the place of the box": lambda box, answer: answer,
    "as a formula": lambda box, answer: f"${answer}$",
    "before the box's width": lambda box, answer: box[0].replace(box[1], f"{answer} {box[1]}"),
    "with a decimal comma": lambda box, answer: answer.replace(".", "{,}"),
}


def assert_read(text, given, sheet):
    sheet.write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    marked = sc.mark(given, sheet)
    verdicts = [(f.quantity, f.verdict) for f in marked.figures if f.answer]
    assert verdicts == [
        *(("pool1", verdict) for verdict in ("right", "right", "wrong")),
        ("dense1", "right"),  # 0.214 is the true value
        ("sigmoid1", "right"),
        ("gradient of sigmoid1", "right"),
        *(("gradient of dense1.weight", "right"),) * 2,
    ]


@pytest.mark.parametrize("place", one_of(IN_PLACE))
def test_figures_are_read(place, tmp_path):
    given = sc.examples.cnn_by_hand()
    text = filled(student(given, detail="brief"), FIGURES, IN_PLACE[place])
    assert_read(text, given, tmp_path / "student.md")


@slow
@pytest.mark.parametrize("place", one_of(DRAWN_IN_PLACE))
def test_figures_of_sheets_with_drawn_boxes_are_read(place, tmp_path):
    text = DRAWN.read_text(encoding="utf-8")
    text = filled(text, FIGURES, DRAWN_IN_PLACE[place], DRAWN_BOX)
    assert_read(text, sc.examples.cnn_by_hand(), tmp_path / "student.md")


def numbered(problem, path, **style):
    """Number all boxes, so that every figure is another."""
    numbers = iter(range(1, 1000))
    text = BOX.sub(lambda box: f"{next(numbers)}.00", student(problem, **style))
    path.write_text(text, encoding="utf-8")
    return path


@slow
@pytest.mark.parametrize("base", some([0, 1]))
def test_no_box_is_read_twice(base, tmp_path):
    given = sc.examples.cnn_by_hand()
    sheet = numbered(given, tmp_path / "student.md", detail="full", index_base=base)
    answers = [f.answer.text for f in sc.mark(given, sheet).figures if f.answer]
    assert len(answers) == len(set(answers)) == 38


@pytest.mark.parametrize("style", some([{}, {"index_base": 0}, {"digits": 3}]))
def test_two_answers_to_one_question_cost_that_figure(style, tmp_path):
    """A worked entry has a box in its row and one in the matrix; the others are marked."""
    given = sc.examples.cnn_by_hand()
    marked = sc.mark(given, numbered(given, tmp_path / "student.md", **style))
    unread = [figure for figure in marked.figures if figure.verdict == "unread"]
    first = next(f for f in unread if f.quantity == "conv1")
    assert re.fullmatch(
        r"conv1\[0, 0, 0\] is '\d+.00' in one box and '\d+.00' in another: correct one of them",
        first.unread.reason,
    )
    assert marked.earned(unread) == 0
    assert marked.count("wrong") + marked.count("follows") > len(unread) > 0


@pytest.mark.parametrize(
    ("boxes", "text"),
    [
        (["0,24", "0.240"], "0.240"),
        (["0.240", "?", "0,24"], "0.240"),
        (["0.24", "0.2403"], "0.2403"),
        (["1/4", "0.25"], "1/4"),
        (["24e-2", "0.24"], "24e-2"),
        (["?", ""], "?"),
        (["much", "0.24"], "much"),
    ],
)
def test_boxes_of_one_figure_agree_as_numbers(boxes, text):
    assert fields.one_of(boxes, "z") == text


@pytest.mark.parametrize("boxes", [["0.24", "0.25"], ["0.240", "0.243"], ["0.24", "-0.24"]])
def test_boxes_of_one_figure_that_differ_are_not_read(boxes):
    found = fields.one_of(boxes, "z")
    assert isinstance(found, Unread)
    assert all(f"'{box}'" in found.reason for box in boxes)


def test_an_empty_sheet_is_missing(tmp_path):
    given = sc.examples.cnn_by_hand()
    sheet = tmp_path / "student.md"
    sheet.write_text(student(given), encoding="utf-8")
    marked = sc.mark(given, sheet)
    assert {figure.verdict for figure in marked.figures} == {"missing"}


BAD = {
    "# Nothing\n": "this has none of the boxes of the problem",
    "": "this has none of the boxes of the problem",
}


@pytest.mark.parametrize("text", some(BAD, 2))
def test_another_file_is_one_line(text, tmp_path):
    sheet = tmp_path / "other.md"
    sheet.write_text(text, encoding="utf-8")
    with pytest.raises(sc.SymcnnError, match=BAD[text]):
        sc.mark(sc.examples.cnn_by_hand(), sheet)


def test_figures_in_boxes_are_read_as_people_write_them(tmp_path):
    given = sc.examples.cnn_by_hand()
    answer, sheet = r"\approx -2{,}47 \cdot 10^{-1}", tmp_path / "student.md"
    row = {r"\delta^{a} &= a - t = ": [answer]}
    sheet.write_text(filled(student(given), row, lambda _, a: a), encoding="utf-8")
    found = {f.quantity: f.verdict for f in sc.mark(given, sheet).figures}
    assert found["gradient of sigmoid1"] == "right"


def test_a_word_in_a_box_is_unread(tmp_path):
    given = sc.examples.cnn_by_hand()
    sheet = tmp_path / "student.md"
    text = filled(student(given), {r"\delta^{a} &= a - t = ": ["much"]}, lambda _, answer: answer)
    sheet.write_text(text, encoding="utf-8")
    found = [f for f in sc.mark(given, sheet).figures if f.verdict == "unread"]
    assert [(f.quantity, f.unread.text) for f in found] == [("gradient of sigmoid1", "much")]


@slow
@pytest.mark.parametrize("detail", some(["brief", "standard"]))
def test_the_sheet_of_another_variant_is_one_line(detail, tmp_path):
    given = sc.examples.cnn_by_hand()
    other = sc.Problem(given.network, {**given.values, "x": [1, 0.4, 0.6]}, title=given.title)
    sheet = tmp_path / "student.md"
    sheet.write_text(student(other, detail=detail), encoding="utf-8")
    line = r"this sheet has other numbers than the problem, x = \(1, 0.4, 0.6\): name the problem"
    with pytest.raises(sc.SymcnnError, match=line):
        sc.mark(given, sheet)
    assert sc.mark(other, sheet).count("missing") > 0


@slow
def test_given_numbers_may_be_rounded_left_out_or_have_decimal_commas(tmp_path):
    given = sc.examples.cnn_by_hand()
    fine = sc.Problem(given.network, {**given.values, "x": [1, 0.123456789, 0.7]})
    sheet = tmp_path / "student.md"
    text = student(fine, digits=3)
    left = r"x \approx \left(\begin{array}"
    assert text.count(left) == 1
    for written in (text, text.replace(left, "?"), text.replace("0.123 ", "0{,}123 ")):
        sheet.write_text(written, encoding="utf-8")
        assert sc.mark(fine, sheet).count("missing") > 0
