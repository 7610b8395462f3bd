"""A guess at what happened to a whole array: it counts if it yields what was returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symcnn.classroom.checks.judging.comparison import differ, reproduces
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.rounded import Rounded
from symcnn.classroom.checks.judging.trial import Trial

Make = Callable[[Trial, str], Rounded | None]


@dataclass(frozen=True, eq=False)
class Guess:
    """Something that may have happened to a whole array.

    Attributes:
        name: What it is called.
        explanation: What was done, in a sentence.
        make: Returns the array that it yields in a trial; None where it makes no sense.
    """

    name: str
    explanation: str
    make: Make

    def made(self, heard: Heard, name: str) -> Rounded | None:
        """Return what it yields where a function was heard."""
        return self.make(heard.trial, name)

    def is_seen(self, heard: Heard, name: str) -> bool:
        """Tell whether it yields what was returned, and not what is due."""
        made, due = self.made(heard, name), heard.trial.due(name)
        if made is None or not reproduces(made, heard.returned):
            return False
        return differ(made, due, heard.returned.dtype)

    def yields(self, heard: Heard, name: str) -> bool:
        """Tell whether it yields what was returned."""
        made = self.made(heard, name)
        return made is not None and reproduces(made, heard.returned)
