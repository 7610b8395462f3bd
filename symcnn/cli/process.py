"""The command line as a process of its own, which is over soon.

Python looks for garbage again and again while SymPy is imported, and once more at its
exit; hundreds of thousands of objects stay, and a short process frees them by ending.
"""

from __future__ import annotations

import gc

from symcnn.cli.run import main

_OBJECTS = 100_000
"""How many objects are made before garbage is looked for; Python's own number is 700."""


def process() -> int:
    """Run the command that the process was started with; return its exit status."""
    gc.set_threshold(_OBJECTS)
    status = main()
    gc.freeze()
    return status
