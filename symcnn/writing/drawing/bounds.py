"""The bounds of labels, discs and lines: whether they meet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from symcnn.writing.drawing.picture import SIZE, Box, Disc, Label, Line, Point
from symcnn.writing.formula import Formula, Scripts
from symcnn.writing.formula.width import width

_NARROW, _WIDE = frozenset("ijlt.,:;'|!()[]fIr-"), frozenset("mwMWGOQ@%&")


class Bounds(NamedTuple):
    """The rectangle that something takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Bounds) -> bool:
        """Tell whether two rectangles have more than an edge in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def widened(self, by: float) -> Bounds:
        """Return the rectangle with a margin around it."""
        return Bounds(self.left - by, self.top - by, self.right + by, self.bottom + by)


def label_bounds(label: Label) -> Bounds:
    """Return the estimated bounds of a label."""
    length = label_width(label)
    left = label.x - {"start": 0.0, "middle": length / 2, "end": length}[label.anchor]
    half = label.size * (0.62 if _is_high(label.text) else 0.45)
    return Bounds(left, label.y - half, left + length, label.y + half)


def _is_high(text: Formula | str) -> bool:
    return not isinstance(text, str) and any(isinstance(part, Scripts) for part in text.parts)


def disc_bounds(disc: Disc) -> Bounds:
    """Return the bounds of a disc."""
    r = disc.radius
    return Bounds(disc.x - r, disc.y - r, disc.x + r, disc.y + r)


def box_bounds(box: Box) -> Bounds:
    """Return the bounds of a box."""
    return Bounds(box.x, box.y, box.x + box.width, box.y + box.height)


def line_bounds(line: Line) -> Bounds:
    """Return the bounds of a line."""
    return points_bounds(line.points)


def points_bounds(points: Iterable[Point]) -> Bounds:
    """Return the rectangle around points."""
    xs, ys = zip(*points, strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def label_width(label: Label) -> float:
    """Return the estimated width of a label in points."""
    return _width(label.text) * label.size / SIZE


@lru_cache(maxsize=2048)
def _width(text: Formula | str) -> float:
    return sum(map(_letter, text)) if isinstance(text, str) else width(text)


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 4.0
    if letter in _WIDE:
        return 8.6
    return 5.6 if letter < "\u0250" and not letter.isupper() else 7.6 if letter < "\u0250" else 10.0


def within(start: Point, end: Point, bounds: Bounds) -> tuple[float, float] | None:
    """Return between which fractions of its length a segment lies in a rectangle, if at all."""
    low, high = 0.0, 1.0
    for a, b, least, most in (
        (start[0], end[0], bounds.left, bounds.right),
        (start[1], end[1], bounds.top, bounds.bottom),
    ):
        if a == b:
            if not least < a < most:
                return None
            continue
        first, last = sorted(((least - a) / (b - a), (most - a) / (b - a)))
        low, high = max(low, first), min(high, last)
    return (low, high) if low < high else None
