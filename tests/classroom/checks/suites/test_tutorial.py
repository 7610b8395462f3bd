"""The tutorial on backward passes: its commands print what it shows, before and after each mend."""

import os
import re
import shlex
from pathlib import Path

import pytest

from symcnn.cli import main

ROOT = Path(__file__).parents[4]
TUTORIAL = ROOT / "docs" / "tutorials" / "backward-pass.md"
BLOCK = re.compile(
    r'^```(python|diff|sh|text)(?: title="(.*?)")?\n(.*?)^```\n', re.DOTALL | re.MULTILINE
)
ROUNDING = re.compile(
    r"[\d.e+-]+ of the bound of rounding, [\d.e+-]+\)|bound of rounding, [\d.e+-]+\)"
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_commands_print_what_it_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shown, command, status = [], [], []
    for kind, title, body in BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "python":
            Path(title).write_text(body, encoding="utf-8")
        elif kind == "diff":
            mend(Path("layers.py"), body)
        elif kind == "sh":
            command = shlex.split(body)[1:]
        else:
            status.append(main(command))
            printed = capsys.readouterr().out
            assert without_rounding(printed) == without_rounding(body)
            shown.append(printed)
    assert status == [1, 1, 0]
    assert max(map(len, "".join(shown).splitlines())) <= 100


def mend(file, diff):
    old, new = (
        "".join(f"{line[1:]}\n" for line in diff.splitlines() if line.startswith(sign))
        for sign in "-+"
    )
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def without_rounding(text):
    """Leave out how large errors are: that depends on the order in which NumPy adds."""
    return ROUNDING.sub("bound of rounding)", text)
