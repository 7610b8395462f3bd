"""Labels on lines: each in a gap of its own line, where it meets nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symcnn.drawing.bounds import Bounds, label_bounds, within
from symcnn.drawing.picture import Label, Line, Point
from symcnn.formula import Row as Formula

_FRACTIONS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85)
"""Where along a line a label may stand, best first."""


class LabelledLine(NamedTuple):
    """A line, and what is to stand on it."""

    line: Line
    text: Formula | None


def label_edges(lines: Sequence[LabelledLine], fixed: Sequence[Bounds]) -> Iterator[Label]:
    """Place as many labels as there is space for; the others are left out.

    Args:
        lines: The lines; a label stands on the last piece of its own.
        fixed: What is there already.
    """
    segments = [(n, *pair) for n, edge in enumerate(lines) for pair in pairwise(edge.line.points)]
    taken = list(fixed)
    for number, edge in enumerate(lines):
        if edge.text is None:
            continue
        start, end = edge.line.points[-2:]
        near = [s for s in segments if s[0] != number and _beside(s, start, end)]
        around = [b for b in taken if b.left < end[0] and start[0] < b.right]
        for fraction in _FRACTIONS:
            x, y = (a + fraction * (b - a) for a, b in zip(start, end, strict=True))
            label = Label(x, y, edge.text, edge.line.ink)
            bounds = label_bounds(label).widened(1)
            if _is_free(bounds, near, around, (start, end)):
                taken.append(bounds)
                yield label
                break


def _beside(segment: tuple[int, Point, Point], start: Point, end: Point) -> bool:
    _, first, last = segment
    return first[0] < end[0] and start[0] < last[0] and (first, last) != (start, end)


def _is_free(
    bounds: Bounds,
    segments: Sequence[tuple[int, Point, Point]],
    taken: Sequence[Bounds],
    segment: tuple[Point, Point],
) -> bool:
    """Tell whether a label on a segment meets no other line, and nothing that is there."""
    if any(map(bounds.meets, taken)):
        return False
    if bounds.left <= segment[0][0] or segment[1][0] <= bounds.right:
        return False
    return all(within(a, b, bounds) is None for _, a, b in segments)
