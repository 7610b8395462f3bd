"""The answers at the end of a sheet in Markdown."""

import re

import pytest

import symcnn as sc
from symcnn.classroom.filled_in.md import fields
from symcnn.classroom.filled_in.sheet import FillableSheet
from symcnn.document.style import Style
from tests.draws import slow

GIVEN = sc.examples.cnn_by_hand()

ANSWERS = {
    "dense1": "0.214",
    "sigmoid1": "0.5533",
    "loss": "0.03043",
    "pool1[0,0,0]": "0.24",
    "pool1[0,0,1]": "0.26",
    "pool1[0,0,2]": "0.3",
    "gradient of dense1.weight[0,0]": "-0.01463",
}
"""What a student writes; the third maximum is wrong."""


@pytest.fixture(scope="module")
def sheet():
    student = sc.explain(GIVEN, detail="brief").with_blanks()
    return FillableSheet(student, GIVEN, Style()).files("md", "student")["student.md"]


def field(name):
    """Return what finds the line of a field, and what stands in it."""
    return re.compile(rf"^({re.escape(name)}  .*?= )\[( *)\]$", re.MULTILINE)


def filled(text, answers, write="[{}]"):
    for name, answer in answers.items():
        text, count = field(name).subn(lambda line, a=answer: line[1] + write.format(a), text)
        assert count == 1, name
    return text


def read(text, file):
    file.write_text(text, encoding="utf-8")
    marked = sc.mark(GIVEN, file)
    return {
        (f.quantity, f.position): (f.answer.text, f.verdict) for f in marked.figures if f.answer
    }


def unread(text, file):
    """Return why the one figure is not read that is not."""
    file.write_text(text, encoding="utf-8")
    (figure,) = (f for f in sc.mark(GIVEN, file).figures if f.verdict == "unread")
    return figure.unread.reason


EXPECTED = {
    **{("pool1", (0, 0, n)): (["0.24", "0.26", "0.3"][n], "right") for n in range(2)},
    ("pool1", (0, 0, 2)): ("0.3", "wrong"),
    ("dense1", (0,)): ("0.214", "right"),
    ("sigmoid1", (0,)): ("0.5533", "right"),
    ("loss", (0,)): ("0.03043", "right"),
    ("gradient of dense1.weight", (0, 0)): ("-0.01463", "right"),
}

WAYS = {
    "between the brackets": "[{}]",
    "among the blanks": "[      {}       ]",
    "in the place of the brackets": "{}",
    "before the brackets": "{} [                ]",
    "behind the brackets": "[                ] {}",
    "with a remark": "[{}] I think",
    "with one bracket": "[{}",
    "with the other bracket": " {}]",
    "in backticks": "[`{}`]",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_line_is_read_however_it_was_filled_in(way, sheet, tmp_path):
    assert read(filled(sheet, ANSWERS, WAYS[way]), tmp_path / "mine.md") == EXPECTED


def test_no_one_needs_to_know_rules_or_boxes(sheet):
    assert not re.search(r"\\rule|\\boxed|\\hspace|\\phantom", sheet)
    assert r"a &= \sigma\left(z^{(2)}\right) = \square" in sheet
    assert sheet.split("\n")[2].startswith("Name: ______ Date: ______ Points: ______ of ")


def test_every_figure_has_one_line_in_letters(sheet):
    _, _, lines = sheet.partition("## Your answers\n")
    names = [line.partition("  ")[0] for line in lines.splitlines() if "[  " in line]
    sizes = {"conv1": 6, "pool1": 3, "dense1": 1, "sigmoid1": 1, "loss": 1}
    counts = {q: sum(n.partition("[")[0] == q for n in names) for q in sizes}
    assert counts == sizes
    assert len(names) == len({*names})
    assert "conv1[1,0,2]  z₂₃ = [                ]\n" in lines
    assert "gradient of conv1.weight[1,0,0,2]  ∂L/∂w₂₃ = [                ]\n" in lines


def test_a_line_may_be_quoted_or_end_as_on_windows(sheet, tmp_path):
    text = filled(sheet, ANSWERS).replace("\n", "\r\n")
    assert read(text, tmp_path / "mine.md") == EXPECTED
    quoted = filled(sheet, ANSWERS).replace("\n", "\n> ")
    assert read(quoted, tmp_path / "mine.md") == EXPECTED


def test_the_name_is_read(sheet, tmp_path):
    file = tmp_path / "mine.md"
    for line in ("Name: Ada King Date: 1 May", "Name: __Ada King__", "Name: Ada King"):
        text = re.sub("^Name: .*$", line, filled(sheet, ANSWERS), flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")
        assert fields(file)["student"] == "Ada King"
    assert fields(file)["variant"] == ""
    assert fields(file)["loss"] == "0.03043"
    assert fields(file)["conv1[0,0,0]"] == ""


@slow
def test_a_figure_in_the_place_of_a_box_is_read_as_well(sheet, tmp_path):
    row = r"a &= \sigma\left(z^{(2)}\right) = "
    assert sheet.count(rf"{row}\square") == 1
    text = sheet.replace(rf"{row}\square", f"{row}0.5533")
    found = read(filled(text, {"dense1": "0.214"}), tmp_path / "mine.md")
    assert found == {key: EXPECTED[key] for key in (("dense1", (0,)), ("sigmoid1", (0,)))}
    reason = unread(filled(text, {"sigmoid1": "0.7"}), tmp_path / "mine.md")
    assert reason.startswith("sigmoid1[0] is '0.7' in one box and '0.5533' in another")


def test_two_lines_of_a_figure_that_differ_cost_that_figure(sheet, tmp_path):
    text = filled(sheet, ANSWERS).replace("\n```\n", "\nloss  L = [0.04]\n```\n")
    reason = unread(text, tmp_path / "mine.md")
    assert reason == "loss[0] is '0.04' in one box and '0.03043' in another: correct one of them"


def test_an_empty_sheet_is_missing(sheet, tmp_path):
    assert read(sheet, tmp_path / "mine.md") == {}


def test_the_sheet_of_another_variant_is_one_line(sheet, tmp_path):
    other = sc.Problem(GIVEN.network, {**GIVEN.values, "x": [1, 0.4, 0.6]}, title=GIVEN.title)
    file = tmp_path / "mine.md"
    file.write_text(filled(sheet, ANSWERS), encoding="utf-8")
    with pytest.raises(sc.SymcnnError, match="this sheet has other numbers than the problem"):
        sc.mark(other, file)


def test_a_line_that_was_renamed_is_one_line(sheet, tmp_path):
    file = tmp_path / "mine.md"
    file.write_text(sheet.replace("pool1[0,0,0]", "pool9[0,0,0]"), encoding="utf-8")
    with pytest.raises(sc.SymcnnError, match=r"the problem has no figure 'pool9\[0,0,0\]'"):
        sc.mark(GIVEN, file)
