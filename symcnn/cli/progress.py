"""How far a command is: a bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LONG = 86_400.0
"""The estimate is made from all that was done, in seconds: parts may take minutes each."""

_BEGUN = 1e-6
"""The share that is done at the beginning, from whose time the estimate counts."""


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar as long as something is done; elsewhere than on a terminal nothing.

    It says how much is done, about how long the rest takes, and how long it has taken.

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
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
    except ImportError:
        yield lambda done, of: None
        return
    times = (TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[left]}"))
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), *times)
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, speed_estimate_period=_LONG
    ) as progress:
        task = progress.add_task(what, total=None, left="")
        progress.update(task, completed=_BEGUN)
        yield lambda done, of: progress.update(
            task, completed=max(done / max(of, 1), _BEGUN), total=1, left="left"
        )
