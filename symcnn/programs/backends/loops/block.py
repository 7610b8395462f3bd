"""Statements with the equations that they compute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from symcnn.programs.backends.loops.language import Language


@dataclass(frozen=True)
class Block:
    """Statements and the equations that they compute."""

    notes: Sequence[str]
    lines: Sequence[str]

    def text(self, language: Language) -> Iterable[str]:
        """Return the lines, with the equations as comments above them."""
        return (*map(language.comment, self.notes), *self.lines)
