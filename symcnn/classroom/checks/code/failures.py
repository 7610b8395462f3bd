"""How a call failed, in one sentence: what was raised, and at which line of its author's file."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from symcnn.limits import functions as limits

_MESSAGE = 200
_LINE = 60
_OURS = str(Path(__file__).parent)
_GIB = 2**30


class FailureError(Exception):
    """A call came to nothing; its text is the sentence that says why."""


def failure_of(error: BaseException, files: Sequence[str]) -> str:
    """Return why a call failed, in one sentence.

    Args:
        error: What was raised.
        files: The files of the function's author, whose lines are told.
    """
    if isinstance(error, FailureError):
        return str(error)
    traceback.clear_frames(error.__traceback__)  # what they hold may have taken all memory
    place, what, said = _place(error.__traceback__, files), type(error).__name__, message(error)
    if isinstance(error, SystemExit):
        return f"The function called sys.exit({_shortened(repr(error.code))}){place}."
    if isinstance(error, MemoryError):
        least = limits.BYTES / _GIB
        return _ended(f"The function needed more than {least:g} GiB of memory{place}", said)
    return _ended(f"The function raised {what}{place}", said)


def message(error: BaseException) -> str:
    """Return what an exception says, on one line; nothing if it cannot say it."""
    try:
        return _shortened(" ".join(str(error).split()))
    except Exception:  # its author's __str__ may do anything
        return ""


def _shortened(text: str) -> str:
    return text if len(text) <= _MESSAGE else f"{text[:_MESSAGE]} ..."


def _ended(sentence: str, said: str) -> str:
    whole = f"{sentence}: {said}" if said else sentence
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def _place(trace: TracebackType | None, files: Sequence[str]) -> str:
    frames = [f for f in _frames(trace) if not f.filename.startswith(_OURS)]
    own = [f for f in frames if f.filename in files] or [f for f in frames if _is_own(f.filename)]
    if not own:
        return ""
    line = " ".join((own[-1].line or "").split())
    quoted = f" ({line[:_LINE]}{' ...' if len(line) > _LINE else ''})" if line else ""
    return f" in line {own[-1].lineno} of {Path(own[-1].filename).name}{quoted}"


def _frames(trace: TracebackType | None) -> Sequence[traceback.FrameSummary]:
    if trace is None:
        return ()
    try:
        return traceback.extract_tb(trace)
    except Exception:  # too little memory is left to read the file, for example
        return ()


def _is_own(filename: str) -> bool:
    installed = "site-packages" in filename or "dist-packages" in filename
    library = filename.startswith((sys.base_prefix, "<frozen"))
    return not installed and not (library and "/lib/python" in filename)
