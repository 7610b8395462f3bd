"""How a document is written: digits, the first index, the decimal mark, the detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from symcnn import limits
from symcnn.errors import SymcnnError, shown
from symcnn.outline import DETAILS, SECTIONS, Detail


@dataclass(frozen=True)
class Style:
    """How numbers and indices are printed.

    Attributes:
        digits: Significant digits of a rounded number.
        index_base: What the first entry of an axis is called: 1 as in textbooks, or 0 as
            in Python.
        decimal: The decimal mark, a point or a comma.
        detail: How much is said.
        sections: The names of the sections that are wanted; all of them where there are none.

    Raises:
        SymcnnError: If one of them is something else.
    """

    digits: int = 6
    index_base: int = 1
    decimal: Literal[".", ","] = "."
    detail: Detail = "standard"
    sections: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check every choice."""
        digits = range(1, limits.DIGITS + 1)
        _check("digits", self.digits, digits, f"a whole number from 1 to {limits.DIGITS}")
        _check("index_base", self.index_base, (0, 1), "0 or 1")
        _check("decimal", self.decimal, (".", ","), "'.' or ','")
        _check("detail", self.detail, DETAILS, "'brief', 'standard' or 'full'")
        for name in self.sections:
            _check("a section", name, SECTIONS, f"some of {', '.join(SECTIONS)}")


def _check(name: str, value: Any, right: Any, remedy: str) -> None:
    if isinstance(value, bool) or value not in right:
        raise SymcnnError(f"{name} is {shown(value)}: give {remedy}")
