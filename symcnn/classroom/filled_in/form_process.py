"""The process that reads forms: started for the first PDF, and again if it had to be ended."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symcnn.limits import forms

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
                line = _told(process, content)
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


def _told(process: subprocess.Popen[bytes], content: bytes) -> bytes:
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
