"""The one exception that a user's mistake raises: one line, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from typing import Any

OUT_OF_RANGE = (
    "the numbers leave the range of floating point (1e308): make values or weights smaller"
)

_QUOTED_LETTERS = 60
_QUOTED_ITEMS = 4


class SymcnnError(ValueError):
    """A mistake in what was asked: one clear line that names place, value and remedy."""


class TooLargeError(SymcnnError):
    """The answer would not fit: refused before anything of that size is made."""


@contextmanager
def located(place: str | PathLike[str]) -> Iterator[None]:
    """Put the place, or the file, that an error happened at in front of it, on one line."""
    name = str(place)
    try:
        yield
    except SymcnnError as error:
        raise type(error)(f"{name if name.isprintable() else repr(name)}: {error}") from None


def shown(value: Any) -> str:
    r"""Return how an error quotes a value: on one short line, whatever it holds.

    >>> shown("a\nb"), shown([1, 2, 3, 4, 5]), shown({"a": 1})
    ("'a\\nb'", '[1, 2, 3, 4, ...]', 'a table')
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        items = [shown(item) for item in value[:_QUOTED_ITEMS]]
        return f"[{', '.join(items + ['...'] * (len(value) > _QUOTED_ITEMS))}]"
    if isinstance(value, int) and abs(value) > 10**_QUOTED_LETTERS:
        return f"a number of {value.bit_length()} bits"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _QUOTED_LETTERS else f"{text[:_QUOTED_LETTERS]}..."
