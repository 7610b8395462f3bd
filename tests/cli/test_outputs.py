"""``--results outputs``: the forward pass alone, of a file with no loss, or with no target."""

import json
import re

import numpy as np
import pytest

from symcnn import SymcnnError, load
from symcnn.cli import main
from tests.problems.example import TEXT, changed, written

OUTPUT = 0.5532967568881029
WITHOUT_LOSS = re.sub(r"\[loss\]\n(?:[^\[\n].*\n|\n)*", "", TEXT)
WITHOUT_TARGET = changed("target = [0.8]", "")


@pytest.mark.parametrize("text", [TEXT, WITHOUT_LOSS, WITHOUT_TARGET])
@pytest.mark.parametrize("options", [(), ("--exact",)])
def test_evaluate_prints_them_alone(capsys, tmp_path, text, options):
    path = str(written(tmp_path, text))
    assert main(["evaluate", path, "--results", "outputs", "--json", *options]) == 0
    made = json.loads(capsys.readouterr().out)
    assert list(made) == ["title", "outputs", "notes"]  # how flat kernels were read
    assert [*made["outputs"]] == ["conv1", "pool1", "flatten1", "dense1", "sigmoid1"]
    assert made["outputs"]["sigmoid1"] == pytest.approx([OUTPUT], abs=1e-15)


def test_the_table_has_values_alone(capsys):
    pytest.importorskip("rich")
    assert main(["evaluate", "--results", "outputs"]) == 0
    out = capsys.readouterr().out
    assert "0.553297" in out
    assert "conv1.weight" in out
    assert not {"dL/d", "loss", "difference"} & set(out.split())


@pytest.mark.parametrize("text", [WITHOUT_LOSS, WITHOUT_TARGET])
@pytest.mark.parametrize("file", ["model.c", "model.mjs"])
def test_export_needs_no_loss(capsys, tmp_path, text, file):
    path, to = written(tmp_path, text), "c" if file == "model.c" else "javascript"
    options = ["--to", to, "-o", str(tmp_path / file), "--results", "outputs"]
    assert main(["export", str(path), *options]) == 0
    assert "target" not in (tmp_path / file).read_text()


def test_a_target_in_an_archive_counts(tmp_path):
    np.savez(tmp_path / "numbers.npz", target=[0.8])
    path = written(tmp_path, 'arrays = "numbers.npz"\n' + WITHOUT_TARGET)
    problem = load(path, results="outputs")
    assert problem == load(path)
    assert problem.network.target is not None


def test_other_mistakes_are_refused(tmp_path):
    path = written(tmp_path, changed('type = "half_squared_error"', 'type = "half"'))
    with pytest.raises(SymcnnError, match="loss: the type 'half' is unknown"):
        load(path, results="outputs")
    with pytest.raises(SymcnnError, match="the key 'target' is missing"):
        load(written(tmp_path, WITHOUT_TARGET))
