"""Sources: which entries an operation reads, whatever their numbers are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Sources:
    """A number of which only is known from which entries it is computed."""

    __slots__ = ("entries",)

    def __init__(self, entries: frozenset[Any]) -> None:
        self.entries = entries

    def _with(self, other: Any) -> Sources:
        if not isinstance(other, Sources) or other.entries <= self.entries:
            return self
        return Sources(self.entries | other.entries)

    def _times(self, other: Any) -> Any:
        """Return a product; one with a plain 0, as in a padding, reads nothing."""
        return self._with(other) if isinstance(other, Sources) or other else other

    def _alone(self, *_: Any) -> Sources:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = _with
    __mul__ = __rmul__ = _times
    __truediv__ = __rtruediv__ = _with
    __neg__ = __pow__ = exp = ln = sqrt = slope_at = _alone

    @staticmethod
    def greatest(numbers: Sequence[Any]) -> Sources:
        return Sources(frozenset().union(*(of(number) for number in numbers)))

    @staticmethod
    def winners(numbers: Sequence[Any]) -> list[Sources]:
        if len(numbers) == 1:  # a window of one entry has one winner, whatever the entry is
            return [Sources(frozenset())]
        return [Sources.greatest(numbers)] * len(numbers)


def of(number: Any) -> frozenset[Any]:
    """Return the entries that a number is computed from; a plain number is from none."""
    return number.entries if isinstance(number, Sources) else frozenset()
