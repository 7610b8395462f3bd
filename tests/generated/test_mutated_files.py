"""Whatever happens to a problem file: a result, or exactly one clear line, of every command."""

import json
import resource
from pathlib import Path
from time import process_time

import pytest

from symcnn.cli import main
from symcnn.cli.arguments import FORMATS
from tests.draws import FILES

pytest.importorskip("hypothesis")

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.generated import mutations

COMMANDS = [
    *("evaluate", "evaluate --json", "evaluate --exact --json", "train -o out --steps 3"),
    *("export --to numpy -o out", "export --to jax", "export --to sympy -o out"),
    *(f"derive -o out --format {name}" for name in FORMATS if name != "pdf"),
    *("derive -o out --all-weights --blanks", "derive -o out --weight conv1.weight[0,0,0,0]"),
]
PARTS = 10
"""The files in so many tests, for as many processors."""

LONGEST, SECONDS, KIBIBYTES = 200, 5, 2**20
"""A line of an error, and what a command may take: 1 GiB."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_result_or_one_line(part, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    @seed(part)
    @settings(
        max_examples=max(1, FILES // PARTS),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(mutations.FILES, st.sampled_from(COMMANDS))
    def each(text: str, command: str) -> None:
        Path("problem.toml").write_text(text, encoding="utf-8", newline="")
        name, *options = command.split()
        before, started = most_memory(), process_time()
        status = main([name, "problem.toml", *options])
        assert process_time() - started < SECONDS
        assert most_memory() - before < KIBIBYTES
        assert_outcome(command, status, *capsys.readouterr())

    each()


def most_memory() -> int:
    """Return the most memory that this process has ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def assert_outcome(command: str, status: int, out: str, err: str) -> None:
    written = clear_away(Path("out"))
    if status == 0:
        assert all(line.startswith("symcnn: warning: ") for line in err.splitlines())
        assert written or "-o" not in command.split()
        if "--json" in command:
            assert json.loads(out).keys() >= {"title", "outputs", "loss", "gradients", "check"}
        return
    assert (status, written) == (2, [])
    assert out == "" or command.startswith("train")  # its progress
    assert err.endswith("\n")
    for line in err[:-1].split("\n"):  # one for each mistake
        assert line.startswith("symcnn: error: ")
        assert line.isprintable()
        assert len(line) < LONGEST, line


def clear_away(path: Path) -> list[str]:
    """Remove what a command wrote, and return the names of its files."""
    if path.is_file():
        path.unlink()
        return [path.name]
    written = [*path.glob("*")] if path.is_dir() else []
    for file in written:
        file.unlink()
    if path.is_dir():
        path.rmdir()
    return [file.name for file in written]
