"""What the README says works as it says; its Python examples run as doctests."""

import re
from pathlib import Path

import pytest

import symcnn as sc
from symcnn.cli import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PROBLEM = re.search(r"```toml\n(.*?)```", README, re.DOTALL).group(1)
COMMANDS = re.findall(r"^symcnn +(.*?) *#.*$", README, re.MULTILINE)


def test_the_problem_file_is_the_built_in_example(tmp_path):
    (tmp_path / "my.toml").write_text(PROBLEM, encoding="utf-8")
    assert sc.load(tmp_path / "my.toml") == sc.examples.cnn_by_hand()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_works(command, tmp_path, monkeypatch):
    if command in ("evaluate my.toml", "evaluate my.toml --exact"):  # these print tables
        pytest.importorskip("rich")
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(PROBLEM, encoding="utf-8")
    assert main(command.split()) == 0


def test_all_seven_commands_are_there():
    assert len(COMMANDS) == 7


def test_files_that_it_points_to_exist():
    for target in re.findall(r"\]\(([^):]+)\)", README):
        assert (Path(__file__).parent.parent / target).exists()
