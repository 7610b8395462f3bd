"""A command that is interrupted while its modules are loaded ends with its status and a line."""

import os
import signal
import subprocess
import sys

import pytest

from symcnn.cli.interruption import LINE
from tests.draws import MANY

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs signals")

INTERRUPTED = """
import os, signal, sys

number, left = int(sys.argv.pop(1)), int(sys.argv.pop(1))

class Interrupts:
    '''Sends the signal when so many modules have been looked for since the command began.'''

    began = False

    def find_spec(self, name, path=None, target=None):
        global left
        self.began = self.began or name == "symcnn.cli.run"
        left -= self.began
        if left == 0:
            os.kill(os.getpid(), number)

sys.meta_path.insert(0, Interrupts())
from symcnn.cli import process
process()
"""


def ended(folder, command, number, left):
    """Interrupt a command at a module, and return its status and what it printed."""
    arguments = [sys.executable, "-c", INTERRUPTED, str(int(number)), str(left), *command]
    made = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    return made.returncode, made.stdout, made.stderr


COMMANDS = [["evaluate"], ["worksheet", "net.toml", "-o", "sheets"], ["derive"]]
PLACES = [1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 400, 500] if MANY else [1, 250]


@pytest.mark.parametrize("command", COMMANDS[: 3 if MANY else 2], ids=" ".join)
def test_interrupted_at_a_module(tmp_path, command):
    (tmp_path / "net.toml").write_text("input = 1\n")
    there = [*tmp_path.iterdir()]
    for left in PLACES:
        assert ended(tmp_path, command, signal.SIGINT, left) == (130, "", LINE)
    assert ended(tmp_path, command, signal.SIGTERM, 10) == (143, "", LINE)
    assert [*tmp_path.iterdir()] == there


def test_an_error_that_was_made_of_an_interruption(tmp_path):
    """NumPy makes an ImportError of what interrupts it."""
    program = """
import sys
from symcnn.cli import run
def fails(arguments):
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        raise ImportError("cannot be loaded")
run.parse = lambda arguments: type("Parsed", (), {"command": staticmethod(fails)})
sys.exit(run.main([]))
"""
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (made.returncode, made.stdout, made.stderr) == (130, b"", LINE.encode())


def test_what_a_shell_has_ignored_stays_ignored():
    """Behind nohup, and in the background, a command goes on."""
    before = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    program = before + INTERRUPTED.replace("process()\n", "sys.argv[1:] = ['--version']\nprocess()")
    arguments = [sys.executable, "-c", program, str(int(signal.SIGINT)), "3"]
    made = subprocess.run(arguments, capture_output=True, text=True, env=os.environ, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("symcnn ")
