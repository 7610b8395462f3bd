"""What the commands say besides their results: single lines on standard error."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
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
