"""Comparisons of numbers that are not known exactly: what can hold, and what can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Truth:
    """Whether something can hold, and whether it can fail."""

    can_hold: bool
    can_fail: bool

    def __and__(self, other: Truth | bool) -> Truth:
        """Return whether both hold."""
        also = truth(other)
        return Truth(self.can_hold and also.can_hold, self.can_fail or also.can_fail)

    def __or__(self, other: Truth | bool) -> Truth:
        """Return whether one of the two holds."""
        also = truth(other)
        return Truth(self.can_hold or also.can_hold, self.can_fail and also.can_fail)

    __rand__, __ror__ = __and__, __or__


@dataclass(frozen=True)
class Order:
    """How a number compares with another: some of -1, 0 and 1 are possible."""

    possible: frozenset[int]

    def _where(self, holds: Callable[[int], bool]) -> Truth:
        found = {holds(sign) for sign in self.possible}
        return Truth(True in found, False in found)

    def __lt__(self, zero: int) -> Truth:
        """Return whether it is less."""
        return self._where(lambda sign: sign < zero)

    def __le__(self, zero: int) -> Truth:
        """Return whether it is at most as large."""
        return self._where(lambda sign: sign <= zero)

    def __gt__(self, zero: int) -> Truth:
        """Return whether it is greater."""
        return self._where(lambda sign: sign > zero)

    def __ge__(self, zero: int) -> Truth:
        """Return whether it is at least as large."""
        return self._where(lambda sign: sign >= zero)

    def __eq__(self, zero: object) -> Truth:  # type: ignore[override]
        """Return whether both are equal."""
        return self._where(lambda sign: sign == zero)

    def __ne__(self, zero: object) -> Truth:  # type: ignore[override]
        """Return whether they differ."""
        return self._where(lambda sign: sign != zero)

    __hash__ = None  # type: ignore[assignment]


def truth(holds: Truth | bool) -> Truth:
    """Return what is certain as what can hold or can fail."""
    return holds if isinstance(holds, Truth) else Truth(bool(holds), not holds)
