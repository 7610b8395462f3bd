"""What the commands of some pages print, filled in by running them.

A block of Python or C with a title is a file, a diff mends it, a line of sh is a command, and the
block of text behind it is what the commands print; those that print nothing here are not run.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from symcnn.cli import main

TUTORIAL = Path(__file__).parent / "tutorials" / "backward-pass.md"
PAGES = [
    Path(__file__).parent / name
    for name in ("tutorials/backward-pass.md", "for-authors.md", "for-engineers.md")
]

_BLOCK = re.compile(
    r'^```(python|c|diff|sh|text)(?: title="(.*?)")?\n(.*?)^```\n', re.DOTALL | re.MULTILINE
)
_ROUNDING = re.compile(
    r"no\s+error\)|error\s+(?:is|at\s+most)\s+[\d.e+-]+\s+(?:of|times)\s+the\s+"
    r"rounding\s+bound(?:,\s+[\d.e+-]+)?\)"
)


def filled(text: str) -> tuple[str, list[int]]:
    """Return the text with what its commands print, and their exit statuses."""
    parts, start, statuses, printed = list[str](), 0, list[int](), ""
    with _elsewhere():
        for block in _BLOCK.finditer(text):
            kind, title, body = block.groups()
            if title:
                Path(title).write_text(body, encoding="utf-8")
            elif kind == "diff":
                mend(Path("layers.py"), body)
            elif kind == "sh" and text.startswith("\n```text\n", block.end()):
                ended = [_run(command) for command in body.splitlines()]
                printed = "".join(said for said, _ in ended)
                statuses += [status for _, status in ended]
            elif kind == "text":
                parts += [text[start : block.start(3)], printed]
                start = block.end(3)
    return "".join([*parts, text[start:]]), statuses


def mend(file: Path, diff: str) -> None:
    """Replace the lines of a file that a diff removes by those that it adds."""
    old, new = (
        "".join(f"{line[1:]}\n" for line in diff.splitlines() if line.startswith(sign))
        for sign in "-+"
    )
    text = file.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{file}: these lines are not there once:\n{old}")
    file.write_text(text.replace(old, new), encoding="utf-8")


def without_rounding(text: str) -> str:
    """Leave out how large errors are: that depends on the order in which NumPy adds."""
    return " ".join(_ROUNDING.sub("rounding bound)", text).split())


def _run(command: str) -> tuple[str, int]:
    name, *arguments = shlex.split(command)
    if name != "symcnn":
        program = sys.executable if name == "python" else name
        ended = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
        return ended.stdout, ended.returncode
    heard = StringIO()
    with redirect_stdout(heard):
        status = main(arguments)
    return heard.getvalue(), status


@contextmanager
def _elsewhere() -> Iterator[None]:
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
