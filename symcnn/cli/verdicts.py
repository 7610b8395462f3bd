"""Verdicts on what somebody else wrote, printed, and the exit status that tells them apart."""

from __future__ import annotations

from typing import Protocol

WRONG = 1
"""The exit status where something is not right."""


class Verdict(Protocol):
    """A verdict on a function, on those of a suite, or on a formula; it is true if all is right."""

    def __bool__(self) -> bool:
        """Whether everything is right."""

    def to_text(self) -> str:
        """Return everything that was found."""

    def to_json(self) -> str:
        """Return the same as JSON."""


def printed(verdict: Verdict, *, as_json: bool) -> int:
    """Print a verdict, and return the exit status."""
    print(verdict.to_json() if as_json else verdict.to_text().rstrip())
    return 0 if verdict else WRONG
