"""What stands below a disc: its value and its error signal, or boxes to write them in.

What a student gets is laid out with boxes of one size, so that it tells nothing of the values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sympy import Symbol

from symcnn.document.blocks import ROUNDED
from symcnn.document.pictures.texts import Texts
from symcnn.drawing.picture import SMALL, Box, Ink, Label
from symcnn.formula import Atom
from symcnn.formula import Row as Formula
from symcnn.formula.build import row
from symcnn.formula.width import width

_LINE, _APART = 9.0, 2.0
"""The height of a printed line, and what stays free around a box."""

_ROUNDED, _DELTA = Atom(ROUNDED), row(r"\delta")


class Size(NamedTuple):
    """The size of a box to write in, in points."""

    wide: float
    high: float


class Look(NamedTuple):
    """What a picture of a network shows below its discs.

    Attributes:
        has_signals: Whether it shows error signals.
        is_solved: Whether it shows what a student works out.
        box: The boxes for that, if there is room for boxes.
    """

    has_signals: bool
    is_solved: bool = True
    box: Size | None = None


class Item(NamedTuple):
    """A printed number, or a box for it.

    Attributes:
        text: The number; of an error signal's box the letter that stands in it.
        ink: Its colour.
        answer: Whether a student works it out.
        box: The box, if there is one.
    """

    text: Formula | None
    ink: Ink
    answer: bool
    box: Size | None = None

    @property
    def width(self) -> float:
        """The width that it takes up."""
        return self.box.wide if self.box else width(self.text) * SMALL if self.text else 0.0

    @property
    def height(self) -> float:
        """The height that it takes up."""
        return self.box.high + _APART if self.box else _LINE

    def shapes(self, x: float, top: float) -> Iterator[Label | Box]:
        """Draw it below a point."""
        middle = top + self.height / 2
        if self.box is None:
            if self.text is not None:
                yield Label(x, middle, self.text, self.ink, answer=self.answer)
            return
        left = x - self.box.wide / 2
        yield Box(left, top + _APART / 2, *self.box, self.ink)
        if self.text is not None:
            yield Label(left + 2, middle, self.text, self.ink, "start")


def items(texts: Texts, look: Look, entry: Symbol, ink: Ink) -> tuple[Item, ...]:
    """Return what stands below the disc of an entry: its value, then its error signal."""
    signal = texts.signal(entry) if look.has_signals else None
    answer = texts.is_answer(entry)
    if look.is_solved:
        value = Item(texts.value(entry), ink, answer)
        return (value, Item(_signal(texts, signal), -1, True)) if signal else (value,)
    value = Item(None, -1, False, look.box) if answer else Item(texts.value(entry), ink, False)
    return (value, Item(_DELTA, -1, False, look.box)) if signal else (value,)


def _signal(texts: Texts, signal: Symbol) -> Formula:
    """Return "δ = 0" or "δ ≈ 0.123457"."""
    value = texts.value(signal)
    relation = () if value.parts[0] == _ROUNDED else ("=",)
    return row(r"\delta", r"\,", *relation, value)
