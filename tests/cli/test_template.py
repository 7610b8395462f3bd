"""A blank file of answers: what it asks for, and that it is read as nothing at all."""

import json
import tomllib
from dataclasses import replace

import pytest

import symcnn as sc
from symcnn.classroom.marking.pages.template import template
from symcnn.cli import main
from symcnn.problems import Accuracy, Worth
from symcnn.problems.examples import cnn_by_hand
from tests.draws import seeds
from tests.programs.random_networks import tiny_example

BLANK = """\
title = "CNN by hand"
student = ""

conv1 = [
  [["?", "?", "?"]],  # z₁₁, z₁₂, z₁₃
  [["?", "?", "?"]],  # z₂₁, z₂₂, z₂₃
]

loss = "?"  # L

"gradient of dense1.weight" = [["?", "?", "?"]]  # ∂L/∂w⁽²⁾₁, ∂L/∂w⁽²⁾₂, ∂L/∂w⁽²⁾₃

"updated conv1.weight" = [
  [[["?", "?", "?"]]],  # updated w₁₁, updated w₁₂, updated w₁₃
  [[["?", "?", "?"]]],  # updated w₂₁, updated w₂₂, updated w₂₃
]
"""

NAMES = ("updated conv1.weight", "conv1", "gradient of dense1.weight", "loss")


@pytest.fixture
def problem(tmp_path):
    path = tmp_path / "problem.toml"
    sc.save(cnn_by_hand(), path)
    return path


def test_what_is_asked_for_is_printed(problem, capsys):
    sc.save(replace(cnn_by_hand(), worth=Worth(NAMES)), problem)
    assert main(["mark", str(problem), "--template"]) == 0
    printed = capsys.readouterr().out
    head, _, rest = printed.partition("title = ")
    assert f"title = {rest}" == BLANK
    assert "# Give 3 significant digits; a fraction is exact.\n" in head
    assert all(line.startswith("# ") for line in head.splitlines())


def test_the_digits_are_those_that_are_asked_for(problem, capsys):
    sc.save(replace(cnn_by_hand(), answers=Accuracy(5)), problem)
    assert main(["mark", str(problem), "--template"]) == 0
    assert "# Give 5 significant digits" in capsys.readouterr().out


def test_a_blank_file_is_marked_as_all_missing(problem, tmp_path, capsys):
    file = tmp_path / "mine.toml"
    assert main(["mark", str(problem), "--template", "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"wrote {file}\n"
    assert main(["mark", str(problem), str(file), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert {f["verdict"] for f in made["figures"]} == {"missing"}
    assert (made["score"], made["of"], len(made["figures"])) == (0, 41, 41)


def test_a_folder_gets_a_file_and_no_file_is_overwritten(problem, tmp_path, capsys):
    folder = tmp_path / "answers"
    folder.mkdir()
    assert main(["mark", str(problem), "--template", "-o", str(folder)]) == 0
    filled = (folder / "answers.toml").read_text(encoding="utf-8").replace("?", "0.24", 1)
    (folder / "answers.toml").write_text(filled, encoding="utf-8")
    for target in (folder, folder / "answers.toml"):
        assert main(["mark", str(problem), "--template", "-o", str(target)]) == 2
    assert "answers.toml exists already: name another file" in capsys.readouterr().err
    assert (folder / "answers.toml").read_text(encoding="utf-8") == filled


def test_answers_and_other_outputs_are_refused(problem, tmp_path, capsys):
    for more in (["mine.toml"], ["--json"], ["--format", "md"]):
        assert main(["mark", str(problem), *more, "--template"]) == 2
        assert "--template only makes a blank file of answers" in capsys.readouterr().err


def test_variants_say_which_one_it_is(problem, tmp_path, capsys):
    folder = tmp_path / "sheets"
    options = ["--variants", "2", "--level", "convolution", "--format", "md"]
    assert main(["worksheet", str(problem), *options, "-o", str(folder)]) == 0
    capsys.readouterr()
    assert main(["mark", str(folder / "variant-2.toml"), "--template"]) == 0
    own = tomllib.loads(capsys.readouterr().out)
    assert main(["mark", str(folder), "--template"]) == 0
    every = tomllib.loads(capsys.readouterr().out)
    assert (own["variant"], own["title"]) == ("2", "CNN by hand, variant 2")
    assert (every["variant"], every["title"]) == ("", "CNN by hand")
    assert [*every] == [*own] == ["title", "student", "variant", "conv1"]


def _shape(value):
    return (len(value), *_shape(value[0])) if isinstance(value, list) else ()


@pytest.mark.parametrize("seed", seeds(6, 0.3))
def test_blank_files_of_all_kinds_of_networks_are_read_as_nothing(seed):
    """Every list has the shape of its quantity, and all places hold question marks."""
    given = sc.Problem(*tiny_example(seed), learning_rate=0.5, title='"Quoted" \\ and\N{BELL}')
    made = tomllib.loads(template(given))
    assert made.pop("title") == given.title
    assert made.pop("student") == ""
    for name, value in made.items():
        shape = given.quantities.shape(name).shape
        assert _shape(value) == (() if given.quantities.shape(name).size == 1 else shape), name
    marking = sc.mark(given, made)
    assert [*made] == [*dict.fromkeys(f.quantity for f in marking.figures)]
    assert marking.count("missing") == len(marking.figures)


def test_long_rows_are_broken_into_lines():
    network = sc.Network((10,), [sc.Dense(9, bias=False)], sc.SumOfOutputs())
    values = {"x": [*range(10)], "dense1.weight": [*range(90)]}
    text = template(sc.Problem(network, values), quantities=["dense1"])
    lines = text.partition("dense1 = ")[2].splitlines()
    marks = ", ".join(['"?"'] * 8)
    letters = ["z₁, z₂, z₃, z₄, z₅, z₆, z₇, z₈", "z₉"]
    assert lines == ["[", f"  {marks},  # {letters[0]}", f'  "?",  # {letters[1]}', "]"]
