"""symcnn vectors."""

import json

import pytest

from symcnn.cli import main
from symcnn.problems.catalog import LAYERS
from tests.draws import slow


def test_the_vectors_of_a_layer_are_written_or_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["vectors", "dense", "-o", "dense.json"]) == 0
    assert capsys.readouterr().out == "wrote dense.json\n"
    written = (tmp_path / "dense.json").read_text(encoding="utf-8")
    assert json.loads(written)["layer"] == "dense"
    assert main(["vectors", "dense"]) == 0
    assert capsys.readouterr().out == written


def test_layouts_are_those_asked_for(capsys):
    assert main(["vectors", "conv1d", "--layout", "NCHW", "--kernel-layout", "OIHW"]) == 0
    file = json.loads(capsys.readouterr().out)
    assert (file["layout"], file["kernel_layout"]) == ("NCHW", "OIHW")
    inputs = file["cases"][0]["inputs"]
    assert inputs["x"]["axes"] == ["sample", "channel", "position"]
    assert inputs["weight"]["axes"] == ["filter", "input channel", "kernel position"]
    assert inputs["weight"]["shape"] == [3, 2, 3]


@slow
def test_all_are_written_with_the_schema(tmp_path, capsys):
    assert main(["vectors", "--all", "-o", str(tmp_path / "all")]) == 0
    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert names == {"vectors.schema.json", *(f"{name}.json" for name in LAYERS)}
    assert "conv2d.json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "symcnn vectors needs either a layer, such as conv2d, or --all"),
        (["relu", "--all"], "symcnn vectors needs either a layer, such as conv2d, or --all"),
        (["conv4d"], "there is no layer 'conv4d': did you mean 'conv3d'?"),
        (["half_squared_error"], "there is no layer 'half_squared_error'"),
        (["--all"], "symcnn vectors --all writes a file for each layer: add -o DIR"),
        (["--all", "--layout", "CHW", "-o", "all"], "there is no layout 'CHW': choose NHWC"),
        (["relu", "-o", "."], "is a folder: give a file to -o, such as relu.json"),
        (["relu", "--kernel-layout", "OI"], "there is no layout of kernels 'OI'"),
    ],
)
def test_what_is_wrong_is_one_line(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["vectors", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())
