"""Signals: what ends a command, and what must be finished before it does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn

_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Ended(KeyboardInterrupt):
    """The process was asked to end, by a signal other than that of Control-C."""

    def __init__(self, number: int) -> None:
        """Take the signal's number."""
        super().__init__()
        self.number = number


def end_in_order() -> None:
    """Have the signals that end a process end the command as Control-C does, tidied up."""
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise Ended(number)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let signals wait until something is finished that must not stay half done."""
    if current_thread() is not main_thread():  # it alone is interrupted
        yield
        return
    came: list[int] = []
    numbers = (signal.SIGINT, *_ENDING)
    usual = {n: signal.signal(n, lambda number, frame: came.append(number)) for n in numbers}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in came[:1]:
            signal.raise_signal(number)
