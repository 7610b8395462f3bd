"""What the commands say besides their results: single lines on standard error."""

from __future__ import annotations

import sys
from contextlib import suppress

from symcnn.errors import one_line


def say(kind: str, message: str) -> None:
    """Write one line of at most 200 characters, if standard error is open."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(f"symcnn: {kind}: {one_line(message)}\n")
