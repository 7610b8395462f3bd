"""Python's search for unreachable objects, which is rare while expressions are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

OBJECTS = 100_000
"""How many objects are made before garbage is looked for; Python's own number is 700 or 2,000."""

_lock, _inside, _before = Lock(), 0, (0, 0, 0)


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Look for garbage rarely within the block, or within a function that this decorates.

    A large network has hundreds of thousands of expressions, all of which stay: looking through
    them takes a seventh of the time in which it is derived. What an application has set itself is
    there again afterwards, also where several threads are within such blocks.
    """
    global _inside, _before
    with _lock:
        _inside += 1
        if _inside == 1:
            _before = gc.get_threshold()
            if 0 < _before[0] < OBJECTS:
                gc.set_threshold(OBJECTS, *_before[1:])
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                gc.set_threshold(*_before)
