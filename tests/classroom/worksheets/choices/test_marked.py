"""Letters that are handed in, marked by the key that was written with the sheets."""

import json
from csv import DictReader

import pytest

from symcnn.cli import main
from tests.classroom.worksheets.choices.by_hand import sheets


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a worksheet, with its key."""
    made = tmp_path / "class"
    made.mkdir()
    for name, content in sheets().files(("md",)).items():
        (made / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return made


def letters(folder, variant):
    """Return the right letters, and the mistakes of A in each question."""
    with (folder / "choices.csv").open(encoding="utf-8") as key:
        rows = [row for row in DictReader(key) if row["variant"] == variant]
    return [row["right"] for row in rows], [row["A"] for row in rows]


def test_a_student_who_always_takes_a(folder, tmp_path, capsys):
    right, names = letters(folder, "2")
    (tmp_path / "handed-in").mkdir()
    answers = tmp_path / "handed-in" / "ada.toml"
    answers.write_text(f'choices = "{"a" * len(right)}"\n', encoding="utf-8")
    assert main(["mark", str(folder / "variant-2.toml"), str(answers.parent), "--json"]) == 0
    marked = json.loads(capsys.readouterr().out)
    assert (marked["student"], marked["score"]) == ("ada", right.count("A"))
    for question, letter, name in zip(marked["questions"], right, names, strict=True):
        assert question["verdict"] == ("right" if letter == "A" else "wrong")
        assert " + ".join(question["mistakes"]) == name


def test_a_class_in_a_table(folder, tmp_path, capsys):
    table = tmp_path / "class.csv"
    rows = [["student", "variant", *map(str, range(1, 24))]]
    rows += [["Ada", "1", *letters(folder, "1")[0]], ["Blaise", "2", *["?"] * 23]]
    table.write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    assert main(["mark", str(folder), str(table), "--json"]) == 0
    ada, blaise = json.loads(capsys.readouterr().out)
    assert (ada["score"], ada["of"], ada["mistakes"]) == (23, 23, [])
    assert {q["verdict"] for q in blaise["questions"]} == {"missing"}
    assert main(["mark", str(folder), str(table), "--format", "md", "-o", str(tmp_path)]) == 0
    assert "| Ada | 1 | 23 | 23 |" in (tmp_path / "class.md").read_text(encoding="utf-8")
    assert (tmp_path / "Blaise.md").exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('choices = "AB"', "there are 2 letters for 23 questions"),
        ('choices = "AAAAAAAAAAAAAAAAAAAAAAE"', "the answer to question 23 is 'E'"),
        ("choices = 3", "write choices ="),
        ("loss = 3", "the file has no choices"),
        ('variant = 7\nchoices = "A"', "'7' is no variant: give one of 1, 2"),
    ],
)
def test_what_cannot_be_marked_is_refused_in_one_line(folder, tmp_path, capsys, written, said):
    answers = tmp_path / "answers.toml"
    answers.write_text(written, encoding="utf-8")
    assert main(["mark", str(folder / "variant-1.toml"), str(answers)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("damage", ["", "variant,question\n1,2\n", "student;1\nAda;B\n"])
def test_a_damaged_key_is_refused(folder, tmp_path, capsys, damage):
    (folder / "choices.csv").write_text(damage, encoding="utf-8")
    assert main(["mark", str(folder), str(tmp_path / "none.toml")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "this is not the key of a sheet" in line


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "xlsx"], "choose another format than xlsx"),
        (["--cover"], "leave --cover"),
        (["--points", "loss=3"], "leave --points out"),
    ],
)
def test_what_sheets_of_choices_have_not_is_refused(tmp_path, capsys, options, said):
    assert main(["worksheet", "--choices", "-o", str(tmp_path / "class"), *options]) == 2
    assert said in capsys.readouterr().err


def test_the_command_writes_sheets_keys_and_questions(tmp_path, capsys):
    folder = tmp_path / "class"
    options = ["--choices", "--format", "md", "--seed", "3", "--level", "forward"]
    assert main(["worksheet", *options, "-o", str(folder)]) == 0
    names = {"sheet-1.md", "key-1.md", "variant-1.toml", "choices.csv", "questions.xml", "qti.zip"}
    assert {path.name for path in folder.iterdir()} == names
    assert "1 variant of 10 questions" in capsys.readouterr().out
    sheet, key = ((folder / f"{n}-1.md").read_text(encoding="utf-8") for n in ("sheet", "key"))
    assert "is right" in key
    assert "is right" not in sheet
    assert "Right." not in sheet
