"""A picture as data: lines, boxes, discs and labels in points, y downwards.

Where everything stands was computed once; TikZ and SVG only write it down. A line is never
cut: a label that stands on lines has a halo in the colour of the page around its letters.
"""

from __future__ import annotations

from math import hypot
from typing import Literal, NamedTuple

from symcnn.writing.formula import Formula

Ink = int
"""The colour: 0 is that of text, 1, 2, ... distinguish objects, -1 is the background."""

WIDEST = 384.0
"""The width of the text on a page, in points."""

WIDER = 455.0
"""The width of a picture that is printed smaller, for there is much to see: none is wider."""

SIZE, SMALL_SIZE, TINY_SIZE = 10.0, 8.0, 6.0
"""The sizes of labels, in points."""

SMALL = SMALL_SIZE / SIZE
"""How large small labels are, beside what is printed at 10 points."""

_ARROW = 5.0
"""The length of an arrow's head."""

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


class Label(NamedTuple):
    """A formula or words; ``x`` is its start, middle or end, ``y`` its middle.

    Attributes:
        text: What it says: a formula, or words as they stand.
        small: Whether it is printed smaller than text.
        tiny: Whether it is printed still smaller, as numbers in many cells are.
        halo: Whether lines that pass below it make way for its letters.
    """

    x: float
    y: float
    text: Formula | str
    ink: Ink = 0
    anchor: Anchor = "middle"
    small: bool = True
    tiny: bool = False
    halo: bool = False

    @property
    def size(self) -> float:
        """The size of its letters, in points."""
        return TINY_SIZE if self.tiny else SMALL_SIZE if self.small else SIZE

    @property
    def baseline(self) -> float:
        """Where its letters stand: digits and capitals are 0.64 of their size high."""
        return self.y + 0.32 * self.size


class Link(NamedTuple):
    """What an edge stands for, by the numbers of figures that follow.

    Attributes:
        to: The entry that it leads to.
        start: The entry that it begins at, if it is one.
        weight: Its weight, if it has one.
    """

    to: int
    start: int | None = None
    weight: int | None = None


class Line(NamedTuple):
    """A line through points; an edge of a network may be linked to figures."""

    points: tuple[Point, ...]
    ink: Ink = 0
    thick: bool = False
    dashed: bool = False
    arrow: bool = False
    link: Link | None = None

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The corners of its arrow's head, the tip first."""
        (a, b), (x, y) = self.points[-2:]
        share = _ARROW / hypot(x - a, y - b)
        u, v = (x - a) * share, (y - b) * share
        return (x, y), (x - u - 0.4 * v, y - v + 0.4 * u), (x - u + 0.4 * v, y - v - 0.4 * u)


class Disc(NamedTuple):
    """A circle around (x, y); one of an entry may have the number of its figure."""

    x: float
    y: float
    radius: float
    ink: Ink = 0
    filled: bool = False
    figure: int | None = None


class Box(NamedTuple):
    """A rectangle whose upper left corner is (x, y); a cell may have the number of its figure.

    Attributes:
        heat: How strong the colour is that fills a cell of a heat map, which then has no outline:
            from -4, the most negative number, to 4, the largest; None for a usual box.
    """

    x: float
    y: float
    width: float
    height: float
    ink: Ink = 0
    filled: bool = False
    thick: bool = False
    dashed: bool = False
    figure: int | None = None
    heat: int | None = None


Outline = Line | Disc | Box
Shape = Label | Outline

_THICK = {Line: 1.8, Box: 1.4}
_DASHES = {Line: (3.0, 2.4), Box: (1.6, 1.6)}
"""How long dashes and the gaps between them are; the style of an SVG says all of these too."""


def stroke(shape: Outline) -> tuple[float | None, tuple[float, ...]]:
    """Return how wide a thick stroke is, and a dashed one's dashes and gaps, in points."""
    thick, dashed = (getattr(shape, kind, False) for kind in ("thick", "dashed"))
    return _THICK[type(shape)] if thick else None, _DASHES[type(shape)] if dashed else ()


class Picture(NamedTuple):
    """A picture of ``width`` by ``height`` points; later shapes lie on top.

    Attributes:
        alt: What it shows, in words, for those who do not see it.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str


def decimal(value: float) -> str:
    """Return a length as TikZ and SVG write it: to a tenth of a point."""
    return f"{round(value, 1):g}"


_COLOURS: dict[Ink, tuple[str, str]] = {
    -1: ("5F6873", "9DA7B3"),
    0: ("1F2328", "E6EDF3"),
    1: ("0B62C4", "6CB6FF"),
    2: ("B4470A", "F0A35E"),
    3: ("1A7A34", "5FCB75"),
    4: ("8045D8", "C59BFF"),
    5: ("B8327F", "F48FC0"),
    6: ("0C7285", "4FCFDD"),
}
"""Each on a bright page and on a dark one: red, green and blue in hexadecimal digits."""

HEAT = 4
"""How many strengths a colour of a heat map has."""

_HEATS: dict[int, tuple[str, str]] = {
    -4: ("E8843A", "985A1F"),
    -3: ("F3A765", "74461E"),
    -2: ("F9C99B", "52341D"),
    -1: ("FCE6D3", "33241A"),
    1: ("DCE9F7", "17293D"),
    2: ("B5D3EF", "1B3D61"),
    3: ("86B8E4", "1F5387"),
    4: ("559AD6", "2468AE"),
}
"""Orange below zero and blue above it; letters can be read on all of them."""

HOT_BRIGHT, HOT_DARK = ({n: pair[page] for n, pair in _HEATS.items()} for page in (0, 1))

BRIGHT, DARK = ({ink: pair[page] for ink, pair in _COLOURS.items()} for page in (0, 1))

IN_THE_DARK = "@media screen and (prefers-color-scheme:dark)"
"""When a page is dark: on a screen whose user wants it, never on paper."""
