"""Commands in processes of their own, under limits of processor time and of memory.

One process imports what the commands need and copies itself for each of them, so that a refusal
takes milliseconds. The limits are those of the operating system (RLIMIT_CPU, RLIMIT_AS), and what
a command took is what the system says.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

SECONDS, MEMORY = 5, 2**30
"""What a refusal may take: seconds of processor time, and bytes of memory."""

_HANGS = 120
"""After so many seconds a command that waits is ended: it uses no processor time."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Each thread reserves memory, and a machine may have many processors."""


class Outcome(NamedTuple):
    """What became of a command.

    Attributes:
        status: Its exit status, or the number of the signal that ended it with a minus.
        out: What it printed.
        err: What it printed as errors.
        seconds: Its processor time.
        peak: The bytes of memory that it occupied at most.
    """

    status: int
    out: str
    err: str
    seconds: float
    peak: int


def confined(commands, folder=".", *, seconds=SECONDS, memory=MEMORY, modules=("symcnn.cli",)):
    """Run commands one after the other, and return what became of each.

    Args:
        commands: For each command the arguments of ``symcnn``, or a text of Python.
        folder: Where they run.
        seconds: Their processor time.
        memory: The bytes that they may reserve.
        modules: What is imported before, which is not counted as their time; PyTorch reserves
            some 660 of the megabytes.
    """
    job = {
        "commands": [c if isinstance(c, str) else list(map(str, c)) for c in commands],
        "limits": [seconds, memory],
        "modules": list(modules),
    }
    made = subprocess.run(
        [sys.executable, "-m", "tests.imports.confined", str(folder)],
        input=json.dumps(job),
        env={**os.environ, **_ONE_THREAD},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Outcome(*row) for row in json.loads(made.stdout)]


def _serve(job):
    """Run all commands of a job, each in a copy of this process."""
    for module in job["modules"]:
        importlib.import_module(module)
    with TemporaryDirectory() as folder:
        paths = Path(folder, "out"), Path(folder, "err")
        return [_outcome(command, job["limits"], paths) for command in job["commands"]]


def _outcome(command, limits, paths):
    child = os.fork()
    if not child:
        _become(command, limits, paths)
    _, status, usage = os.wait4(child, 0)
    printed = (path.read_text(errors="replace") for path in paths)
    used = usage.ru_utime + usage.ru_stime
    return (os.waitstatus_to_exitcode(status), *printed, used, usage.ru_maxrss * 1024)


def _become(command, limits, paths):
    """Run one command in this process, which ends with it."""
    import resource

    status = 70
    for number, path in enumerate(paths, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    signal.alarm(_HANGS)
    resource.setrlimit(resource.RLIMIT_CPU, (limits[0], limits[0] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))
    try:
        status = _status(command)
    except SystemExit as error:
        status = error.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _status(command):
    if isinstance(command, str):
        exec(command, {})
        return 0
    from symcnn.cli import main

    return main(command)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    os.chdir(sys.argv[1])
    print(json.dumps(_serve(given)))
