"""What is there after a command has ended, however it ended: one whole set of files, or none."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from symcnn.cli import commands, main
from symcnn.cli.files import replace, replace_in
from symcnn.errors import SymcnnError

NAMES = ["a.md", "a-1.txt", "a.tex"]

WRITER = f"""
import os, signal, sys
from pathlib import Path
from symcnn.cli.files import replace
from symcnn.cli.interruption import end_in_order

end_in_order()
number, left = int(sys.argv[1]), int(sys.argv[2])

def signalled(usual):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), number)
        return usual(*arguments, **options)
    return call

for name in ("write_bytes", "replace", "unlink"):
    setattr(Path, name, signalled(getattr(Path, name)))
replace({{Path(name): "new" for name in {NAMES}}})
"""
CALLS = 12
"""Three drafts are written, three old files taken away, three drafts put there, three removed."""


def written(folder: Path, text: str) -> None:
    for name in NAMES:
        (folder / name).write_text(text)


def visible(folder: Path) -> list[str]:
    return [path.read_text() for path in folder.iterdir() if path.name[0] != "."]


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name[0] == "."]


def signalled(folder: Path, number: int, call: int) -> None:
    command = [sys.executable, "-c", WRITER, str(number), str(call)]
    subprocess.run(command, cwd=folder, stderr=subprocess.DEVNULL, check=False)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
@pytest.mark.parametrize("call", range(1, CALLS + 1, 2))
def test_a_killed_process_leaves_no_mixture(tmp_path: Path, call: int) -> None:
    written(tmp_path, "old")
    signalled(tmp_path, signal.SIGKILL, call)
    assert len(set(visible(tmp_path))) <= 1
    replace({tmp_path / name: "third" for name in NAMES})
    assert visible(tmp_path) == ["third"] * 3
    assert hidden(tmp_path) == []


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs signals")
@pytest.mark.parametrize("call", [2, 4, 8, 11])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_process_leaves_the_old_set_or_the_new_one(
    tmp_path: Path, number: int, call: int
) -> None:
    written(tmp_path, "old")
    signalled(tmp_path, number, call)
    assert visible(tmp_path) == ["old" if call <= 3 else "new"] * 3
    assert hidden(tmp_path) == []


def test_what_fails_half_way_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "old")
    (tmp_path / NAMES[0]).unlink()
    usual = Path.replace

    def fails(path: Path, target: Path) -> Path:
        if (path.suffix, target.name) == (".tmp", NAMES[2]):
            raise OSError(28, "No space left on device", str(path))
        return usual(path, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(SymcnnError) as caught:
        replace({tmp_path / name: "new" for name in NAMES})
    assert str(caught.value) == (
        f"cannot write {tmp_path / NAMES[2]}: No space left on device: choose another place"
    )
    assert visible(tmp_path) == ["old", "old"]
    assert hidden(tmp_path) == []


def test_what_cannot_be_written_is_called_as_its_user_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the name of a hidden draft, which could not even be removed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("old")
    for name, why in (("file/x", "Not a directory"), ("x" * 300, "File name too long")):
        for paths in ([name], ["other", name]):
            with pytest.raises(SymcnnError) as caught:
                replace({Path(path): "new" for path in paths})
            start, end = f"cannot write {name[:40]}", f"{why}: choose another place"
            assert str(caught.value).startswith(start)
            assert str(caught.value).endswith(end)
            assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_of_many_bytes_is_written(tmp_path: Path) -> None:
    """A draft's name is longer, and was too long."""
    path = tmp_path / ("\u5b57" * 84)
    replace({path: "new"})
    replace({path: "newer"})
    assert [found.read_text() for found in tmp_path.iterdir()] == ["newer"]


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    written(tmp_path, "old")
    (tmp_path / NAMES[1]).chmod(0o444)
    with pytest.raises(SymcnnError, match=rf"{NAMES[1]}: it is read-only: choose another place"):
        replace({tmp_path / name: "new" for name in NAMES})
    assert visible(tmp_path) == ["old"] * 3


def test_who_may_read_a_file_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o600)
    replace({tmp_path / "a": "new"})
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a").read_text() == "new"


def test_links_are_followed_unless_they_lead_to_themselves(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    replace({tmp_path / "link": "new"})
    assert (tmp_path / "file").read_text() == "new"
    assert (tmp_path / "link").is_symlink()
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    for write in (lambda p: replace({p: "x"}), lambda p: replace_in(p, {"a": "x"})):
        with pytest.raises(SymcnnError, match=r"one: .*: choose another place"):
            write(tmp_path / "one")


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    for number in (os.getppid(), 2**22 + 1):  # the latter is above every process's number
        (tmp_path / f".a.{number}.tmp").touch()
    replace({tmp_path / "a": "new"})
    assert hidden(tmp_path) == [f".a.{os.getppid()}.tmp"]


@pytest.mark.parametrize("command", ["derive", "train"])
def test_a_folder_is_not_called_like_a_file(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command, "-o", "out.pdf"]) == 2
    assert "give a folder to -o, and add --format pdf" in capsys.readouterr().err
    assert visible(tmp_path) == []


def test_closed_streams(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Python has None for a stream that was closed before it began."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["derive"]) == 2
    assert capsys.readouterr().err == (
        "symcnn: error: the standard output is closed: leave it open, or send it to /dev/null\n"
    )
    assert visible(tmp_path) == []
    monkeypatch.undo()
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["evaluate", "absent.toml"]) == 2
    assert main(["evaluate", "--json"]) == 0


def test_a_fault_of_our_own_is_one_line_that_asks_for_a_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError(f"never foreseen {'x' * 500}")

    monkeypatch.setattr(commands, "problem_of", fails)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["evaluate"]) == 70
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("symcnn: error: an error in symcnn itself ('ZeroDiv")
    assert len(line) <= 200
    (kept,) = tmp_path.iterdir()
    assert line.endswith(f"): please report it with the traceback in {kept}")
    assert kept.read_text().endswith("x\n")
    assert main(["evaluate", "--traceback"]) == 70
    printed = capsys.readouterr().err
    assert printed.startswith("Traceback (most recent call last):")
    assert printed.splitlines()[-1].endswith("with the traceback above")
    assert [*tmp_path.iterdir()] == [kept]
