"""``symcnn mark``: answers in files, and what is wrong with them."""

from __future__ import annotations

import json

import pytest

from symcnn.cli import main
from tests.problems.example import TEXT, written

ANSWERS = """
conv1 = [[[0.42, 0.28, 0.14]], [[0.33, 0.22, 0.11]]]
pool1 = [0.42, 0.28, "?"]
loss = "0.0304"
"""


BROADCAST = (
    "Broadcast product: The entries and the weights were summed separately, and the sums "
    "multiplied, as in (w1 + w2)(x1 + x2). Each entry belongs with one weight: w1 x1 + w2 x2."
)


@pytest.fixture
def problem(tmp_path):
    return written(tmp_path, TEXT)


def answers(tmp_path, text, name="answers.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_json_is_that_of_the_contract(problem, tmp_path, capsys):
    assert main(["mark", str(problem), answers(tmp_path, ANSWERS), "--json"]) == 0
    marked = json.loads(capsys.readouterr().out)
    assert list(marked) == ["title", "score", "of", "first_wrong", "figures", "mistakes"]
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
        "explanation": f"z₁₁ = w₁₁ x₁ + w₂₁ x₂; the true value is 0.24. {BROADCAST}",
    }
    (mistake,) = marked["mistakes"]
    assert (mistake["mistake"], mistake["figures"]) == ("broadcast product", 6)
    verdicts = [f["verdict"] for f in marked["figures"] if f["quantity"] == "pool1"]
    assert verdicts == ["follows", "follows", "missing"]


def test_the_text_names_the_first_wrong_figure(problem, tmp_path, capsys):
    assert main(["mark", str(problem), answers(tmp_path, ANSWERS)]) == 0
    shown = capsys.readouterr().out
    assert "The first wrong figure is conv1[0, 0, 0]." in shown
    assert "Broadcast product (6 figures): The entries and the weights were" in shown
    assert "conv1[0, 0, 0]: 0.42 is wrong: broadcast product\n" in shown
    assert "    z₁₂ = w₁₂ x₁ + w₂₂ x₂; the true value is 0.26\n" in shown
    assert "pool1[0, 0, 1]: 0.28 is right from the figures before it" in shown


def test_json_keeps_the_digits(problem, tmp_path, capsys):
    text = json.dumps({"loss": 0.03}).replace("0.03", "0.030")
    assert main(["mark", str(problem), answers(tmp_path, text, "a.json"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    (loss,) = (f for f in figures if f["quantity"] == "loss")
    assert loss["answer"] == "0.030"
    assert loss["verdict"] == "right"


BAD = {
    "conv1 = [1, 2]": "conv1 has the shape 2, but 2x1x3 is needed",
    "conv2 = 1": "there is no quantity 'conv2'",
    'loss = "about 3"': "loss, number 1, is 'about 3': write a number",
    'loss = "1/0"': "loss, number 1, is '1/0', a quotient by 0",
    "loss = true": "loss, number 1, is 'True': write a number",
    'loss = "1e999"': "loss, number 1, is '1e999': give a number below",
    "loss = ": "this is not valid TOML",
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


def test_answers_that_are_not_there(problem, tmp_path, capsys):
    assert main(["mark", str(problem), str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    (tmp_path / "latin.toml").write_bytes("loss = 1 # é".encode("latin-1"))
    assert main(["mark", str(problem), str(tmp_path / "latin.toml")]) == 2
    assert "is not UTF-8" in capsys.readouterr().err
