"""A picture as data: lines, boxes, discs and labels in points, y downwards.

Where everything stands was computed once; TikZ and SVG only write it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ink = int
"""Which colour: 0 is that of text, 1, 2, ... tell things apart, -1 stays in the background."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Label:
    """A formula or a word; ``x`` is its start, middle or end, ``y`` its middle.

    Attributes:
        latex: What it says, in mathematics mode.
        small: Whether it is printed smaller than text.
        clear: Whether what lies beneath is covered, so that lines may pass.
    """

    x: float
    y: float
    latex: str
    ink: Ink = 0
    anchor: Anchor = "middle"
    small: bool = False
    clear: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = 0
    thick: bool = False
    dashed: bool = False
    arrow: bool = False


@dataclass(frozen=True)
class Disc:
    """A circle around (x, y)."""

    x: float
    y: float
    radius: float
    ink: Ink = 0
    filled: bool = False
    thick: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle whose upper left corner is (x, y)."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink = 0
    filled: bool = False
    thick: bool = False
    dashed: bool = False


Shape = Label | Line | Disc | Box


@dataclass(frozen=True)
class Picture:
    """A picture of ``width`` by ``height`` points; later shapes lie on top.

    Attributes:
        alt: What it shows, in words, for those who do not see it.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str
