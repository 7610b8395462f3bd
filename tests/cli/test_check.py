"""``symcnn check``: a function of a file, its layer, its verdict and the exit status."""

import json
import os

import pytest

from symcnn.cli import main
from symcnn.cli.settings import SETTINGS, USUAL
from symcnn.problems.catalog import LAYERS, LOSSES
from tests.draws import slow

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


LOSS = """
import numpy as np

def cross_entropy(scores, target):
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    return -(target * np.log(p)).sum(1).mean(), (p - target)SHARE
"""


@pytest.mark.parametrize(("share", "status"), [(" / len(p)", 0), ("", 1)])
def test_a_loss_returns_the_gradient_of_its_outputs(tmp_path, capsys, monkeypatch, share, status):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(LOSS.replace("SHARE", share), encoding="utf-8")
    target = ("mine.py:cross_entropy", "--layer", "softmax_cross_entropy")
    out = printed(capsys, status, *target)
    assert out.startswith("Gradient of SoftmaxCrossEntropy()\ngradient of prediction: ")
    if status:
        assert "gradient of prediction: wrong, multiplied by the number of samples" in out
        summed = printed(capsys, 0, *target, "--reduction", "sum", "--batch", "4")
        assert summed.startswith("Gradient of SoftmaxCrossEntropy(reduction='sum')\n")


POOL = """
import numpy as np

def backward(dout, x):
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(*dout.shape):
        rows, columns = slice(2 * i, 2 * i + 2), slice(2 * j, 2 * j + 2)
        mask = x[n, rows, columns, c] == x[n, rows, columns, c].max()
        dx[n, rows, columns, c] += mask * dout[n, i, j, c]
    return dx
"""


def test_ties_can_be_left_out(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(POOL, encoding="utf-8")
    options = ("mine.py:backward", "--layer", "max_pool2d", "--pool-size", "2")
    options += ("--input-shape", "4,4,1")
    assert "only where maxima are tied" in printed(capsys, 1, *options)
    assert "gradient of x: right" in printed(capsys, 0, *options, "--no-ties")


TORCH = """
import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * (x > 0)FACTOR
"""


@slow
@pytest.mark.parametrize(("factor", "status"), [("", 0), (" * 2", 1)])
def test_a_function_of_torch_is_checked(tmp_path, capsys, monkeypatch, factor, status):
    pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(TORCH.replace("FACTOR", factor), encoding="utf-8")
    out = printed(capsys, status, "mine.py:Square", "--layer", "relu", "--seconds", "60")
    assert ("gradient of x: right" in out) == (not status)


def test_the_order_of_what_is_returned_is_read_off_the_file(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "def backward(dout, x, w, b):\n    dw, db, dx = dout.T @ x, dout.sum(0), dout @ w\n"
    (tmp_path / "mine.py").write_text(f"{text}    return dw, db, dx\n", encoding="utf-8")
    out = printed(capsys, 0, "mine.py:backward", "--layer", "dense", "--units", "2")
    assert "returns the gradients of weight, bias, x." in " ".join(out.split())


def test_a_failure_is_told_with_its_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "def backward(dout, x):\n    missing = {}\n    return missing['x']\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    out = printed(capsys, 1, "mine.py:backward", "--layer", "relu")
    assert "raised KeyError in line 3 of mine.py (return missing['x'])" in " ".join(out.split())


def test_a_suite_is_checked_whole(file, capsys, tmp_path):
    text = "def relu_forward(x):\n    return x * (x > 0), x\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    out = printed(capsys, 0, "mine.py", "--suite", "cs231n")
    assert out.startswith("mine.py: 1 of 1 functions of CS231n right.\n")
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
        "there is no layer or loss 'dens': did you mean 'dense'? choose from "
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
    common = {"name", "inputs", "weight_from", "weight_axes", "l2"}
    kinds = [*LAYERS.values(), *LOSSES.values()]
    assert {key for kind in kinds for key in kind.settings} - common == {*SETTINGS}
    required = {key for kind in kinds for key in kind.required}
    assert required - {*USUAL} == {"axis", "expression", "shape"}
