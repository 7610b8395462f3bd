"""``symcnn train``, as a user runs it."""

import json
import math
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli import main
from symcnn.cli.interruption import Ended
from symcnn.problems.training.result import Progress
from tests.cli.test_commands import lines
from tests.cli.test_errors import error
from tests.problems.example import changed, written

CLASSES = """
[input]
shape = [2]
values = [0, 0]

[[layers]]
type = "dense"
units = 2
weight = [0, 0, 0, 0]
bias_values = [0, 0]

[loss]
type = "softmax_cross_entropy"
target = [1, 0]
"""


def losses(printed: list[str]) -> dict[str, float]:
    rows = (line.split() for line in printed if " loss " in line)
    return {row[0]: float(row[-1]) for row in rows}


def evaluated(capsys: pytest.CaptureFixture[str], path: Path) -> float:
    return json.loads("".join(lines(capsys, "evaluate", str(path), "--json")))["loss"]


def test_the_seed_is_trained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = lines(capsys, "train")
    found = losses(printed)
    assert [*found] == ["0", "1", "2", "5", "10", "20", "50", "100"]
    assert found["0"] == pytest.approx(0.030431245081, rel=1e-7)
    assert found["1"] == pytest.approx(0.0291863365527, rel=1e-7)
    assert printed[-2:] == ["wrote trained.toml", "wrote curve.svg"]
    assert {path.name for path in tmp_path.iterdir()} == {"trained.toml", "curve.svg"}
    assert evaluated(capsys, tmp_path / "trained.toml") == pytest.approx(found["100"], rel=1e-7)


def test_a_trained_problem_trains_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    at_once = losses(lines(capsys, "train", "--steps", "20", "-o", str(tmp_path / "a")))
    lines(capsys, "train", "--steps", "12", "-o", str(tmp_path / "b"))
    half = str(tmp_path / "b" / "trained.toml")
    rest = losses(lines(capsys, "train", half, "--steps", "8", "-o", str(tmp_path / "c")))
    assert rest["8"] == at_once["20"]


def data(folder: Path) -> str:
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 50)
    x = np.where(y[:, None] == [0, 1], 1.0, -1.0) + random.normal(scale=0.2, size=(50, 2))
    np.savez(folder / "data.npz", x=x, y=y)
    return str(folder / "data.npz")


def test_samples_from_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, out = str(written(tmp_path, CLASSES)), tmp_path / "out"
    options = ["--rate", "0.5", "--steps", "40", "--batch", "8"]
    options += ["--seed", "3", "--format", "md", "--data", data(tmp_path), "-o", str(out)]
    printed = lines(capsys, "train", path, *options)
    assert losses(printed)["0"] == pytest.approx(math.log(2), rel=1e-7)
    assert losses(printed)["40"] < 0.1
    names = {"trained.toml", "curve.svg", "training.md", "training-1.svg"}
    assert {p.name for p in out.iterdir()} == names
    assert (out / "curve.svg").read_bytes() == (out / "training-1.svg").read_bytes()
    first = {p.name: p.read_bytes() for p in out.iterdir()}
    assert lines(capsys, "train", path, *options) == printed
    assert {p.name: p.read_bytes() for p in out.iterdir()} == first


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        (["--data", "missing.npz", "--rate", "1"], "missing.npz: cannot read the file"),
        (["--data", "problem.toml", "--rate", "1"], "problem.toml: this is not a valid .npz file"),
        ([], "no learning rate: give one, or set learning_rate under [training]"),
        (["--rate", "fast"], "--rate"),
        (["--rate", "1", "--steps", "0"], "steps = 0"),
        (["--rate", "1", "--batch", "4"], "batch = 4 applies only to data"),
        (["--rate", "1", "--held-out", "0.2"], "unrecognized arguments: --held-out"),
        (["--rate", "1", "--format", "doc"], "there is no format 'doc'"),
        (["--rate", "1", "-o", "problem.toml"], "cannot write to problem.toml: choose another"),
        (["--rate", "1", "-o", "problem.toml/a"], "cannot write to problem.toml/a"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    fragment: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, CLASSES)
    assert fragment in error(capsys, "train", "problem.toml", "-o", "out", *options)
    assert [path.name for path in tmp_path.iterdir()] == ["problem.toml"]


def test_too_long_a_step_is_one_line_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = written(tmp_path, changed("learning_rate = 0.5", "").replace("sigmoid", "elu"))
    assert main(["train", str(path), "--rate", "1e9", "-o", str(tmp_path / "out")]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("symcnn: error: after 3 steps: loss is 1.40294e+446, beyond the")
    assert captured.err.endswith("use a smaller learning rate\n")
    assert captured.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_problem_itself_is_not_overwritten(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, CLASSES, "trained.toml")
    assert "choose another folder" in error(capsys, "train", "trained.toml", "--rate", "1")
    assert path.read_text() == CLASSES


@pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")
def test_a_terminal_has_a_bar_and_the_same_lines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = lines(capsys, "train", "--steps", "5", "-o", str(tmp_path))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    shown = "\n".join(lines(capsys, "train", "--steps", "5", "-o", str(tmp_path)))
    assert "training" in shown
    assert "100%" in shown
    assert all(line in shown for line in plain)
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    assert lines(capsys, "train", "--steps", "5", "-o", str(tmp_path)) == plain


def interrupted_at(step: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupt a training when it has taken so many steps."""
    usual = Progress.step

    def interrupt(progress: Progress, loss: float, weights: dict[str, np.ndarray]) -> None:
        usual(progress, loss, weights)
        if progress.steps == step:
            raise error

    monkeypatch.setattr(Progress, "step", interrupt)


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (Ended(15), 143)])
def test_an_interrupted_training_leaves_the_weights_it_has_reached(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    status: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    interrupted_at(20, error, monkeypatch)
    assert main(["train"]) == status
    captured = capsys.readouterr()
    assert captured.err == "symcnn: interrupted: the weights after 20 steps are saved\n"
    reached = losses(captured.out.splitlines())["20"]
    assert {path.name for path in tmp_path.iterdir()} == {"trained.toml"}
    assert evaluated(capsys, tmp_path / "trained.toml") == pytest.approx(reached, rel=1e-7)


def test_an_interruption_in_python_has_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted_at(7, KeyboardInterrupt(), monkeypatch)
    with pytest.raises(KeyboardInterrupt) as caught:
        sc.train(sc.examples.cnn_by_hand())
    made = caught.value.training
    monkeypatch.undo()
    assert made.losses == sc.train(sc.examples.cnn_by_hand(), steps=7).losses
    assert float(sc.evaluate(made.problem).loss) == pytest.approx(made.losses[7], rel=1e-14)
