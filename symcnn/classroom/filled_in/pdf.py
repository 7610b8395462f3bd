"""Answers in a PDF: the form that symcnn wrote, filled in with any viewer that has forms.

Forms are read in another process, which is started for the first PDF, and again if it had to be
ended.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symcnn.classroom.filled_in.fields import HandIn
from symcnn.classroom.filled_in.sheet import meant
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.limits import forms
from symcnn.limits.files import content_of
from symcnn.problems import Problem

_PROGRAM = Path(__file__).with_name("form_reader.py")


@dataclass
class FormProcess:
    """A process that is asked for the fields of one PDF after the other.

    Attributes:
        owner: The process that started it: a fork starts one of its own.
        running: The process, if it runs.
        lock: Lets one thread ask at a time.
    """

    owner: int = 0
    running: subprocess.Popen[bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, content: bytes) -> dict[str, Any]:
        """Return the fields of a PDF, or what is wrong with it."""
        with self.lock:
            process = self._started()
            timer = threading.Timer(forms.SECONDS, process.kill)
            timer.start()
            try:
                line = _answer(process, content)
            finally:
                timer.cancel()
            if not line.endswith(b"\n"):
                self.end()
                return {"error": "slow"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """End the process."""
        process, self.running = self.running, None
        if process is not None and self.owner == os.getpid():
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self.running is None or self.owner != os.getpid() or self.running.poll() is not None:
            bounds = (forms.MEMORY, forms.FIELDS, forms.DEPTH, forms.LETTERS)
            self.running = subprocess.Popen(
                [sys.executable, "-P", str(_PROGRAM), *map(str, bounds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self.owner = os.getpid()
        return self.running


def _answer(process: subprocess.Popen[bytes], content: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(content).to_bytes(8, "big") + content)
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:  # it was ended while it was told
        return b""


PROCESS = FormProcess()
"""The one that all files are read by."""

atexit.register(PROCESS.end)


_MISSING = "a form in a PDF is read by pypdf: pip install 'symcnn[forms]'"

_REFUSED = {
    "encrypted": "the PDF is encrypted: save it without a password",
    "formless": (
        "the PDF has no form: fill in the fields of the sheet and save it, since a printed or "
        "scanned copy has none"
    ),
    "xfa": "the PDF has a form of another kind (XFA): fill in the sheet that symcnn wrote",
    "large": "the form of the PDF is too large for a sheet: fill in the sheet that symcnn wrote",
    "slow": (
        f"the form of the PDF cannot be read within {forms.SECONDS} seconds: fill in the sheet "
        "that symcnn wrote"
    ),
    "damaged": "the PDF is damaged: save it again",
}

_BEGIN, _HEAD = b"%PDF-", 1024
"""How a PDF begins, and within how many bytes."""

_FORMULA = re.compile(r"formula-[0-9]+")
"""The names of fields for formulas, which are not marked."""


def fields(path: Path) -> Mapping[str, str]:
    """Return what stands in the fields of a sheet: "student", "variant", and figures by name.

    Of a figure with several boxes it is what the first one holds that is filled in.

    Raises:
        SymcnnError: If the file cannot be read, or has no form; or if pypdf is not installed.
        TooLargeError: If it is too large.
    """
    return handed_in(path).fields


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the figures that stand in the fields of a student's version.

    Raises:
        SymcnnError: If the file cannot be read, or has no form or that of another problem; or if
            pypdf is not installed.
        TooLargeError: If it is too large.
    """
    return handed_in(path).table(problem)


def handed_in(path: Path) -> HandIn:
    """Read a sheet, whatever problem it is of."""
    if find_spec("pypdf") is None:
        raise SymcnnError(_MISSING)
    content = content_of(path, forms.BYTES)
    if _BEGIN not in content[:_HEAD]:
        raise SymcnnError("this is no PDF, though its name ends like one: save the sheet again")
    answer = PROCESS.ask(content)
    if (error := answer.get("error")) is not None:
        raise _refused(error)
    return HandIn.of(_by_name(answer["fields"]))


def _refused(error: str) -> SymcnnError:
    kind = TooLargeError if error in ("large", "slow") else SymcnnError
    return kind(_REFUSED[error])


def _by_name(found: Sequence[Sequence[str]]) -> Mapping[str, Sequence[str]]:
    texts = dict[str, list[str]]()
    for name, text in found:
        if not _FORMULA.fullmatch(name):
            texts.setdefault(meant(name), []).append(text)
    return texts
