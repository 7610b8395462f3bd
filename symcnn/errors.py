"""The one exception that a user's mistake raises: one line, with the remedy."""

from __future__ import annotations


class SymcnnError(ValueError):
    """A mistake in what was asked: one clear line that names place, value and remedy."""

    def at(self, place: str) -> SymcnnError:
        """Return the same error with the place that it happened at in front."""
        return type(self)(f"{place}: {self}")


class TooLargeError(SymcnnError):
    """The answer would not fit: refused before anything of that size is made."""
