"""Other programs, run so that none outlives its time, nor the process that asked for it.

A small process of Python's stands between the two and leads a group of its own. It waits at
a pipe that nobody writes to: the pipe closes when the caller is done, gives up or dies, by
whatever signal, and then the whole group is ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_SUPERVISOR = """
import os, signal, subprocess, sys, threading

def end_with_the_caller():
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=end_with_the_caller, daemon=True).start()
os._exit(subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL).returncode & 255)
"""


def run(command: Sequence[str], folder: Path, seconds: float, **environment: str) -> int | None:
    """Run a command silently in a folder.

    Args:
        command: The program and its arguments; it reads no input, and its output is lost.
        folder: Where it runs.
        seconds: How long it may take.
        environment: What is set for it besides what is set here.

    Returns:
        Its exit status; None if it was ended because its time was over.
    """
    with subprocess.Popen(
        [sys.executable, "-S", "-P", "-c", _SUPERVISOR, *command],
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as supervised:
        try:
            return supervised.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
