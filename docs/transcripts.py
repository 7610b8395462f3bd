"""What the commands of the tutorial on backward passes print, filled in by running them.

A block of Python with a title is a file, a diff mends it, a line of sh is a command, and the block
of text behind it is what the command prints.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from symcnn.cli import main

TUTORIAL = Path(__file__).parent / "tutorials" / "backward-pass.md"

_BLOCK = re.compile(
    r'^```(python|diff|sh|text)(?: title="(.*?)")?\n(.*?)^```\n', re.DOTALL | re.MULTILINE
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
            if kind == "python":
                Path(title).write_text(body, encoding="utf-8")
            elif kind == "diff":
                mend(Path("layers.py"), body)
            elif kind == "sh":
                printed, status = _run(body)
                statuses.append(status)
            else:
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
    heard = StringIO()
    with redirect_stdout(heard):
        status = main(shlex.split(command)[1:])
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
