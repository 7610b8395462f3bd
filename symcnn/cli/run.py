"""Running a command: what goes wrong becomes one line and an exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from symcnn.cli.arguments import parse
from symcnn.errors import SymcnnError

MISTAKE, INTERRUPTED, BROKEN_PIPE = 2, 130, 141

_OBJECTS = 100_000
"""How many objects are made before garbage is looked for; Python's own number is 700."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, or 2 after one line of error."""
    try:
        parsed = parse(arguments)
        parsed.command(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        return _silenced()
    except KeyboardInterrupt:
        return INTERRUPTED
    except SymcnnError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename or 'the output'}: {error.strerror}: check path and disk")
    except MemoryError:
        return _failed("the network does not fit into memory: make the shapes smaller")
    except RecursionError:
        return _failed("the formulas are nested too deeply to be written: make the network smaller")
    return 0


def process() -> NoReturn:
    """Run the command that the process was started with, and end the process soon.

    Python looks for garbage again and again while SymPy is imported, and takes every module
    apart at its exit; hundreds of thousands of objects stay to the end, and the operating
    system frees them all at once.
    """
    gc.set_threshold(_OBJECTS)
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a reader that has left has been dealt with
            stream.flush()
    os._exit(status)


def _failed(message: str) -> int:
    text = "".join(c if c.isprintable() else " " for c in message)
    sys.stderr.write(f"symcnn: error: {text}\n")
    return MISTAKE


def _silenced() -> int:
    """Stop writing to a reader that has left, at Python's own exit too."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
