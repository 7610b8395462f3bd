"""The pages for lecturers and students: their commands are run, one after the other."""

import csv
import re
import shlex
from pathlib import Path

import pytest

from symcnn.cli import main
from symcnn.cli.arguments import parse
from tests.classroom.worksheets.moodle_reader import read

DOCS = Path(__file__).parents[1] / "docs"

SMALLER = {"--variants 30": "--variants 2", "pdf,md": "md", "pdf,csv": "md,csv", "-01": "-1"}
"""What takes too long for a test, or needs LaTeX, and what is run in its place."""

EXAM = """
title = "An exam"

[input]
shape = [3, 1]

[[layers]]
type = "conv1d"
filters = 1
kernel_size = 2
bias = false

[[layers]]
type = "sigmoid"

[loss]
type = "half_squared_error"
target = [1, 0]

[training]
learning_rate = 0.1
"""


def solved():
    """Return the problem with numbers: 0.5 * 0 + 1 * 1 = 1 and 0.5 * 1 + 1 * 2 = 2.5."""
    given = EXAM.replace("shape = [3, 1]", "shape = [3, 1]\nvalues = [0, 1, 2]")
    return given.replace("bias = false", "bias = false\nweight = [0.5, 1]")


def commands(page):
    """Return the commands of a page in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("symcnn ") for line in lines)
    return [line.removeprefix("symcnn ") for line in lines]


def run(command):
    assert parse(shlex.split(command))
    for whole, smaller in SMALLER.items():
        command = command.replace(whole, smaller)
    assert main(shlex.split(command)) == 0, command


def keys(folder):
    """Return the key of each variant, as rows of a table."""
    with (folder / "keys.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)]


def hand_in(folder):
    """Hand in the keys of both variants, with two mistakes: in a table, and as responses."""
    header, first, second = keys(folder)
    second[1] = str(float(second[1]) + 1)
    Path("handed-in").mkdir()
    with Path("handed-in", "form.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name", *header], ["Ada", *first], ["Ben", *second]])
    _, questions = read((folder / "questions.xml").read_text(encoding="utf-8"))
    answers = [answer for _, answer, _ in questions[0][2]]
    parts = "; ".join(f"part {n}: {answer}" for n, answer in enumerate(answers, start=1))
    with Path("responses.csv").open("w", encoding="utf-8", newline="") as file:
        head = ["Last name", "First name", "State", "Response 1", "Right answer 1"]
        csv.writer(file).writerows([head, ["Weber", "Frieda", "Finished", parts, parts]])


def test_lecturers_get_from_a_sheet_to_marks(tmp_path, monkeypatch, capsys):
    pytest.importorskip("rich")
    monkeypatch.chdir(tmp_path)
    new, worksheet, mark, reports, moodle, practice = commands("lecturers.md")
    run(new)
    Path("exam.toml").write_text(EXAM, encoding="utf-8")  # edited, as the page says
    run(worksheet)
    hand_in(Path("class"))
    capsys.readouterr()
    run(mark)
    printed = capsys.readouterr().out
    figures = len(keys(Path("class"))[0]) - 1
    assert re.search(rf"^Ada +{figures} ", printed, re.MULTILINE)
    assert re.search(r"^Difficulty$|^\d Difficulty$", printed, re.MULTILINE)
    run(reports)
    assert {path.name for path in Path("marks").iterdir()} == {
        *("class.md", "Ada.md", "Ben.md", "marks.csv")
    }
    with Path("marks", "marks.csv").open(encoding="utf-8", newline="") as file:
        ada, ben = csv.DictReader(file)
    assert (ada["points"], ada["variant"]) == (str(figures), "1")
    assert (ben["wrong"], ben["variant"]) == ("1", "2")
    run(moodle)
    assert re.search(rf"^Frieda Weber +{figures} ", capsys.readouterr().out, re.MULTILINE)
    run(practice)
    assert [path.suffix for path in Path("practice").iterdir()] == [".html"]


def test_students_see_what_their_answers_are_worth(tmp_path, monkeypatch, capsys):
    pytest.importorskip("rich")
    monkeypatch.chdir(tmp_path)
    Path("variant-1.toml").write_text(solved(), encoding="utf-8")
    template, mark, practice = commands("students.md")
    run(template)
    blank = capsys.readouterr().out
    assert "conv1 = " in blank
    Path("answers.toml").write_text("conv1 = [1, 2.5]\n", encoding="utf-8")
    run(mark)
    assert "2 right" in capsys.readouterr().out
    run(practice)
    assert "wrote " in capsys.readouterr().out


def test_every_page_of_a_class_is_on_the_site():
    linked = [(DOCS / page).read_text(encoding="utf-8") for page in ("start.md", "reference.md")]
    for page in ("lecturers", "students", "marking"):
        assert f"]({page}.md)" in "".join(linked)
        assert f"\n{page}\n" in "".join(linked)  # in the navigation
