"""What stands below a node: its value and its error signal, or boxes to write them in.

What a student gets is laid out with boxes of one size, so that it tells nothing of the values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sympy import Symbol

from symcnn.document.bindings import bound_alone, unbound
from symcnn.document.blocks import ROUNDED
from symcnn.document.pictures.texts import Texts
from symcnn.writing.drawing.picture import SMALL, Box, Ink, Label
from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.build import row
from symcnn.writing.formula.width import width

_LINE, _APART = 9.0, 2.0
"""The height of a printed line, and what stays free around a box."""

_ROUNDED = Atom(ROUNDED)


class Size(NamedTuple):
    """The size of a box to write in, in points."""

    wide: float
    high: float


class Look(NamedTuple):
    """What a picture of a network shows below its discs.

    Attributes:
        has_values: Whether it shows computed values, or boxes for them.
        has_signals: Whether it shows error signals, or boxes for them.
        is_solved: Whether it shows what a student works out.
        box: The boxes for that, if it does not.
        is_beside: Whether the two boxes of an entry stand beside each other, not one below.
    """

    has_values: bool
    has_signals: bool
    is_solved: bool = True
    box: Size = Size(0.0, 0.0)
    is_beside: bool = False


class Item(NamedTuple):
    """A printed number, or a box for it.

    Attributes:
        text: The number; of an error signal's box the letter that stands in it.
        ink: Its colour.
        box: The box, if there is one.
    """

    text: Formula | None
    ink: Ink
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
                yield Label(x, middle, self.text, self.ink, halo=True)
            return
        left = x - self.box.wide / 2
        yield Box(left, top + _APART / 2, *self.box, self.ink)
        if self.text is not None:
            yield Label(left + 2, middle, self.text, self.ink, "start")


class Below(NamedTuple):
    """All that stands below a disc: an entry's value, and its error signal if that is shown.

    Attributes:
        items: One or two.
        is_beside: Whether they stand beside each other, not one below the other.
    """

    items: tuple[Item, ...]
    is_beside: bool = False

    @property
    def width(self) -> float:
        """The width that they take up."""
        widths = [item.width for item in self.items]
        return sum(widths) + _APART * (len(widths) - 1) if self.is_beside else max(widths)

    @property
    def height(self) -> float:
        """The height that they take up."""
        return (max if self.is_beside else sum)(item.height for item in self.items)

    @property
    def signal(self) -> Formula | None:
        """The error signal, if it is printed."""
        printed = (item.text for item in self.items[1:] if item.box is None)
        return next(printed, None)

    def shapes(self, n: int, x: float, top: float) -> Iterator[Label | Box]:
        """Draw one of them, if there are so many, below a point."""
        for item in self.items[n : n + 1]:
            if not self.is_beside:
                yield from item.shapes(x, top + sum(one.height for one in self.items[:n]))
                continue
            before = sum(one.width + _APART for one in self.items[:n])
            down = (self.height - item.height) / 2
            yield from item.shapes(x - self.width / 2 + before + item.width / 2, top + down)


def below(texts: Texts, look: Look, entry: Symbol, ink: Ink) -> Below:
    """Return what stands below the disc of an entry: its value, then its error signal."""
    value, signal = _value(texts, look, entry, ink), texts.signal(entry)
    if not look.has_signals or signal is None:
        return Below((value,))
    told = Item(_signal(texts, signal), -1) if look.is_solved else Item(texts.letter, -1, look.box)
    return Below((value, told), look.is_beside)


def _value(texts: Texts, look: Look, entry: Symbol, ink: Ink) -> Item:
    """Return an entry's value, a box for it, or room for it."""
    if not texts.is_answer(entry):
        return Item(texts.value(entry), ink)
    if not look.has_values:
        return Item(None, ink)
    return Item(texts.value(entry), ink) if look.is_solved else Item(None, -1, look.box)


def _signal(texts: Texts, signal: Symbol) -> Formula | None:
    """Return "δ = 0" or "δ ≈ 0.123457"; nothing if the value is not told."""
    value = texts.value(signal)
    if value is None:
        return None
    bound = bound_alone((value,))
    printed = unbound(value)
    related = printed if printed.parts[0] == _ROUNDED else row("=", printed)
    shown = bound._replace(body=related, place="related") if bound else related
    return row(texts.letter, r"\,", shown)
