"""``symcnn mark`` with many hand-ins: what is printed and written, and the exit status."""

import csv
import json

import pytest

from symcnn.cli import main
from tests.classroom.handins.students import EXPECTED, JSON, MIXED, MOODLE, TOML, handed_in
from tests.problems.example import TEXT, written


@pytest.fixture
def problem(tmp_path):
    return str(written(tmp_path, f'{TEXT}\n[answers]\nquantities = ["conv1", "loss"]\n'))


@pytest.fixture
def folder(tmp_path):
    return handed_in(tmp_path / "class", MIXED)


def test_a_folder_is_a_class(problem, folder, capsys):
    assert main(["mark", problem, str(folder), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [student["student"] for student in made["students"]] == [*EXPECTED]
    assert made["notes"] == []
    assert made["of"] == 7


def test_several_files_are_a_class_and_one_is_a_student(problem, folder, capsys):
    files = [str(folder / name) for name in ("ada.toml", "Ben.json")]
    assert main(["mark", problem, *files, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["students"]) == 2
    assert main(["mark", problem, str(folder / "Ben.json"), "--json"]) == 0
    assert "students" not in json.loads(capsys.readouterr().out)


def test_what_moodle_exports_is_a_class(problem, tmp_path, capsys):
    path = handed_in(tmp_path, {"responses.csv": MOODLE}) / "responses.csv"
    assert main(["mark", problem, str(path), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [student["student"] for student in made["students"]] == ["Frieda Weber"]


def test_a_table_that_guesses_names_is_a_class(problem, tmp_path, capsys):
    path = handed_in(tmp_path, {"t.csv": "Surname,First name,loss\nByron,Ada,0.0304\n"}) / "t.csv"
    assert main(["mark", problem, str(path), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [student["student"] for student in made["students"]] == ["Ada Byron"]


def test_the_marks_are_a_table(problem, folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["mark", problem, str(folder), "--format", "csv", "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"wrote {out / 'marks.csv'}\n"
    with (out / "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert [*rows] == [*EXPECTED]
    for name, expected in EXPECTED.items():
        assert rows[name]["points"] == str(expected.get("right", 0))
        assert rows[name]["wrong"] == str(expected.get("wrong", 0))
        assert rows[name]["of"] == "7"
    assert rows["Ben"]["first wrong in"] == "conv1"
    assert (rows["Ben"]["conv1"], rows["Ben"]["loss"]) == ("0", "1")


def test_every_student_has_a_report(problem, folder, tmp_path):
    out = tmp_path / "out"
    assert main(["mark", problem, str(folder), "--format", "md", "-o", str(out)]) == 0
    names = {"class", "Ada", "Ben", "Carla", "Dörte", "Erik", "Frieda-Weber"}
    assert {path.stem for path in out.iterdir()} == names
    summary = (out / "class.md").read_text(encoding="utf-8")
    assert "| broadcast product | 3 | Ben, Dörte, Frieda Weber |" in summary
    assert "What could not be read" not in summary


def test_what_could_not_be_read_is_in_the_summary(problem, folder, tmp_path):
    handed_in(folder, {"bad|.json": "{", "photo.jpg": "?"})
    out = tmp_path / "out"
    assert main(["mark", problem, str(folder), "--format", "md", "-o", str(out)]) == 0
    summary = (out / "class.md").read_text(encoding="utf-8")
    assert "## 1 What could not be read" in summary
    assert "| photo.jpg | answers are in files that end with" in summary
    assert "| bad\\|.json | this is not valid JSON" in summary


def test_a_table_of_one_student_is_refused(problem, folder, capsys):
    assert main(["mark", problem, str(folder / "Ben.json"), "--format", "csv"]) == 2
    assert "--format csv is the table of a class" in capsys.readouterr().err


def test_the_variants_of_a_worksheet_need_no_table(tmp_path, capsys):
    problem, folder = written(tmp_path, TEXT), tmp_path / "class"
    options = ["--variants", "2", "--level", "convolution", "--format", "md", "-o", str(folder)]
    assert main(["worksheet", str(problem), *options]) == 0
    with (folder / "keys.csv").open(encoding="utf-8", newline="") as file:
        header, first, second = csv.reader(file)
    capsys.readouterr()
    keys = {"a.toml": (1, first), "b.toml": (2, second)}
    handed = {
        name: f"variant = {number}\nconv1 = {json.dumps(key[1:7])}\n"
        for name, (number, key) in keys.items()
    }
    pile = handed_in(tmp_path / "pile", handed)
    assert main(["mark", str(folder), str(pile), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert header[1:] == [f"conv1[{i},0,{k}]" for i in range(2) for k in range(3)]
    assert [student["score"] for student in made["students"]] == [6, 6]
    assert main(["mark", str(folder)]) == 2
    assert "name what was handed in" in capsys.readouterr().err


def test_the_built_in_example_is_marked_where_no_problem_is_named(capsys):
    assert main(["mark", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "CNN by hand"


def test_a_bar_is_shown_on_a_terminal_alone(problem, folder, capsys, monkeypatch):
    pytest.importorskip("rich")
    assert main(["mark", problem, str(folder), "--json"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["mark", problem, str(folder), "--json"]) == 0
    captured = capsys.readouterr()
    assert "marking" in captured.err
    assert json.loads(captured.out)["of"] == 7


def test_toml_and_json_of_one_name(problem, tmp_path, capsys):
    pile = handed_in(tmp_path / "pile", {"a.toml": TOML, "Ada.json": JSON})
    assert main(["mark", problem, str(pile), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [student["student"] for student in made["students"]] == ["Ada", "Ada (2)"]
    assert len(made["notes"]) == 1
