"""The bar of what takes long: how much is done, how long it took, and how long the rest takes."""

import io
import re
import sys

import pytest

from symcnn.cli import main
from symcnn.cli.lines import bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def seconds(monkeypatch):
    """A clock that goes on by a second at each look."""
    pytest.importorskip("rich")
    from rich import progress

    class Ticking(progress.Progress):
        def __init__(self, *columns, **options):
            clock = iter(range(10_000))
            options |= {"get_time": lambda: float(next(clock)), "auto_refresh": False}
            super().__init__(*columns, **options)

    monkeypatch.setattr(progress, "Progress", Ticking)
    monkeypatch.setenv("TERM", "xterm")


def test_an_estimate_follows_from_what_is_done(seconds, monkeypatch):
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    with bar("deriving") as told:
        told(1, 4)
        told(20, 40)
        told(3, 4)
    last = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.getvalue()).strip().splitlines()[-1]
    assert re.fullmatch(r"deriving \S+\s+75% 0:00:\d\d 0:00:\d\d left", last.strip())


def test_elsewhere_than_on_a_terminal_there_is_none(capsys):
    with bar("deriving") as told:
        told(1, 2)
    assert capsys.readouterr() == ("", "")


def test_an_export_shows_it_and_prints_the_module_alone(seconds, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    main(["export", "--to", "sympy"])
    assert "exporting" in shown.getvalue()
    assert capsys.readouterr().out.startswith('"""A convolutional network in SymPy')
