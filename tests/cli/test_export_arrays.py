"""``symcnn export --arrays``: a module whose numbers lie beside it."""

import runpy

import numpy as np
import pytest

from symcnn.cli.run import main
from tests.draws import slow

LOSS = 0.03043124508096392  # of the built-in example, worked by hand


def test_a_module_reads_its_numbers(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made").mkdir()
    main(["export", "--to", "numpy", "-o", "made/model.py", "--arrays", "numbers.npz"])
    assert capsys.readouterr().out == "wrote made/model.py\nwrote numbers.npz\n"
    text = (tmp_path / "made" / "model.py").read_text()
    assert "0.4" not in text.partition("def values")[2]
    with np.load("numbers.npz") as arrays:
        assert [*arrays] == ["x", "conv1.weight", "dense1.weight", "target"]
        assert arrays["x"].tolist() == [[[1.0]], [[0.4]], [[0.7]]]
    monkeypatch.chdir("/")
    runpy.run_path(str(tmp_path / "made" / "model.py"), run_name="__main__")
    assert float(capsys.readouterr().out.split()[1]) == pytest.approx(LOSS, rel=1e-15)


def test_it_can_be_given_other_numbers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["export", "--to", "numpy", "-o", "model.py", "--arrays", "numbers.npz"])
    module = runpy.run_path("model.py")
    with np.load("numbers.npz") as arrays:
        np.savez("other.npz", **{**arrays, "target": [0.0]})
    loss, _ = module["loss_and_gradients"](**module["values"]("other.npz"))
    assert float(loss) == pytest.approx(0.5532967568881029**2 / 2, rel=1e-14)


@slow
def test_jax_reads_them_too(tmp_path, monkeypatch, capsys):
    pytest.importorskip("jax")
    in_double = pytest.importorskip("tests.generated.walk_networks").in_double
    monkeypatch.chdir(tmp_path)
    main(["export", "--to", "jax", "--arrays", "numbers.npz"])
    (tmp_path / "model.py").write_text(capsys.readouterr().out)
    with in_double():
        module = runpy.run_path("model.py")
        loss, _ = module["loss_and_gradients"](**module["values"]("numbers.npz"))
    assert float(loss) == pytest.approx(LOSS, rel=1e-15)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("sympy", "--arrays applies only to modules of arrays: add --to numpy, --to jax or"),
        ("xlsx", "--arrays applies only to modules of arrays"),
        ("javascript", "a module of javascript reads no .npz file: leave its numbers in the"),
    ],
)
def test_what_reads_no_arrays_is_one_line(language, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--to", language, "--arrays", "numbers.npz", "-o", "m"]) == 2
    assert message in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []
