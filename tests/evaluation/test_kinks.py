"""Kinks that exact numbers meet and floats miss: 0.1 + 0.2 - 0.3 is 0, and its floats are not."""

import json

import pytest

import symcnn as sc
from symcnn.cli import main


@pytest.fixture
def kinked():
    network = sc.Network((3,), [sc.Dense(1, bias=False), sc.ReLU()], sc.HalfSquaredError())
    values = {"x": [1, 1, 1], "dense1.weight": [0.1, 0.2, -0.3], "target": [0.8]}
    return sc.Problem(network, values)


def test_a_document_measures_on_the_side_that_exact_numbers_are_on(kinked):
    text = sc.explain(kinked).to_markdown()
    assert "The largest difference is $`0`$" in text
    assert "-0.8000" not in text


def test_the_check_of_exact_numbers_does_so_too(kinked, capsys, tmp_path):
    path = tmp_path / "kinked.toml"
    path.write_text(
        "[input]\nshape = [3]\nvalues = [1, 1, 1]\n"
        '[[layers]]\ntype = "dense"\nunits = 1\nbias = false\nweight = [0.1, 0.2, -0.3]\n'
        '[[layers]]\ntype = "relu"\n[loss]\ntype = "half_squared_error"\ntarget = [0.8]\n'
    )
    assert main(["evaluate", "--json", "--exact", str(path)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["gradients"]["dense1.weight"] == [[0, 0, 0]]
    assert made["check"]["max_abs_error"] == 0
