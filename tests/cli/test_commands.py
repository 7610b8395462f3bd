"""The commands, as a user runs them."""

import io
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import symcnn
from symcnn.cli import main
from tests.problems.example import TEXT, changed, written

KERNEL = [
    [[[-0.00609750393, -0.03048751964, -0.01463400943]]],
    [[[-0.00243900157, -0.01219500786, -0.02560951650]]],
]

needs_rich = pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run a command that succeeds; return what it prints."""
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


def test_json_is_one_object_with_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads("\n".join(lines(capsys, "evaluate", "--json")))
    assert list(result) == ["title", "outputs", "loss", "gradients", "updated", "check"]
    assert result["title"] == "CNN by hand"
    assert list(result["outputs"]) == ["conv1", "pool1", "flatten1", "dense1", "sigmoid1"]
    assert result["outputs"]["sigmoid1"] == pytest.approx([0.5532967568881029], abs=1e-15)
    assert result["loss"] == pytest.approx(0.03043124508096392, abs=1e-15)
    gradients = result["gradients"]
    assert set(gradients) == {"x", "conv1.weight", "dense1.weight", *result["outputs"]}
    for row, expected in zip(gradients["conv1.weight"], KERNEL, strict=True):
        assert row[0][0] == pytest.approx(expected[0][0], abs=1e-11)
    assert result["updated"]["dense1.weight"][0][2] == pytest.approx(0.6 + 0.5 * 0.00609750393)
    assert set(result["check"]) == {"method", "max_abs_error", "imprecise"}
    assert result["check"]["max_abs_error"] < 1e-15


@needs_rich
def test_without_a_learning_rate_nothing_is_updated(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = written(tmp_path, changed("learning_rate = 0.5", ""))
    assert "updated" not in json.loads("".join(lines(capsys, "evaluate", str(path), "--json")))
    assert "updated" not in "".join(lines(capsys, "evaluate", str(path)))


def test_a_batch_has_its_axis_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = changed("[1, 0.4, 0.7]", "[1, 0.4, 0.7, 1, 0.4, 0.7]")
    text = text.replace("[3, 1, 1]", "[3, 1, 1]\nbatch = 2").replace("[0.8]", "[[0.8], [0.8]]")
    result = json.loads("".join(lines(capsys, "evaluate", str(written(tmp_path, text)), "--json")))
    assert result["outputs"]["sigmoid1"] == [pytest.approx([0.5532967568881029])] * 2
    assert result["gradients"]["conv1.weight"][1][0][0] == pytest.approx(KERNEL[1][0][0], abs=1e-11)


@needs_rich
def test_the_table_has_weights_values_and_derivatives(capsys: pytest.CaptureFixture[str]) -> None:
    printed = lines(capsys, "evaluate", "--digits", "4")
    assert printed[0] == "CNN by hand"
    assert max(map(len, printed)) <= 80
    rows = [line.split() for line in printed]
    assert ["conv1.weight", "w_11", "0.2", "-0.006098", "0.203"] in rows
    assert ["w_23", "0.2", "-0.02561", "0.2128"] in rows
    assert ["sigmoid1", "a", "0.5533", "-0.2467"] in rows
    assert "loss L = 0.03043" in printed


@needs_rich
def test_a_large_tensor_is_summed_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = changed("[3, 1, 1]", "[102, 1, 1]").replace("[1, 0.4, 0.7]", str([1, 0.4, 0.7] * 34))
    text = text.replace("pool_size = [2, 1]", "pool_size = [101, 1]")
    assert main(["evaluate", str(written(tmp_path, text))]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) < 60
    assert ["x", "min", "0.4"] in [line.split()[:3] for line in printed]


@needs_rich
def test_a_title_is_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    title = "[red]$x$[/red] :smile: <b>"
    path = written(tmp_path, changed('title = "CNN by hand"', f'title = "{title}"'))
    assert lines(capsys, "evaluate", str(path))[0] == title


def test_the_table_without_rich_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)
    assert main(["evaluate"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "pip install rich" in captured.err


def test_derive_writes_what_was_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pictures = [f"derivation-{n}.svg" for n in (1, 2, 3)]
    page = ["derivation.md", *pictures]
    written = [f"wrote {name}" for name in ("derivation.tex", *page)]
    assert lines(capsys, "derive") == written
    beside = [f"wrote a/b/{name}" for name in page]
    assert lines(capsys, "derive", "-o", "a/b", "--format", "md") == beside
    assert {p.name for p in tmp_path.iterdir()} == {"a", "derivation.tex", *page}
    assert {p.name for p in (tmp_path / "a" / "b").iterdir()} == set(page)
    assert (tmp_path / "derivation.tex").read_text().startswith("\\documentclass")


def test_export_prints_or_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for library in ("numpy", "sympy"):
        path = tmp_path / f"{library}_model.py"
        printed = lines(capsys, "export", "--to", library)
        assert lines(capsys, "export", "--to", library, "-o", str(path)) == [f"wrote {path}"]
        assert path.read_text().splitlines() == printed
        run = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
        assert "0.03043124508" in run.stdout
    assert len(list(tmp_path.iterdir())) == 2


def test_a_new_file_is_a_problem(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert lines(capsys, "new", str(path))[0].startswith(f"wrote {path}")
    assert json.loads("".join(lines(capsys, "evaluate", str(path), "--json")))["loss"] > 0
    before = path.read_text()
    assert main(["new", str(path)]) == 2
    assert "exists" in capsys.readouterr().err
    assert path.read_text() == before


def test_a_written_file_has_the_usual_permissions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "plain").write_text("")
    lines(capsys, "new", str(tmp_path / "new.toml"))
    assert (tmp_path / "new.toml").stat().st_mode == (tmp_path / "plain").stat().st_mode


@needs_rich
def test_the_same_input_gives_the_same_bytes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(written(tmp_path, TEXT))
    call = "import sys; from symcnn.cli import main; "
    call += "main(['evaluate', sys.argv[1]]); main(['export', sys.argv[1], '--to', 'sympy'])"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", call, path],
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"from sympy import" in outputs.pop()


@pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")
def test_a_narrow_terminal_loses_no_digit(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = lines(capsys, "evaluate", "--digits", "12")
    monkeypatch.setenv("COLUMNS", "40")
    narrow = lines(capsys, "evaluate", "--digits", "12")
    assert not any("…" in line for line in narrow)
    assert [line.split() for line in narrow] == [line.split() for line in wide]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("command", ["evaluate", "evaluate --json", "export --to sympy", "train"])
def test_a_terminal_without_a_letter_shows_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, command: str
) -> None:
    if find_spec("rich") is None and command == "evaluate":
        pytest.skip("needs rich")
    monkeypatch.chdir(tmp_path)
    text = TEXT.replace('"CNN by hand"', '"Łódź ≈ 卷"')
    path, stream = written(tmp_path, text), io.BytesIO()
    name, *options = command.split()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(stream, encoding=encoding))
    assert main([name, str(path), *options]) == 0
    assert main(["evaluate", "卷.toml"]) == 2
    if name == "export":
        made: dict[str, object] = {}
        exec(stream.getvalue().decode(encoding), made)
        assert made["title"] == "Łódź ≈ 卷"


@pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")
def test_the_norm_of_large_numbers_is_no_warning(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Thirty times 3e200 have the norm 3e200 times the root of 30; its square is beyond floats."""
    text = """
        input = {shape = [30], values = [%s]}
        layers = [{type = "dense", units = 1, bias = false, weight = [%s]}]
        loss = {type = "sum"}
    """
    path = written(tmp_path, text % (", ".join(["3e200"] * 30), ", ".join(["1e-200"] * 30)))
    printed = lines(capsys, "evaluate", str(path))
    norms = [line.split()[-2] for line in printed if " norm " in line]
    assert norms[0] == "1.64317e+201"


def test_numbers_beyond_float32_are_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = written(tmp_path, changed("[0.1, 0.5, 0.6]", "[0.1, 1e200, 0.6]"))
    assert main(["train", str(path), "--dtype", "float32", "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == (
        "symcnn: error: dense1.weight, number 2, is 1e+200, beyond float32: "
        "make it smaller, or use float64\n"
    )


EQUAL_ROWS = """
[input]
shape = [3]
values = [0.3, 0.7, 0.1]
[[layers]]
type = "dense"
units = 2
bias = false
weight = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
[[layers]]
type = "tanh"
[[layers]]
type = "dense"
units = 2
bias = false
weight = [0.3, 0.7, 0.3, 0.7]
[loss]
type = "softmax_cross_entropy"
target = [0.3, 0.7]
"""
"""Both outputs have the same weights, so that no earlier entry changes their difference."""


@needs_rich
def test_the_table_has_0_where_a_derivative_is_0_and_json_what_was_computed(tmp_path, capsys):
    (tmp_path / "my.toml").write_text(EQUAL_ROWS, encoding="utf-8")
    assert main(["evaluate", str(tmp_path / "my.toml")]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"w_23 +0\.6 +0 *$", shown, re.MULTILINE)
    assert "e-1" not in shown.partition("loss L")[0]
    assert main(["evaluate", str(tmp_path / "my.toml"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["gradients"]["dense1.weight"]
    evaluation = symcnn.evaluate(symcnn.load(tmp_path / "my.toml"))
    assert made == evaluation.gradients["dense1.weight"].tolist()
    assert 0 < abs(made[1][2]) < 1e-15


@needs_rich
def test_a_weight_whose_derivative_is_0_stays_what_it_is(tmp_path, capsys):
    rate = "[training]\nlearning_rate = 0.1\n"
    without = EQUAL_ROWS.replace("0.5, 0.6]", "0.5, 0]")
    (tmp_path / "my.toml").write_text(without + rate, encoding="utf-8")
    assert main(["evaluate", str(tmp_path / "my.toml")]) == 0
    assert re.search(r"w_23 +0 +0 +0 *$", capsys.readouterr().out, re.MULTILINE)
    assert main(["evaluate", str(tmp_path / "my.toml"), "--json"]) == 0
    updated = json.loads(capsys.readouterr().out)["updated"]["dense1.weight"]
    assert 0 < abs(updated[1][2]) < 1e-15


@needs_rich
def test_the_table_has_no_0_where_only_floats_cancel(tmp_path, capsys):
    """The weight is 0.1 - 0.20000000000000001 * 0.5 = -5e-18 after the step."""
    (tmp_path / "my.toml").write_text(
        """
        input = {shape = [3], values = [1, 1, 1]}
        layers = [{type = "dense", units = 1, bias = false, weight = [0.1, 0.2, 0.3]}]
        loss = {type = "half_squared_error", target = 0.1}
        training = {learning_rate = 0.20000000000000001}
        """,
        encoding="utf-8",
    )
    assert main(["evaluate", str(tmp_path / "my.toml")]) == 0
    assert re.search(r"w_1 +0\.1 +0\.5 +-\S+e-1\d *$", capsys.readouterr().out, re.MULTILINE)


@needs_rich
def test_how_a_flat_kernel_was_read_stands_below_the_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(written(tmp_path, TEXT))
    note = (
        "conv1.weight was read with its filters last: its first 3 numbers are one of each filter. "
        'layout = "filters-first" at the top of the file reads one filter after the other'
    )
    printed = lines(capsys, "evaluate", path)
    at = printed.index("  (complex step, h = 2^-600, every entry)")
    assert " ".join(" ".join(printed[at + 1 :]).split()) == f"note: {note}"
    assert "note" not in "".join(lines(capsys, "evaluate"))  # the example is nobody's own file
    written(tmp_path, 'layout = "filters-last"\n' + TEXT)
    assert lines(capsys, "evaluate", path) == printed[: at + 1]


def test_how_a_flat_kernel_was_read_is_a_key_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(written(tmp_path, TEXT))
    noted = json.loads("".join(lines(capsys, "evaluate", path, "--json")))
    assert [note[:45] for note in noted.pop("notes")] == [
        "conv1.weight was read with its filters last: "
    ]
    written(tmp_path, 'layout = "filters-last"\n' + TEXT)
    assert json.loads("".join(lines(capsys, "evaluate", path, "--json"))) == noted


def test_a_new_file_has_one_filter_after_the_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines(capsys, "new", str(tmp_path / "my.toml"))
    problem = symcnn.load(tmp_path / "my.toml")
    assert problem.network.input_shape == (3, 3, 1)
    kernel = [float(number) for number in problem.values["conv1.weight"]]
    assert kernel[0::2] == [0.5, -0.2, 0.1, 0.3]
    assert kernel[1::2] == [-0.3, 0.4, 0.2, 0.1]
    assert "notes" not in json.loads(
        "".join(lines(capsys, "evaluate", str(tmp_path / "my.toml"), "--json"))
    )
