"""The limits under which files are read in tests are limits."""

import signal

import pytest

pytest.importorskip("resource")  # only Unix has it

from tests.imports.confined import confined


def test_limits_hold(tmp_path):
    commands = ["print(len(bytes(2**31)))", "while True: pass", "1 / 0", ["--version"]]
    large, endless, fault, version = confined(commands, tmp_path, seconds=1)
    assert (large.status, large.err[-12:]) == (70, "MemoryError\n")
    assert endless.status == -signal.SIGXCPU
    assert fault.err.endswith("ZeroDivisionError: division by zero\n")
    assert (version.status, version.out[:7], version.err) == (0, "symcnn ", "")
    assert version.peak < 2**30
