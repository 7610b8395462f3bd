"""What somebody handed in, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symcnn.classroom.marking.answers import Answers
from symcnn.errors import SymcnnError, one_line
from symcnn.limits import handins

Figures = Mapping[str, Any]
"""Figures by the names of quantities, as ``mark`` takes them."""


@dataclass(frozen=True)
class HandIn:
    """The answers of one student, from one file or one row of a table.

    Attributes:
        place: Where they stand, for what is said of them.
        student: The student's name, as it was found; empty if there is none.
        variant: The number of the student's variant; empty if it is not said.
        figures: The figures, or what yields them once the student's problem is known.
    """

    place: str
    student: str
    variant: str
    figures: Callable[[str, Notes], Figures]


class Handed(NamedTuple):
    """What a student handed in, read with the problem of the student's variant.

    Attributes:
        student: A name that no other student of the class has.
        variant: The name of the variant; empty where there is one problem.
        answers: The figures.
    """

    student: str
    variant: str
    answers: Answers


@dataclass
class Notes:
    """Lines for the summary: what could not be read, and what was done instead."""

    lines: list[str] = field(default_factory=list)
    further: int = 0

    def say(self, place: str, said: str | SymcnnError) -> None:
        """Add a line, or those of an error, as long as somebody reads them."""
        error = said if isinstance(said, SymcnnError) else SymcnnError(said)
        located = error.at(place) if place else error
        self.further += located.further
        for mistake in located.mistakes:
            if len(self.lines) < handins.NOTES:
                self.lines.append(one_line(str(mistake)))
            else:
                self.further += 1

    @contextmanager
    def said(self, place: str) -> Iterator[None]:
        """Let nothing that is wrong in one place end the marking of the class."""
        try:
            yield
        except SymcnnError as error:
            self.say(place, error)
        except Exception as error:  # whatever somebody hands in, the others are marked
            what = f"{type(error).__name__}: {error}"
            self.say(place, f"an error in symcnn itself ({what[:60]}): mark it by hand")

    def told(self) -> tuple[str, ...]:
        """Return all lines, and how many more there are."""
        more = [f"and {self.further:,} more lines of this kind"] if self.further else []
        return (*self.lines, *more)
