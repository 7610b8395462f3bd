"""``evaluate --exact``, and the warning where rounding decides."""

import json
from importlib.util import find_spec

import pytest

from symcnn.cli import main
from tests.problems.example import changed, written

TIED = changed("values = [1, 0.4, 0.7]", "values = [0.5, 0.5, 0.5]")


def run(capsys, *arguments):
    assert main(arguments) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err.splitlines()


def test_a_tie_is_named_on_standard_error(capsys, tmp_path):
    out, warnings = run(capsys, "evaluate", "--json", str(written(tmp_path, TIED)))
    assert json.loads(out)["title"] == "CNN by hand"  # standard output stays one object
    assert len(warnings) == 3
    assert warnings[0].startswith("symcnn: warning: pool1, window p_1: z_11 and z_21 are equal")
    assert "--exact" in warnings[0]


def test_exact_arithmetic_needs_no_warning(capsys, tmp_path):
    path = str(written(tmp_path, TIED))
    out, warnings = run(capsys, "evaluate", "--json", "--exact", path)
    assert warnings == []
    result = json.loads(out)
    assert result["gradients"]["conv1"][1] == [[0.0, 0.0, 0.0]]  # the first takes all
    assert result["check"]["max_abs_error"] < 1e-15


def test_the_numbers_are_the_nearest_floats(capsys):
    out, _ = run(capsys, "evaluate", "--json", "--exact")
    result = json.loads(out)
    assert result["outputs"]["conv1"] == [[[0.24, 0.26, -0.02]], [[0.15, 0.05, 0.1]]]
    assert result["loss"] == 0.0304312450809639
    assert result["updated"]["dense1.weight"][0][2] == 0.6 + 0.5 * 0.006097503928824672


@pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")
def test_the_table_takes_exact_numbers_too(capsys):
    out, _ = run(capsys, "evaluate", "--exact", "--digits", "4")
    assert ["conv1", "z_11", "0.24"] in [line.split()[:3] for line in out.splitlines()]


def test_a_large_network_is_refused_in_one_line(capsys, tmp_path):
    text = changed("[3, 1, 1]", "[3000, 1, 1]").replace("[1, 0.4, 0.7]", str([1, 0.4, 0.7] * 1000))
    text = text.replace("pool_size = [2, 1]", "pool_size = [2999, 1]")
    assert main(["evaluate", "--exact", str(written(tmp_path, text))]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "evaluated exactly" in line
