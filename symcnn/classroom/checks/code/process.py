"""A process of its own, by fork, with limits of time and memory, for code that is not trusted.

It is no cage for malice: code that a user names runs with the user's rights. It is for faults:
endless loops, arrays that are too large, code that ends the process, prints, or leaves threads.
"""

from __future__ import annotations

import faulthandler
import gc
import io
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from symcnn.classroom.checks.code.callee import GarbledError
from symcnn.limits import functions as limits

Send = Callable[[bytes], None]
Task = Callable[[Send], None]
Take = Callable[[bytes], bool]

_PIECE = 2**16
_PIECES = 16
_POLL = 0.02
_KEPT = 200
_UNANSWERED = 113
"""The exit status of a process that could not send what it found."""

_READY = b"\0"
"""What a process sends when it begins with its task: forking takes long where memory is short."""

HAS_FORK = hasattr(os, "fork")


@dataclass
class Ending:
    """How a process ended, and what it printed.

    Attributes:
        why: Why it ended before it had answered everything, in a sentence; "" if it had.
        printed: The first characters that it printed.
        count: How many bytes it printed.
        is_stopped: Whether the time was over.
    """

    why: str = ""
    printed: bytes = b""
    count: int = 0
    is_stopped: bool = False

    def hear(self, piece: bytes) -> None:
        """Note what was printed."""
        self.printed = (self.printed + piece)[:_KEPT]
        self.count += len(piece)


def run_here(task: Task, take: Take) -> Ending:
    """Run a task in this process, without limits; what it prints is kept from the terminal."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        task(lambda piece: _taken(take, piece))
    ending = Ending()
    ending.hear(printed.getvalue().encode("utf-8", "replace"))
    return ending


def _taken(take: Take, piece: bytes) -> None:
    take(piece)


def run_in_process(task: Task, take: Take, seconds: float, memory: int) -> Ending:
    """Run a task in a process of its own.

    Args:
        task: What it does; it is given a function that sends bytes.
        take: Takes what was sent, and tells whether that was all.
        seconds: The time after which it is ended, from when it begins with the task.
        memory: The bytes of memory that it may take besides what this process has.
    """
    results, printed = os.pipe(), os.pipe()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # a stream may be closed, or None
            stream.flush()
    with warnings.catch_warnings():  # of threads, which are not in the new process
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid == 0:
        _live(task, results, printed, seconds, memory)
    os.close(results[1])
    os.close(printed[1])
    process = _Process(pid, results[0], printed[0])
    try:
        process.wait_for_its_beginning()
        return process.heard(take, seconds)
    finally:
        process.end()


@dataclass
class _Process:
    pid: int
    results: int
    printed: int
    ending: Ending = field(default_factory=Ending)
    status: int | None = None

    def wait_for_its_beginning(self) -> None:
        """Wait until the process begins with its task; one that has ended is told of later."""
        ready, _, _ = select.select([self.results], (), (), limits.LOADING_SECONDS)
        if ready:
            os.read(self.results, len(_READY))

    def heard(self, take: Take, seconds: float) -> Ending:
        """Take what is sent until that was all, the process has ended, or the time is over."""
        open_ends, deadline = {self.results, self.printed}, time.monotonic() + seconds
        while True:
            is_over = self._has_ended() or time.monotonic() > deadline
            try:
                is_done, is_quiet = self._read(take, open_ends, 0.0 if is_over else _POLL)
            except GarbledError:
                is_done, self.ending.why = True, "The function's process sent no readable answer."
            if is_done:
                self._read_the_rest(take, open_ends & {self.printed})
                return self.ending
            if (is_over and is_quiet) or time.monotonic() > deadline + 1:
                self.ending.why = self._why(seconds)
                self.ending.is_stopped = self.status is None
                return self.ending

    def _read(self, take: Take, ends: set[int], wait: float) -> tuple[bool, bool]:
        """Read a piece from each end; tell whether that was all, and whether there was nothing."""
        if not ends:
            time.sleep(wait)
        ready, _, _ = select.select([*ends], (), (), wait) if ends else ((), (), ())
        is_done = False
        for end in ready:
            piece = os.read(end, _PIECE)
            if not piece:
                ends.discard(end)
            elif end == self.printed:
                self.ending.hear(piece)
            else:
                is_done |= take(piece)
        return is_done, not ready

    def _read_the_rest(self, take: Take, printed: set[int]) -> None:
        """Read what was printed before the last word; a thread may print on and on."""
        for _ in range(_PIECES):
            if self._read(take, printed, 0.0)[1]:
                return

    def _has_ended(self) -> bool:
        if self.status is None:
            self.status = _status(self.pid, os.WNOHANG)
        return self.status is not None

    def _why(self, seconds: float) -> str:
        if self.status is None:
            number = f"{seconds:.2g}"
            unit = "second" if number == "1" else "seconds"
            return f"The function was stopped after {number} {unit}: it may never end."
        if os.WIFSIGNALED(self.status):
            return _killed(os.WTERMSIG(self.status))
        code = os.WEXITSTATUS(self.status)
        if code == _UNANSWERED:
            return "The function closed the channel to its process: there is no answer."
        return f"The function ended its process, with exit status {code}."

    def end(self) -> None:
        """End the process and what it started."""
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                if kill is os.killpg or self.status is None:
                    kill(self.pid, signal.SIGKILL)
        if self.status is None:
            self.status = _status(self.pid, 0)
        os.close(self.results)
        os.close(self.printed)


def _status(pid: int, how: int) -> int | None:
    """Return the status of a process that has ended; None while it has not."""
    try:
        ended, status = os.waitpid(pid, how)
    except ChildProcessError:  # where a program ignores its children, nobody knows their status
        return 0
    return status if ended else None


def _killed(number: int) -> str:
    said = (signal.strsignal(number) or "signal").lower()
    name = signal.Signals(number).name if number in {*signal.Signals} else str(number)
    return f"The function crashed its process: {said} ({name})."


def _live(
    task: Task, results: tuple[int, int], printed: tuple[int, int], seconds: float, memory: int
) -> NoReturn:
    """Do the task in the new process, and end it, whatever happens."""
    status = _UNANSWERED
    try:
        _separate(printed[1], seconds, memory)
        _written(results[1], _READY)
        task(lambda piece: _written(results[1], piece))
        status = 0
    except BaseException:  # it is told by the exit status
        pass
    finally:
        os._exit(status)


def _written(end: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(end, view) :]


def _separate(printed: int, seconds: float, memory: int) -> None:
    """Leave the session, the streams and the warnings of the process that forked.

    Its garbage is left alone, too: collecting it takes long, and may print or delete files.
    """
    os.setsid()
    faulthandler.disable()
    gc.freeze()
    empty = os.open(os.devnull, os.O_RDONLY)
    for end, stream in ((empty, 0), (printed, 1), (printed, 2)):
        os.dup2(end, stream)
    sys.stdin = os.fdopen(0, closefd=False)
    for name, stream in (("stdout", 1), ("stderr", 2)):
        text = os.fdopen(stream, "w", 1, "utf-8", "replace", closefd=False)
        setattr(sys, name, text)
        setattr(sys, f"__{name}__", text)
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    _limit(seconds, memory)


def _limit(seconds: float, memory: int) -> None:
    import resource

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, int(seconds * (os.cpu_count() or 1)) + 10)
    if (present := _present()) is not None:
        _lower(resource.RLIMIT_AS, present + memory)


def _lower(kind: int, bound: int) -> None:
    import resource

    _, most = resource.getrlimit(kind)
    least = bound if most == resource.RLIM_INFINITY else min(bound, most)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (least, least))


def _present() -> int | None:
    """Return the bytes of memory that this process has reserved; None where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
