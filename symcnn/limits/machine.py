"""The machine that computes: how much memory a process may have."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

EXPLAINED_BYTES = 250
"""What a document needs for every entry of its network: values at five points, and slopes."""

_OF_CONTAINER = Path("/sys/fs/cgroup/memory.max")


@cache
def memory() -> int | None:
    """Return the bytes of the machine, or of its container; None where nobody says."""
    known = [size for size in (_physical(), _of_container()) if size]
    return min(known, default=None)


def _physical() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no such function
        return None


def _of_container() -> int | None:
    try:
        return int(_OF_CONTAINER.read_text(encoding="ascii"))
    except (OSError, ValueError):  # there is none, or it has no limit: "max"
        return None
