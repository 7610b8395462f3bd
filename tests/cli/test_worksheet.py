"""``symcnn worksheet``: its files, and what it refuses."""

import csv
import json

import pytest

import symcnn as sc
from symcnn.cli import main
from tests.classroom.worksheets.networks import SMALL
from tests.draws import slow

NAMES = {
    *("keys.csv", "questions.xml", "variant-1.toml", "variant-2.toml"),
    *("question-1.xml", "question-2.xml", "sheet-1.md", "sheet-2.md", "key-1.md", "key-2.md"),
}


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "network.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def run(network, folder, *more):
    level = ["--level", "forward", "--format", "md", "--seed", "7"]
    return main(["worksheet", network, "-o", str(folder), *level, *more])


def test_sheets_keys_problems_and_questions_are_written(network, tmp_path, capsys):
    folder = tmp_path / "class"
    assert run(network, folder, "--variants", "2") == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        f"wrote {len([*folder.iterdir()])} files to {folder}: 2 variants of 14 figures"
    )
    files = {path.name for path in folder.iterdir()}
    assert {name for name in files if not name.endswith(".svg")} == NAMES
    keys = [*csv.DictReader((folder / "keys.csv").read_text(encoding="utf-8").splitlines())]
    assert [row["variant"] for row in keys] == ["1", "2"]
    problem = sc.load(folder / "variant-2.toml")
    answers = {"loss": keys[1]["loss[0]"], "dense1": [keys[1]["dense1[0]"]]}
    assert sc.mark(problem, answers).count("right") == 2
    sheet = (folder / "sheet-1.md").read_text(encoding="utf-8")
    assert keys[0]["loss[0]"] not in sheet
    assert keys[0]["loss[0]"] in (folder / "key-1.md").read_text(encoding="utf-8")


def test_keys_are_answers_of_a_class(network, tmp_path):
    """The column of variants becomes that of students."""
    folder = tmp_path / "class"
    assert run(network, folder) == 0
    text = (folder / "keys.csv").read_text(encoding="utf-8").replace("variant,", "student,", 1)
    answers = tmp_path / "class.csv"
    answers.write_text(text, encoding="utf-8")
    assert main(["mark", str(folder / "variant-1.toml"), str(answers), "--json"]) == 0


@slow
def test_files_that_are_there_stay(network, tmp_path, capsys):
    folder = tmp_path / "class"
    assert run(network, folder) == 0
    before = {path: path.read_bytes() for path in folder.iterdir()}
    capsys.readouterr()
    assert run(network, folder, "--variants", "2") == 2
    assert "keys.csv already exists: choose another folder with -o, or add --overwrite" in (
        capsys.readouterr().err
    )
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert run(network, folder, "--variants", "2", "--overwrite") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace("[4, 1]", "[4000, 1]"), "more than the 5,000 of a worksheet"),
        (SMALL.replace("conv1d", "conv9d"), "conv9d"),
        ("layers = 3", "layers is a single value"),
    ],
)
def test_a_mistake_is_a_line_and_nothing_is_written(text, said, tmp_path, capsys):
    path, folder = tmp_path / "network.toml", tmp_path / "class"
    path.write_text(text, encoding="utf-8")
    assert run(str(path), folder) == 2
    lines = capsys.readouterr().err.splitlines()
    assert any(said in line for line in lines)
    assert all(len(line) <= 200 for line in lines)
    assert not folder.exists()


@slow
def test_a_class_with_variants_is_marked_with_their_folder(network, tmp_path, capsys):
    """The keys are answers that are right, and what they leave out is not asked for."""
    folder = tmp_path / "class"
    assert run(network, folder, "--variants", "3") == 0
    text = (folder / "keys.csv").read_text(encoding="utf-8")
    answers = tmp_path / "answers.csv"
    swapped = text.replace("\n1,", "\n_,").replace("\n2,", "\n1,").replace("\n_,", "\n2,")
    for written, right in ((text, [14, 14, 14]), (swapped, [0, 0, 14])):
        answers.write_text(written, encoding="utf-8")
        capsys.readouterr()
        assert main(["mark", str(folder), str(answers), "--json"]) == 0
        marked = json.loads(capsys.readouterr().out)
        assert [student["of"] for student in marked["students"]] == [14, 14, 14]
        scores = [student["score"] for student in marked["students"]]
        assert all((s == 14) == (r == 14) for s, r in zip(scores, right, strict=True))


@slow
def test_one_variant_is_marked_by_what_its_sheet_asked_for(network, tmp_path, capsys):
    folder = tmp_path / "class"
    assert run(network, folder) == 0
    capsys.readouterr()
    (tmp_path / "mine.toml").write_text('loss = "?"', encoding="utf-8")
    files = [folder / "variant-1.toml", tmp_path / "mine.toml"]
    assert main(["mark", *map(str, files), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["of"] == 14
    sheet = (folder / "sheet-1.md").read_text(encoding="utf-8")
    assert "Points: " in sheet
    assert " of 14" in sheet
    assert "Each figure is worth one point, even if it has several boxes." in sheet


def test_a_folder_without_variants_is_one_line(network, tmp_path, capsys):
    (tmp_path / "class").mkdir()
    assert main(["mark", str(tmp_path / "class"), "answers.csv"]) == 2
    assert "class has no variant-1.toml: name a problem file, or the" in capsys.readouterr().err
    assert main(["mark", str(tmp_path / "class"), "answers.toml"]) == 2
    assert "class has no variant-1.toml: name a problem file, or the" in capsys.readouterr().err
