"""A mistake is exactly one line on standard error, exit status 2, and nothing written."""

import errno
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from symcnn.cli import commands, main
from tests.draws import slow
from tests.problems.bad_files import BAD
from tests.problems.example import TEXT, changed, written


def error(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that fails; return its line, or a line for each mistake of a file."""
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith("\n")
    lines = captured.err.splitlines()
    assert all(line.startswith("symcnn: error: ") and line.isprintable() for line in lines)
    return captured.err[:-1]


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text, fragments = BAD[case]
    written(tmp_path, text)
    line = error(capsys, "derive", "problem.toml", "-o", "out")
    assert "problem.toml: " in line
    assert all(fragment in line for fragment in fragments)
    assert [path.name for path in tmp_path.iterdir()] == ["problem.toml"]


@pytest.mark.parametrize(
    "command", ["evaluate", "evaluate --json", "export --to numpy -o m", "export --to sympy -o m"]
)
def test_every_command_reads_the_same_way(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, changed("[0.8]", "[nan]"))
    name, *options = command.split()
    assert "problem.toml: loss" in error(capsys, name, "problem.toml", *options)
    assert [path.name for path in tmp_path.iterdir()] == ["problem.toml"]


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["draw"], "derive"),
        (["evaluate", "--digits", "0"], "1 to 17"),
        (["evaluate", "--digits", "9" * 5000], "1 to 17"),
        (["evaluate", "--digits", "six"], "'six'"),
        (["evaluate", "--jason"], "--jason"),
        (["evaluate", "one.toml", "two.toml"], "two.toml"),
        (["derive", "--format", "docx"], "there is no format 'docx': "),
        (["derive", "--format", "tex,docx"], "there is no format 'docx': "),
        (["derive", "--format", ""], "there is no format '': "),
        (["export"], "--to"),
        (["export", "--to", "keras"], "keras"),
        (["new"], "FILE"),
        (["evaluate", "absent.toml"], "absent.toml"),
        (["evaluate", "a\nb.toml"], "a\\nb.toml"),
        (["evaluate", "."], "."),
        (["new", "absent/file.toml"], "absent/file.toml"),
        (["new", "."], "exists"),
        (["export", "--to", "sympy", "-o", "absent/model.py"], "absent/model.py"),
        (["export", "--to", "sympy", "-o", "."], "not a regular file"),
        (["export", "--to", "numpy", "-o", "/dev/null"], "not a regular file"),
        (["derive", "-o", "file"], "file"),
        (["derive", "-o", "file/inside"], "file"),
    ],
)
def test_a_bad_argument_is_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    fragment: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert fragment in error(capsys, *arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("command", ["evaluate", "evaluate --json", "evaluate --exact"])
def test_numbers_beyond_floats_are_one_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    name, *options = command.split()
    for number in ("1e299", "-8e178"):
        written(tmp_path, changed("[0.8]", f"[{number}]").replace("[1, 0.4,", f"[{number}, 0.4,"))
        assert "range of floating point" in error(capsys, name, "problem.toml", *options)
    assert [path.name for path in tmp_path.iterdir()] == ["problem.toml"]


def test_a_model_too_large_for_sympy_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = changed("[3, 1, 1]", "[6002, 1, 1]").replace("[1, 0.4, 0.7]", str([1] * 6002))
    path = written(tmp_path, text.replace("pool_size = [2, 1]", "pool_size = [6001, 1]"))
    assert "use a smaller network" in error(capsys, "export", str(path), "--to", "sympy")


@pytest.mark.parametrize(
    ("raised", "status", "fragment"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left"),
        (MemoryError(), 2, "memory"),
        (RecursionError(), 2, "nested too deeply"),
        (KeyboardInterrupt(), 130, "symcnn: interrupted\n"),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_what_the_machine_refuses_is_no_traceback(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    status: int,
    fragment: str,
) -> None:
    def fails(*_: object) -> None:
        raise raised

    monkeypatch.setattr(commands, "problem_of", fails)
    assert main(["evaluate"]) == status
    assert capsys.readouterr().err.count("\n") == bool(fragment)


def test_a_failed_write_leaves_the_old_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "derivation.tex").write_text("old")
    (tmp_path / "derivation.md").mkdir()
    error(capsys, "derive", "-o", str(tmp_path))
    assert (tmp_path / "derivation.tex").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "symcnn", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]


def test_a_process_ends_with_status_2(tmp_path: Path) -> None:
    path = written(tmp_path, changed("filters = 3", "filtres = 3"))
    ended = run("derive", path.name, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("symcnn: error: problem.toml: layers[0] (conv2d): ")


@slow
@pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")
def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    command = f"{sys.executable} -m symcnn evaluate {path} | true"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert ended.stderr == ""


SEVERAL = """
title = 3

[input]
shape = [4]
values = [1, 2, 3]

[[layers]]
type = "dense"
units = "two"
bias = 1

[[layers]]
type = "softmaxx"

[loss]
type = "half_squared_error"
reduction = "median"
target = [1, "x"]
"""


def test_every_mistake_of_a_file_has_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SEVERAL)
    places = [
        *("layers[0] (dense) units is 'two'", "layers[0] (dense) bias is 1"),
        *("layers[1]: the type 'softmaxx'", "loss (half_squared_error) reduction", "title is 3"),
    ]
    for line, place in zip(
        error(capsys, "derive", "problem.toml").split("\n"), places, strict=True
    ):
        assert line.startswith(f"symcnn: error: problem.toml: {place}")
    right = SEVERAL.replace('"two"\nbias = 1', "2").replace("softmaxx", "softmax")
    written(tmp_path, right.replace('"median"', '"sum"').replace("title = 3", ""))
    places = ["input values", "layers[0] (dense): the key 'weight'"]
    places += ["layers[0] (dense): the key 'bias_values'", "loss (half_squared_error) target[1]"]
    for line, place in zip(
        error(capsys, "derive", "problem.toml").split("\n"), places, strict=True
    ):
        assert line.startswith(f"symcnn: error: problem.toml: {place}")
