"""A program that is run for a document ends in time, and with whoever asked for it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from symcnn.document.pages import supervised

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")

SLEEP = ["sh", "-c", "echo $$ > number.part; mv number.part number; sleep 600 & wait"]
CALL = "import pathlib, runpy, sys; file, folder, *command = sys.argv[1:]; "
CALL += "runpy.run_path(file)['run'](command, pathlib.Path(folder), 600)"
"""The module alone: the package would first import SymPy."""


def has_ended(number):
    """Wait until there is no such process, or it waits to be collected."""
    for _ in range(1000):
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(number, 0)
            with open(f"/proc/{number}/stat") as file:  # noqa: PTH123 - no file of the disk's
                if ") Z" not in file.read():
                    time.sleep(0.01)
                    continue
        return True
    return False


def number_in(folder):
    while not (folder / "number").exists():
        time.sleep(0.01)
    return int((folder / "number").read_text())


def test_the_status_is_that_of_the_program(tmp_path):
    assert supervised.run(["sh", "-c", "exit 7"], tmp_path, 60) == 7
    assert (
        supervised.run(["sh", "-c", 'test "$PWD$A" = "$0"x', str(tmp_path)], tmp_path, 60, A="x")
        == 0
    )


def test_it_reads_no_input(tmp_path):
    assert supervised.run(["sh", "-c", "read line"], tmp_path, 60) == 1


def test_it_ends_when_its_time_is_over_and_all_that_it_started(tmp_path):
    assert supervised.run(SLEEP, tmp_path, 0.5) is None
    assert has_ended(number_in(tmp_path))


def test_it_ends_with_the_process_that_asked_for_it(tmp_path):
    started = {}
    for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        (folder := tmp_path / how.name).mkdir()
        command = [sys.executable, "-c", CALL, supervised.__file__, str(folder), *SLEEP]
        started[how] = subprocess.Popen(command, stderr=subprocess.DEVNULL), folder
    for how, (caller, folder) in started.items():
        number = number_in(folder)
        caller.send_signal(how)
        caller.wait()
        assert has_ended(number), how
