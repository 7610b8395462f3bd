"""How far a command is: a bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar as long as something is done; elsewhere than on a terminal nothing.

    Args:
        what: What is done, such as "marking".

    Yields:
        What takes how many are done, and how many there are.
    """
    if not (sys.stderr and sys.stderr.isatty()):
        yield lambda done, of: None
        return
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        yield lambda done, of: None
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
