"""The command line as a process of its own, which is over soon.

Python looks for garbage again and again while SymPy is imported, and takes every module
apart at its exit; hundreds of thousands of objects stay to the end, and the operating
system frees them all at once.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

from symcnn.cli.run import main

_OBJECTS = 100_000
"""How many objects are made before garbage is looked for; Python's own number is 700."""


def process() -> NoReturn:
    """Run the command that the process was started with, and end the process."""
    gc.set_threshold(_OBJECTS)
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a reader that has left has been dealt with
            stream.flush()
    os._exit(status)
