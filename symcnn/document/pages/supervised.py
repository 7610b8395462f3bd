"""Other programs, run so that none outlives its time, nor the process that asked for it.

A small process of Python's stands between the two and leads a group of its own. It waits at
a pipe that nobody writes to: the pipe closes when the caller is done, gives up or dies, by
whatever signal, and then the whole group is ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from threading import Event

_SUPERVISOR = """
import os, signal, subprocess, sys, threading

def end_with_the_caller():
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=end_with_the_caller, daemon=True).start()
os._exit(subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL).returncode & 255)
"""

GIVEN_UP: ContextVar[Event | None] = ContextVar("GIVEN_UP", default=None)
"""What is set when nobody waits any longer for the programs of a thread, which end then."""

_LOOK = 0.05
"""After so many seconds it is looked whether somebody still waits."""


def run(command: Sequence[str], folder: Path, seconds: float, **environment: str) -> int | None:
    """Run a command silently in a folder.

    Args:
        command: The program and its arguments; it reads no input, and its output is lost.
        folder: Where it runs.
        seconds: How long it may take.
        environment: What is set for it besides what is set here.

    Returns:
        Its exit status; None if it was ended because its time was over, or was given up.
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
        return _waited(supervised, seconds, GIVEN_UP.get())


def _waited(process: subprocess.Popen[bytes], seconds: float, given_up: Event | None) -> int | None:
    """Wait for a process until its time is over, or it is given up."""
    end = time.monotonic() + seconds
    while given_up is None or not given_up.is_set():
        left = end - time.monotonic()
        try:
            return process.wait(left if given_up is None else min(left, _LOOK))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= end:
                break
    return None
