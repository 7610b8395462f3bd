"""A module of NumPy as a program: its numbers, or one line that says why there are none."""

import runpy

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.programs.export.module import exported


@pytest.fixture(params=["scalar", "array"])
def run_problem(request, monkeypatch, tmp_path):
    if request.param == "array":
        monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)

    def run(network, values):
        module = tmp_path / "module.py"
        module.write_text(exported(sc.derive(network), values, "a few numbers"))
        runpy.run_path(str(module), run_name="__main__")

    return run


@pytest.fixture
def run(run_problem):
    def run(loss, outputs, target, weight=1):
        network = sc.Network((2,), [sc.Dense(2, bias=False)], loss)
        given = {"x": outputs, "dense1.weight": [weight, 0, 0, 1]}
        run_problem(network, given if target is None else {**given, "target": target})

    return run


@pytest.mark.parametrize("loss", [sc.CrossEntropy(), sc.BinaryCrossEntropy()])
def test_the_logarithm_of_0_is_one_line(loss, run, capsys):
    with pytest.raises(SystemExit) as caught:
        run(loss, [0, 1], [1, 0])
    assert caught.value.code == (
        "There is no finite result at these numbers: divide by zero encountered in log."
    )
    assert capsys.readouterr().out == ""


def test_what_is_beyond_floats_is_one_line(run, capsys):
    with pytest.raises(SystemExit, match=r"^There is no finite result at these numbers: \S.*\.$"):
        run(sc.SumOfOutputs(), [1e200, 1], None, weight=1e200)
    assert capsys.readouterr().out == ""


def test_a_variance_beyond_floats_is_one_line(run_problem, capsys):
    """Otherwise 1/V^(3/2) is 0, and the derivatives are wrong and finite."""
    network = sc.Network((3, 1), [sc.BatchNorm(affine=False)], sc.Upstream())
    with pytest.raises(
        SystemExit, match=r"^There is no finite result at these numbers: .*[a-z]\.$"
    ):
        run_problem(network, {"x": [[1e104], [-1e104], [0]], "gradient": [[3], [-1], [5]]})
    assert capsys.readouterr().out == ""


def test_it_prints_the_loss_and_every_gradient(run, capsys):
    run(sc.HalfSquaredError(), [3, 4], [1, 1])
    printed = capsys.readouterr().out.splitlines()
    assert printed[:4] == ["loss 6.5", "dL/dx", "[2. 3.]", "dL/ddense1.weight"]
