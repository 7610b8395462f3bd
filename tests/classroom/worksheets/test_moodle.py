"""Questions as Moodle's importer reads them."""

import csv
from html.parser import HTMLParser
from io import StringIO

import pytest

from tests.classroom.worksheets.made import CHOSEN, made, questions
from tests.classroom.worksheets.moodle_reader import extracted, read
from tests.draws import MANY, slow

VOID = {"br", "wbr", "hr", "img", "mspace"}


def test_the_reader_reads_the_examples_of_the_documentation():
    """Source: docs.moodle.org, "Embedded Answers (Cloze) question type"."""
    text, boxes = extracted("Half of 5: {2:NUMERICAL:=2.5:0.05}, {:NM:=-1e-3}")
    assert text == "Half of 5: {#1}, {#2}"
    assert boxes == [(2, "2.5", "0.05"), (1, "-1e-3", None)]


@slow
@pytest.mark.parametrize("name", ["small", *(CHOSEN if MANY else ())])
def test_every_figure_has_its_box(name, folder):
    worksheet = made(name, folder)
    _, asked = questions(name, folder)
    header, *rows = csv.reader(StringIO(worksheet.keys_csv()))
    assert len(asked) == len(rows) == 2
    for (title, _, boxes), row, variant in zip(asked, rows, worksheet.variants, strict=True):
        assert title == variant.problem.title
        assert len(boxes) == len(header) - 1
        assert sorted(answer for _, answer, _ in boxes) == sorted(row[1:])
        by_answer = {f.text: [] for f in variant.figures}
        for figure in variant.figures:
            by_answer[figure.text] += [a.tolerance for a in figure.accepted if a.share == 100][:1]
        for points, answer, tolerance in boxes:
            assert points == 1
            assert tolerance in by_answer[answer]


def test_a_category_has_the_title_as_its_name(folder):
    categories, _ = questions("small", folder)
    assert categories == [["$course$", "top", "Signals & <images>"]]


@slow
def test_each_question_is_a_file_too(folder):
    categories, alone = read(made("small", folder).files(())["question-1.xml"])
    assert categories == []
    assert alone == questions("small", folder)[1][:1]


class Balanced(HTMLParser):
    """Checks that elements are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@slow
@pytest.mark.parametrize("name", ["small", *(CHOSEN if MANY else ())])
def test_the_text_is_html_without_scripts_styles_or_pictures(name, folder):
    for _, text, _ in questions(name, folder)[1]:
        page = Balanced()
        page.feed(text)
        page.close()
        assert page.open == []
        assert page.seen.isdisjoint({"script", "style", "img", "svg", "link"})
        assert "{" not in text.replace("{#", "")


def test_the_text_gives_no_figure_away(folder):
    """Of the numbers of the key that are not given, none stands outside of a box."""
    worksheet = made("transposed", folder)
    for (_, text, boxes), variant in zip(
        questions("transposed", folder)[1], worksheet.variants, strict=True
    ):
        given = {
            f"{abs(float(v)):g}" for numbers in variant.problem.values.values() for v in numbers
        }
        answers = {answer.lstrip("-") for _, answer, _ in boxes}
        long = {answer for answer in answers if len(answer) > 4} - given
        assert long
        assert not [answer for answer in long if answer in text]
