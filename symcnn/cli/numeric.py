"""Numbers on the command line: sizes, and times."""

from __future__ import annotations

import argparse
from math import inf


def shape(written: str) -> tuple[int, ...]:
    """Return the sizes of 5,4,2."""
    return tuple(positive(part.strip()) for part in written.split(","))


def positive(written: str) -> int:
    """Return a positive whole number."""
    if not (written.isascii() and written.isdecimal() and 0 < int(written[:7]) < 10**6):
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is not a positive whole number")
    return int(written)


def seconds(written: str) -> float:
    """Return a positive number of seconds."""
    try:
        number = float(written)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is not a positive number of seconds")
    return number
