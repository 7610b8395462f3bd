"""symcnn check-formula."""

import io
import json

import pytest

import symcnn as sc
from symcnn.cli import main


@pytest.fixture
def problem(tmp_path):
    network = sc.Network((4,), [sc.Dense(3)], sc.SoftmaxCrossEntropy())
    numbers = {
        "x": [1, 2, 3, 4],
        "dense1.weight": [[0] * 4] * 3,
        "dense1.bias": [0] * 3,
        "target": [1, 0, 0],
    }
    sc.save(sc.Problem(network, numbers), tmp_path / "my.toml")
    return str(tmp_path / "my.toml")


def test_a_right_formula_is_right(problem, capsys):
    assert main(["check-formula", "p - t", "--of", "gradient of dense1", problem]) == 0
    printed = capsys.readouterr().out
    assert "gradient of dense1: right" in printed
    assert "Read: p as loss.probabilities, t as target." in printed


def test_a_wrong_formula_is_mended(problem, capsys):
    assert main(["check-formula", "t - p", "--of", "gradient of dense1", problem]) == 1
    printed = capsys.readouterr().out
    assert "gradient of dense1: wrong, sign" in printed
    assert "Mended: p - t" in printed


def test_it_is_json_and_letters_are_bound(problem, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("q_i - c_i\n"))
    letters = ["--letter", "q=loss.probabilities", "--letter", "target=c"]
    line = ["check-formula", "-", "--of", "gradient of dense1", problem, "--json", *letters]
    assert main(line) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["right"] is True
    assert made["findings"][0]["name"] == "gradient of dense1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x_{i", "--of", "gradient of x"], "at its end: the indices are not closed: add }"),
        (["p", "--of", "gradient of conv1"], "there is no 'conv1' in the network"),
        (["p"], "the following arguments are required: --of"),
        (["p", "--of", "gradient of x", "--letter", "K"], "is not of the form"),
        (["p", "--of", "gradient of x", "--letter", "K=V"], "there is no V that a letter can"),
    ],
)
def test_what_is_wrong_is_one_line(arguments, message, problem, capsys):
    assert main(["check-formula", arguments[0], problem, *arguments[1:]]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
