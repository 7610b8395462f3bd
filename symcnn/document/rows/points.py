"""The points of a student's version: in all, and quantity by quantity where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symcnn.document import blocks
from symcnn.writing.formula import Formula

ONCE = " Each figure is worth one point, even if it has several boxes."
_SHARED = (
    " The figures of a quantity share its points equally; a figure counts once, even if it has "
    "several boxes."
)
_OTHERS = " Other boxes, such as those for formulas, winners and copied figures, earn no points."
_UNNAMED = " All other boxes earn no points."


@dataclass(frozen=True)
class Listed:
    """What a quantity earns."""

    quantity: str
    letter: Formula | None
    figures: int
    points: float


@dataclass(frozen=True)
class Points:
    """What a student's version earns.

    Attributes:
        total: The points that can be earned.
        listed: Those of every quantity, where not every figure has one point.
        has_others: Whether there are boxes that earn none.
    """

    total: float
    listed: tuple[Listed, ...] = ()
    has_others: bool = False

    def said(self) -> str:
        """Say what figures earn."""
        if self.listed:
            return _SHARED + _UNNAMED * self.has_others
        return ONCE + _OTHERS * self.has_others

    def table(self) -> Iterator[blocks.Block]:
        """List the points of quantities, if they are to be listed."""
        if self.listed:
            header = ("Quantity", "Symbol", "Figures", "Points")
            yield blocks.Table(
                tuple((title,) for title in header), tuple(map(_row, self.listed)), "llrr"
            )


def in_points(number: float) -> str:
    """Return a number of points as it is written: 17, or 2.33."""
    return f"{number:,.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:,.0f}"


def _row(listed: Listed) -> tuple[blocks.Text, ...]:
    letter = () if listed.letter is None else (blocks.Inline(listed.letter),)
    return (listed.quantity,), letter, (f"{listed.figures}",), (in_points(listed.points),)
