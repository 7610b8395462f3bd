"""Documents laid out at the same time, as many as the machine has cores.

A typesetter is a process of its own, for which a thread has only to wait. Whoever leaves before
all is done, by an error or an interruption, ends the typesetters too.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from os import cpu_count
from threading import Event
from types import TracebackType

from symcnn.document.pages.supervised import GIVEN_UP
from symcnn.document.pages.writers import Files

_MOST = 8
"""So many documents are typeset at a time, at most: each takes a core and 100 megabytes."""


class Together:
    """Makes files in threads; at its end all of them are made, or have been given up."""

    def __init__(self) -> None:
        """Begin with as many threads as there are cores."""
        threads = min(cpu_count() or 1, _MOST)
        self._pool, self._given_up = ThreadPoolExecutor(threads), Event()

    def __call__(self, make: Callable[[], Files]) -> Future[Files]:
        """Make files soon."""
        context = copy_context()
        context.run(GIVEN_UP.set, self._given_up)
        return self._pool.submit(context.run, make)

    def __enter__(self) -> Together:
        """Return what makes files."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait for what is being made; after an error nothing is."""
        if error is not None:
            self._given_up.set()
        self._pool.shutdown(cancel_futures=error is not None)


def made(files: Files) -> Future[Files]:
    """Return files that are there as what will be."""
    found = Future[Files]()
    found.set_result(files)
    return found
