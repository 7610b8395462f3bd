"""``symcnn check``: a function of a file, its layer, its verdict and the exit status."""

import json
import os

import pytest

from symcnn.cli import main
from symcnn.cli.settings import SETTINGS, USUAL
from symcnn.problems.catalog import LAYERS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

LAYERS_PY = """
def dense_forward(x, w, b):
    return x @ w.T + b, (x, w)


def dense_backward(dout, cache):
    x, w = cache
    return dout @ w, dout.T @ x, dout.sum(0)


def without_bias(dout, x, w, b):
    return dout @ w, dout.T @ x, dout.mean(0)


def other_backward(dout, cache):
    return dout
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers.py").write_text(LAYERS_PY, encoding="utf-8")
    return "layers.py"


def printed(capsys, status, *arguments):
    assert main(["check", *arguments]) == status
    captured = capsys.readouterr()
    assert captured.err == ""
    assert max(map(len, captured.out.splitlines())) <= 100
    return captured.out


def refused(capsys, *arguments):
    assert main(["check", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line.removeprefix("symcnn: error: ")


def test_a_right_function_has_status_0(file, capsys):
    out = printed(capsys, 0, f"{file}:dense_backward", "--layer", "dense", "--units", "2")
    assert "gradient of weight: right" in out
    assert "What dense_backward takes as its cache is what dense_forward returns." in out
    named = f"{file}:dense_forward,dense_backward"
    assert "takes as its cache" not in printed(capsys, 0, named, "--layer", "dense")


def test_a_wrong_function_has_status_1(file, capsys):
    out = printed(capsys, 1, f"{file}:without_bias", "--layer", "dense")
    assert "gradient of x: right" in out
    assert "gradient of bias: wrong" in out


def test_the_output_is_checked_with_forward(file, capsys):
    out = printed(capsys, 0, f"{file}:dense_forward", "--layer", "dense", "--forward")
    assert "y: right" in out


def test_json_has_the_keys_of_the_verdict(file, capsys):
    options = ("--layer", "dense", "--units", "2", "--json", "--input-shape", "4", "--batch", "2")
    data = json.loads(printed_json(capsys, 1, f"{file}:without_bias", *options))
    assert {"title", "right", "cases", "notes", "findings"} <= {*data}
    assert data["right"] is False
    by_name = {finding["name"]: finding for finding in data["findings"]}
    assert by_name["gradient of x"]["verdict"] == "right"
    assert by_name["gradient of bias"]["verdict"] == "wrong"


def printed_json(capsys, status, *arguments):
    assert main(["check", *arguments]) == status
    return capsys.readouterr().out


def test_what_is_assumed_of_a_layer_is_said(file, capsys):
    options = ("--layer", "dense", "--bias", "true", "--arguments", "dout,x,weight,bias")
    out = printed(capsys, 1, f"{file}:without_bias", *options, "--returns", "dx, dw, db")
    assert "units is 3, unless --units says otherwise." in out


def test_a_suite_is_checked_whole(file, capsys, tmp_path):
    text = "def relu_forward(x):\n    return x * (x > 0), x\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    out = printed(capsys, 0, "mine.py", "--suite", "cs231n")
    assert out.startswith("mine.py: 1 of 1 functions of CS231n are right.\n")
    data = json.loads(printed_json(capsys, 0, "mine.py", "--suite", "cs231n", "--json"))
    assert data["functions"]["relu_forward"]["right"] is True


LINES = {
    ("layers.py",): (
        "'layers.py' names no function: give FILE.py:FUNCTION, or add --suite to check all "
        "functions of the file"
    ),
    ("layers.py:dense_backward",): (
        "name the layer that dense_backward belongs to, such as --layer conv2d"
    ),
    ("layers.py:dense_backward", "--layer", "dens"): (
        "there is no layer 'dens': did you mean 'dense'? choose from "
    ),
    ("layers.py:dense_bakward", "--layer", "dense"): (
        "layers.py: there is no function 'dense_bakward': did you mean 'dense_backward'? choose "
    ),
    ("none.py:f", "--layer", "dense"): "none.py: cannot read the file: ",
    ("layers.py:other_backward", "--layer", "relu"): (
        "layers.py: other_backward takes a cache: name the function that returns it as well, "
        "layers.py:FORWARD,other_backward"
    ),
    ("layers.py:dense_backward", "--layer", "relu", "--stride", "2"): (
        "--stride is no setting of relu: it has no settings"
    ),
    ("layers.py:dense_backward", "--layer", "dense", "--stride", "2"): (
        "--stride is no setting of dense: its settings are units, bias"
    ),
    ("layers.py:dense_backward", "--layer", "dense", "--bias", "3"): (
        "--bias is 3: give true or false"
    ),
    ("layers.py:dense_backward", "--layer", "conv2d", "--kernel-size", "3,x"): (
        "--kernel-size is '3,x': give "
    ),
    ("layers.py:dense_backward", "--layer", "slice", "--step", "2"): (
        "slice needs its axis: add --axis"
    ),
    ("layers.py", "--suite", "cs231n", "--layer", "dense"): (
        "--layer and --suite are both given: a suite knows it, so leave it out"
    ),
    ("layers.py", "--suite", "cs231n", "--kernel-size", "3"): (
        "--kernel-size and --suite are both given: a suite knows it, so leave it out"
    ),
    ("layers.py:dense_backward", "--suite", "cs231n"): (
        "'layers.py:dense_backward' names a function: name the file alone, or give --layer in "
        "place of --suite"
    ),
    ("layers.py", "--suite", "cs231n"): "layers.py: no function of the suite cs231n is there: ",
    ("layers.py:f", "--layer", "dense", "--seconds", "-1"): (
        "argument --seconds: '-1' is not a positive number of seconds: see symcnn check --help"
    ),
    ("layers.py:f", "--layer", "dense", "--input-shape", "4,0"): (
        "argument --input-shape: '0' is not a positive whole number: see symcnn check --help"
    ),
}


@pytest.mark.parametrize(("arguments", "line"), LINES.items(), ids=" ".join)
def test_bad_input_is_one_line(file, capsys, arguments, line):
    assert refused(capsys, *arguments).startswith(line)


def test_every_setting_of_a_layer_can_be_stated():
    common = {"name", "inputs", "weight_from"}
    assert {key for kind in LAYERS.values() for key in kind.settings} - common == {*SETTINGS}
    required = {key for kind in LAYERS.values() for key in kind.required}
    assert required - {*USUAL} == {"axis", "shape"}
