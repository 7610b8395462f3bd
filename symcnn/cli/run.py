"""Running a command: what goes wrong becomes one line and an exit status."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from tempfile import NamedTemporaryFile
from typing import NoReturn

from symcnn.cli.arguments import TRACEBACK, parse
from symcnn.cli.interruption import BY_SIGNAL, LINE, Ended, Told, cause
from symcnn.cli.lines import say
from symcnn.errors import SymcnnError, fitted, shown
from symcnn.limits.garbage import OBJECTS

MISTAKE, FAULT, INTERRUPTED, BROKEN_PIPE = 2, 70, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 2 after one line of error.

    It is 1 where something that was checked is wrong. A fault of symcnn's own is one line as well,
    and the status 70.
    """
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # what a terminal has no letter for
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return _run(given)
    except KeyboardInterrupt as error:
        return _ended(error)
    except Exception as error:
        if interruption := cause(error):  # some packages make errors of their own of it
            return _ended(interruption)
        return _fault(TRACEBACK in given)


def _run(arguments: Sequence[str]) -> int:
    """Run one command; what its user can mend is one line that says how."""
    if sys.stdout is None:  # its file was closed before Python began
        return _failed("the standard output is closed: leave it open, or send it to /dev/null")
    try:
        parsed = parse(arguments)
        status: int | None = parsed.command(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        return _silenced()
    except SymcnnError as error:
        return _failed(*error.lines)
    except OSError as error:
        return _failed(f"{error.filename or 'the output'}: {error.strerror}: check path and disk")
    except MemoryError:
        return _failed("the network does not fit into memory: use smaller shapes")
    except RecursionError:
        return _failed("the formulas are nested too deeply to be written: use a smaller network")
    return status or 0


def process() -> NoReturn:
    """Run the command that the process was started with, and end the process soon.

    Python looks for garbage again and again while SymPy is imported, and takes every module
    apart at its exit; hundreds of thousands of objects stay to the end, and the operating
    system frees them all at once.
    """
    gc.set_threshold(OBJECTS)
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # it was closed, or its reader left
            stream.flush()
    os._exit(status)


def _ended(error: BaseException | None) -> int:
    """Say that the command was interrupted, and return the status: by which signal."""
    if not isinstance(error, Told):
        with suppress(AttributeError, OSError, ValueError):  # standard error may be closed
            sys.stderr.write(LINE)
    while error is not None and not isinstance(error, Ended):
        error = error.__cause__
    return INTERRUPTED if error is None else BY_SIGNAL + error.number


def _failed(*messages: str, status: int = MISTAKE) -> int:
    """Say in one line what was wrong, for every mistake."""
    for message in messages:
        say("error", message)
    return status


def _fault(printed: bool) -> int:
    """Ask for a report of an unexpected error, and say where its traceback is."""
    error = sys.exception()
    reason = shown(f"{type(error).__name__}: {error}")
    where = "above" if printed else _kept(traceback.format_exc())
    if printed:
        traceback.print_exc()
    after = f"): please report it with the traceback {where}"
    return _failed(fitted("an error in symcnn itself (", reason, after), status=FAULT)


def _kept(text: str) -> str:
    """Write a traceback to a file that stays, and return where."""
    try:
        with NamedTemporaryFile("w", prefix="symcnn-", suffix=".txt", delete=False) as file:
            file.write(text)
    except OSError:
        return f"that {TRACEBACK} prints"
    return f"in {file.name}"


def _silenced() -> int:
    """Stop writing to a reader that has left, at Python's own exit too."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
