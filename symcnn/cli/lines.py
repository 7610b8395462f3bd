"""What the commands say besides their results, on standard error: lines, and how far they are."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from symcnn.errors import NotCompiledWarning, one_line


def say(kind: str, message: str) -> None:
    """Write one line of at most 200 characters, if standard error is open."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(f"symcnn: {kind}: {one_line(message)}\n")


@contextmanager
def saying_what_is_not_compiled() -> Iterator[None]:
    """Say in a line why NumPy computes alone where a compiled program is asked for."""
    with warnings.catch_warnings():
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
            if issubclass(category, NotCompiledWarning):
                say("warning", str(message))
            else:
                others(message, category, *where)

        warnings.simplefilter("default", NotCompiledWarning)
        warnings.showwarning = show  # type: ignore[assignment]  # it takes all arguments
        yield


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
