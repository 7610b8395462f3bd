"""Labels on lines: each on its own line, where it meets nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symcnn.writing.drawing.bounds import Bounds, label_bounds, points_bounds, within
from symcnn.writing.drawing.picture import Label, Line, Point
from symcnn.writing.formula import Formula

_FRACTIONS = tuple(0.5 + sign * step / 50 for step in range(21) for sign in (1, -1))
"""Where along a line a label may stand, best first."""

_CHANGES = 400
"""How many labels are moved before it is said that there is no room for all of them."""


MARGINS = (4.0, 3.0, 2.0, 1.0)
"""How far labels keep from each other and from other lines, in points, best first."""


class LabelledLine(NamedTuple):
    """A line, what is to stand on it, and on which piece of it."""

    line: Line
    text: Formula | None
    piece: tuple[Point, ...]


class _Segment(NamedTuple):
    """A piece of a line, and the rectangle around it."""

    edge: LabelledLine
    start: Point
    end: Point
    bounds: Bounds


class _Place(NamedTuple):
    """A label where it could stand, and what it takes up there."""

    label: Label
    bounds: Bounds


def label_edges(
    lines: Sequence[LabelledLine], fixed: Sequence[Bounds], margins: Sequence[float] = MARGINS
) -> list[Label]:
    """Place all labels, or none if there is no room for every one of them.

    Args:
        lines: The lines; a label stands on a piece of its own.
        fixed: What is there already.
        margins: How far labels may keep from what is around them, best first.
    """
    segments = [
        _Segment(edge, *pair, points_bounds(pair))
        for edge in lines
        for pair in pairwise(edge.line.points)
    ]
    named = [edge for edge in lines if edge.text is not None]
    for margin in margins:
        places = [list(_places(edge, segments, fixed, margin)) for edge in named]
        if found := _chosen(places):
            return [place.label for place in found]
    return []


def _places(
    edge: LabelledLine, segments: Sequence[_Segment], fixed: Sequence[Bounds], margin: float
) -> Iterator[_Place]:
    """Run over the places of a label where it meets no other line, and nothing that is there."""
    assert edge.text is not None
    start, end = edge.piece
    ends = [label_bounds(Label(*point, edge.text)).widened(margin) for point in edge.piece]
    corners = [corner for b in ends for corner in ((b.left, b.top), (b.right, b.bottom))]
    reached = points_bounds(corners)
    near = [s for s in segments if s.edge is not edge and s.bounds.meets(reached)]
    near = [s for s in near if (s.start, s.end) != (start, end)]
    around = [bounds for bounds in fixed if bounds.meets(reached)]
    for fraction in _FRACTIONS:
        x, y = (a + fraction * (b - a) for a, b in zip(start, end, strict=True))
        label = Label(x, y, edge.text, edge.line.ink, halo=True)
        bounds = label_bounds(label).widened(margin)
        if _is_free(bounds, near, around, (start, end)):
            yield _Place(label, bounds)


def _chosen(places: Sequence[Sequence[_Place]]) -> list[_Place]:
    """Choose a place for each label so that no two meet; none at all if that is not found.

    The labels with the fewest places come first; one that finds none takes the place that
    meets the fewest others, which are placed anew.
    """
    waiting = sorted(range(len(places)), key=lambda n: len(places[n]), reverse=True)
    taken: dict[int, _Place] = {}
    moved = Counter[int]()
    for _ in range(_CHANGES + len(places)):
        if not waiting:
            return [taken[n] for n in range(len(places))]
        number = waiting.pop()
        if not places[number]:
            return []
        met = [
            [n for n, other in taken.items() if place.bounds.meets(other.bounds)]
            for place in places[number]
        ]
        best = min(range(len(met)), key=lambda k: sum(1 + moved[n] for n in met[k]))
        taken[number] = places[number][best]
        for n in met[best]:
            del taken[n]
            moved[n] += 1
            waiting.append(n)
    return []


def _is_free(
    bounds: Bounds,
    segments: Sequence[_Segment],
    taken: Sequence[Bounds],
    piece: tuple[Point, Point],
) -> bool:
    """Tell whether a label on a segment meets no other line, and nothing that is there."""
    if any(map(bounds.meets, taken)):
        return False
    if bounds.left <= piece[0][0] or piece[1][0] <= bounds.right:
        return False
    near = (segment for segment in segments if segment.bounds.meets(bounds))
    return all(within(segment.start, segment.end, bounds) is None for segment in near)
