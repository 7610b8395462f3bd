r"""What sentences tell of numbers: figures, entries and derivatives, and whether they are so."""

from __future__ import annotations

import numpy as np

from tests.readers.figures import figure, wrong_figure
from tests.readers.formulas import Reader
from tests.readers.intervals import near
from tests.readers.paper import Paper
from tests.readers.rows import check_entry
from tests.readers.scanner import UnreadableError
from tests.readers.scope import Scope
from tests.readers.source import sides

MATH = r"\$[^$]*\$"
COUNT = r"[A-Za-z\d,]+"


class Telling:
    """Checks sentences against what is known of a document's numbers."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def number(self, what: str, expected: float, text: str) -> None:
        """Check a figure, with the sign that stands or is meant before it."""
        self.paper.figures += 1
        if wrong := wrong_figure(expected, figure(text.strip("$")), self.paper.digits):
            self.paper.faults.append(f"{what}: {wrong}")

    def so(self, holds: bool, what: str) -> None:
        """Note a statement that is not so."""
        if not holds:
            self.paper.faults.append(f"it is not so: {what}")

    def equal(self, text: str) -> float:
        """Check  entry = figure , and return the number of the entry."""
        left, figure_ = equation(text)
        number = self.value(left)
        self.number(left, number, figure_)
        return number

    def value(self, formula: str) -> float:
        """Return what a formula is, made of entries that are known."""
        reader = Reader(formula.strip("$"), Scope(self.paper.names, base=self.paper.base))
        low, high = reader.side()({})
        return (low + high) / 2

    def learned(self) -> list[np.ndarray]:
        return [s for name, s in self.paper.known.gradients.items() if "." in name]

    def every(self) -> list[float]:
        """Return the derivatives with respect to all parameters."""
        return [slope for array in self.learned() for slope in np.asarray(array).ravel()]

    def slope(self, entry: str) -> float:
        """Return the derivative with respect to an entry."""
        letter, position = check_entry(self.paper, entry.strip("$"))
        return self.paper.slopes[letter][position]


def equation(text: str) -> tuple[str, str]:
    """Return what stands before a sign, and what stands behind it with a sign that is not =."""
    inside = text.strip("$")
    for side in sides(inside):
        left, _, _ = inside.partition(f" {side.relation} ")
        return left, f"{side.relation} {side.text}".removeprefix("= ")
    raise UnreadableError(f"{text} is no equation")


def is_zero(slope: float) -> bool:
    """Tell whether a derivative is 0, but for all that is known of it."""
    return abs(slope) <= near(slope)
