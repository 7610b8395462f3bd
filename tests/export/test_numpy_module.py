"""A module of NumPy as a program: its numbers, or one line that says why there are none."""

import runpy

import pytest

import symcnn as sc
from symcnn import limits
from symcnn.programs.export import exported


@pytest.fixture(params=["scalar", "array"])
def run(request, monkeypatch, tmp_path):
    if request.param == "array":
        monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)

    def run(loss, outputs, target):
        network = sc.Network((2,), [sc.Dense(2, bias=False)], loss)
        values = {"x": outputs, "dense1.weight": [1, 0, 0, 1], "target": target}
        module = tmp_path / "module.py"
        module.write_text(exported(sc.derive(network), values, "two outputs"))
        runpy.run_path(str(module), run_name="__main__")

    return run


@pytest.mark.parametrize("loss", [sc.CrossEntropy(), sc.BinaryCrossEntropy()])
def test_the_logarithm_of_0_is_one_line(loss, run, capsys):
    with pytest.raises(SystemExit) as caught:
        run(loss, [0, 1], [1, 0])
    assert caught.value.code == (
        "There is no finite result at these numbers: divide by zero encountered in log."
    )
    assert capsys.readouterr().out == ""


def test_it_prints_the_loss_and_every_gradient(run, capsys):
    run(sc.HalfSquaredError(), [3, 4], [1, 1])
    printed = capsys.readouterr().out.splitlines()
    assert printed[:4] == ["loss 6.5", "dL/dx", "[2. 3.]", "dL/ddense1.weight"]
