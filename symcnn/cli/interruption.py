"""Signals: what ends a command, and what must be finished before it does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn

BY_SIGNAL = 128
"""The status of a process that a signal ended is above this by the signal's number."""

_STDERR = 2

_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


LINE = "symcnn: interrupted\n"


class Told(KeyboardInterrupt):
    """An interruption of which the command has said a line of its own."""


class Ended(KeyboardInterrupt):
    """The process was asked to end, by a signal other than that of Control-C."""

    def __init__(self, number: int) -> None:
        """Take the signal's number."""
        super().__init__()
        self.number = number


def end_in_order() -> None:
    """Have the signals that end a process end the command as Control-C does, tidied up."""
    for number in (signal.SIGINT, *_ENDING):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """End the command; while modules are loaded nothing is begun that would have to be tidied up.

    An exception there would pass through whatever is being loaded, some of which catches it, or
    says that it ignores it.
    """
    if _loads(frame):
        with suppress(OSError):
            os.write(_STDERR, LINE.encode())
        os._exit(BY_SIGNAL + number)
    raise KeyboardInterrupt if number == signal.SIGINT else Ended(number)


def _loads(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def cause(error: BaseException | None) -> KeyboardInterrupt | None:
    """Return the interruption that an error comes from, if it does from one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error


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
