"""``symcnn mark``: answers in files, and what is wrong with them."""

import json
import re

import pytest

from symcnn.cli import main
from tests.problems.example import TEXT, written

ANSWERS = """
conv1 = [[[0.42, 0.28, 0.14]], [[0.33, 0.22, 0.11]]]
pool1 = [0.42, 0.28, "?"]
loss = "0.0304"
"""

WORKED = "z₁₁ = w₁₁ x₁ + w₂₁ x₂ = 0.2 · 1 + 0.1 · 0.4 = 0.24"
BROADCAST = (
    "Broadcast product: The entries and the weights were summed separately, and the sums "
    "multiplied, as in (w₁ + w₂)(x₁ + x₂). Each entry belongs with one weight: w₁ x₁ + w₂ x₂."
)


@pytest.fixture
def problem(tmp_path):
    return written(tmp_path, TEXT)


def stating(tmp_path, *lines):
    """Return a problem file whose table of answers has some lines."""
    return str(written(tmp_path, "\n".join((TEXT, "[answers]", *lines, ""))))


def answers(tmp_path, text, name="answers.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_json_is_that_of_the_contract(problem, tmp_path, capsys):
    assert main(["mark", str(problem), answers(tmp_path, ANSWERS), "--json"]) == 0
    marked = json.loads(capsys.readouterr().out)
    keys = [
        "title",
        "score",
        "of",
        "exact_score",
        "first_wrong",
        "figures",
        "mistakes",
        "concealed",
    ]
    assert list(marked) == keys
    assert marked["first_wrong"] == {"quantity": "conv1", "position": [0, 0, 0]}
    assert marked["score"] == 3  # two that follow, and the loss
    first = marked["figures"][0]
    assert first == {
        "quantity": "conv1",
        "position": [0, 0, 0],
        "answer": "0.42",
        "expected": 0.24,
        "verdict": "wrong",
        "mistake": "broadcast product",
        "explanation": f"{WORKED}; the true value is 0.24. {BROADCAST}",
    }
    (mistake,) = marked["mistakes"]
    assert (mistake["mistake"], mistake["figures"]) == ("broadcast product", 6)
    verdicts = [f["verdict"] for f in marked["figures"] if f["quantity"] == "pool1"]
    assert verdicts == ["follows", "follows", "missing"]


def test_the_text_names_the_first_wrong_figure(problem, tmp_path, capsys):
    pytest.importorskip("rich")
    assert main(["mark", str(problem), answers(tmp_path, ANSWERS)]) == 0
    shown = capsys.readouterr().out
    assert "3 of 41 points. 41 figures: 1 right, 2 following from wrong ones, 6 wrong" in shown
    assert "the first wrong figure is z₁₁, an entry of conv1:\nyou wrote 0.42, but the" in shown
    assert f"  {WORKED}\n" in shown
    assert "Broadcast product (6 figures): explained above." in shown
    assert re.search(r"z₁₂ +0.28 +wrong +0.26 +0.26 +broadcast", shown)


def test_json_keeps_the_digits(problem, tmp_path, capsys):
    text = json.dumps({"loss": 0.03}).replace("0.03", "0.030")
    assert main(["mark", str(problem), answers(tmp_path, text, "a.json"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    (loss,) = (f for f in figures if f["quantity"] == "loss")
    assert loss["answer"] == "0.030"
    assert loss["verdict"] == "imprecise"


@pytest.mark.parametrize(
    ("line", "verdict", "score"),
    [
        ("", "imprecise", 0.5),
        ("digits = 2", "right", 1),
        ('imprecise = "none"', "imprecise", 0),
        ('imprecise = "full"', "imprecise", 1),
        ('tolerance = "2 %"', "right", 1),
        ("tolerance = 0.001", "right", 1),
        ('truncation = "accepted"', "imprecise", 0.5),
    ],
)
def test_how_exact_answers_have_to_be(line, verdict, score, tmp_path, capsys):
    """The loss is 0.030431; 0.030 has two digits."""
    problem, given = stating(tmp_path, line), answers(tmp_path, 'loss = "0.030"')
    assert main(["mark", problem, given, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["score"] == score
    assert [f["verdict"] for f in made["figures"] if f["answer"]] == [verdict]


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        ("digits = 13", "digits is 13: give a whole number from 1 to 12"),
        ('tolerance = "some"', "tolerance is 'some': give units of the last digit"),
        ("tolerance = 0", "tolerance is '0': give a number above 0"),
        ('imprecise = "some"', 'imprecise is \'some\': give "full", "half" or "none"'),
        ("carried = 2", "carried is 2.0: give a share of the points, from 0 to 1"),
        ("carried = nan", "carried is "),
        ("points = { loss = -1 }", "the points of loss are -1.0: give a non-negative number"),
        ("points = { lost = 1 }", "there is no quantity 'lost'"),
        ('quantities = ["conv9"]', "there is no quantity 'conv9'"),
    ],
)
def test_what_cannot_be_asked_for_is_one_line(stated, line, tmp_path, capsys):
    assert main(["mark", stating(tmp_path, stated), answers(tmp_path, 'loss = "0.030"')]) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


BAD = {
    "conv1 = [1, 2]": "conv1 has the shape 2, but 2x1x3 is needed",
    "conv2 = 1": "there is no quantity 'conv2'",
    "loss = ": "this is not valid TOML",
    "loss = { a = 1 }": "a figure is a table: give one number",
    "w_11 = 1": "conv1.weight is given in the problem",
    "delta = 1": "'delta' can mean delta^z(2) or delta^a: type one of them",
    "loss = [[[[[[[[[1]]]]]]]]]": "loss has the shape",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_answer_is_one_line(text, problem, tmp_path, capsys):
    path = answers(tmp_path, text)
    assert main(["mark", str(problem), path]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("symcnn: error: ")
    assert f"answers.toml: {BAD[text]}" in captured.err
    assert captured.err.count("\n") == 1


UNREAD = {
    '"about 3"': "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3.",
    '"1/0"': "A number cannot be divided by 0.",
    '"1,234.5"': "A number has one decimal mark at most. Write thousands without separators.",
    '"1e999"': "Write a number below 10^300.",
    "true": "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3.",
    "2024-04-05": "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3.",
    f"0x{'F' * 10_000}": "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3.",
}


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_no_number_is_unread_and_stops_no_sheet(text, problem, tmp_path, capsys):
    path = answers(tmp_path, f'sigmoid1 = "0.553"\nloss = {text}')
    assert main(["mark", str(problem), path, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    told = {f["quantity"]: f for f in made["figures"] if f["verdict"] != "missing"}
    assert made["score"] == 1
    assert (told["sigmoid1"]["verdict"], told["loss"]["verdict"]) == ("right", "unread")
    assert told["loss"]["explanation"] == UNREAD[text]
    assert made["first_wrong"] is None


def test_the_text_says_what_was_not_read(problem, tmp_path, capsys):
    pytest.importorskip("rich")
    assert main(["mark", str(problem), answers(tmp_path, 'loss = "about 3"')]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "L was not read, and has no points: 'about 3'. This is not a number. Write a" in shown


def test_answers_that_are_not_there(problem, tmp_path, capsys):
    assert main(["mark", str(problem), str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    (tmp_path / "latin.toml").write_bytes("loss = 1 # é".encode("latin-1"))
    assert main(["mark", str(problem), str(tmp_path / "latin.toml")]) == 2
    assert "is not UTF-8" in capsys.readouterr().err


CLASS = 'student,"conv1[0,0,0]",loss\nAda Byron,0.24,0.0304\nada-byron,0.42,?\n'


@pytest.fixture
def students(tmp_path):
    return answers(tmp_path, CLASS, "class.csv")


def test_a_class_has_a_summary(problem, students, capsys):
    pytest.importorskip("rich")
    problem = stating(problem.parent, 'quantities = ["conv1", "loss"]')
    assert main(["mark", problem, students]) == 0
    shown = capsys.readouterr().out
    assert "2 students. Of 7 points, the mean is 1, the median 1, the lowest 0" in shown
    assert re.search(r"Ada Byron +2 +2 +0 +0 +5\n", shown)
    assert re.search(r"broadcast product +1 +ada-byron\n", shown)


def test_every_student_has_a_report(problem, students, tmp_path):
    folder = tmp_path / "reports"
    assert main(["mark", str(problem), students, "--format", "md,tex", "-o", str(folder)]) == 0
    names = {"class", "Ada-Byron", "ada-byron-2"}
    assert {path.stem for path in folder.iterdir()} == names
    report = (folder / "ada-byron-2.md").read_text(encoding="utf-8")
    assert "# CNN by hand: ada-byron" in report
    assert "| conv1 | 0 | 0 | 1 | 5 | 0 of 6 |" in report


def test_the_json_of_a_class_has_that_of_every_student(problem, students, capsys):
    assert main(["mark", str(problem), students, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    first = ["title", "mean", "of", "students", "mistakes"]
    assert list(made) == [*first, "notes"]
    assert [student["student"] for student in made["students"]] == ["Ada Byron", "ada-byron"]
    assert made["students"][1]["first_wrong"] == {"quantity": "conv1", "position": [0, 0, 0]}
    (mistake,) = made["mistakes"]
    assert (mistake["mistake"], mistake["students"]) == ("broadcast product", ["ada-byron"])


def test_points_and_shares(tmp_path, capsys):
    earning = ('quantities = ["conv1"]', "points = { pool1 = 6, loss = 2 }", "carried = 0.5")
    problem, path = stating(tmp_path, *earning), answers(tmp_path, ANSWERS)
    assert main(["mark", problem, path, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["score"], made["of"]) == (6 * 2 / 3 * 0.5 + 2, 6 + 6 + 2)


def test_a_format_beside_json_is_one_line(problem, tmp_path, capsys):
    path = answers(tmp_path, ANSWERS)
    assert main(["mark", str(problem), path, "--json", "--format", "md"]) == 2
    error = capsys.readouterr().err
    assert "--json and --format are both given" in error
    assert error.count("\n") == 1
