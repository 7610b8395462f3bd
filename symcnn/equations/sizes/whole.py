"""Settings that are integers, or sizes with letters."""

from __future__ import annotations

from typing import Any

from symcnn.equations.sizes.proof import is_at_least
from symcnn.equations.sizes.symbol import Size, is_made_of_sizes, is_symbolic, plain
from symcnn.errors import SymcnnError


def positive_integer(value: Any, what: str) -> Size:
    """Return a positive integer; anything else is an error that names ``what``."""
    if not is_whole(value, 1):
        raise SymcnnError(f"{what} = {value!r} is invalid: give a positive integer")
    return plain(value)


def is_integer(value: Any) -> bool:
    """Tell whether a value is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_whole(value: Any, least: int) -> bool:
    """Tell whether a value is an integer from ``least`` on; true and false are none.

    A size with letters is one if it cannot be less, or if it depends on the letters: then what
    is said of it holds for those for which it is not less.
    """
    if is_symbolic(value):
        return is_made_of_sizes(value) and not is_at_least(-value, 1 - least)
    return is_integer(value) and bool(value >= least)
