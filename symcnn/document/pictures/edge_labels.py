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
    nearby = [_Nearby.of(edge, segments, fixed, max(margins)) for edge in named]
    if not all(one.has_room(min(margins)) for one in nearby):
        return []
    for margin in margins:
        places = _places(nearby, margin)
        if places and (found := _chosen(places)):
            return [place.label for place in found]
    return []


class _Nearby(NamedTuple):
    """Where a label could stand on its line, and what is near that line."""

    piece: tuple[Point, ...]
    places: Sequence[_Place]
    segments: Sequence[_Segment]
    fixed: Sequence[Bounds]

    @staticmethod
    def of(
        edge: LabelledLine, segments: Sequence[_Segment], fixed: Sequence[Bounds], margin: float
    ) -> _Nearby:
        """Find what a label may meet that keeps so far from everything."""
        assert edge.text is not None
        start, end = edge.piece
        ends = [label_bounds(Label(*point, edge.text)).widened(margin) for point in edge.piece]
        corners = [corner for b in ends for corner in ((b.left, b.top), (b.right, b.bottom))]
        reached = points_bounds(corners)
        near = [s for s in segments if s.edge is not edge and s.bounds.meets(reached)]
        near = [s for s in near if (s.start, s.end) != (start, end)]
        around = [bounds for bounds in fixed if bounds.meets(reached)]
        return _Nearby(edge.piece, [*_on(edge)], near, around)

    def has_room(self, margin: float) -> bool:
        """Tell whether there is a place at all, as there is none with a larger margin if not."""
        return any(self._is_free(place.bounds.widened(margin)) for place in self.places)

    def free(self, margin: float) -> list[_Place]:
        """Return the places where the label keeps so far from all that is near."""
        widened = (_Place(p.label, p.bounds.widened(margin)) for p in self.places)
        return [place for place in widened if self._is_free(place.bounds)]

    def _is_free(self, bounds: Bounds) -> bool:
        if any(map(bounds.meets, self.fixed)):
            return False
        if bounds.left <= self.piece[0][0] or self.piece[1][0] <= bounds.right:
            return False
        meets = bounds.meets
        for segment in self.segments:
            if meets(segment.bounds) and within(segment.start, segment.end, bounds) is not None:
                return False
        return True


def _on(edge: LabelledLine) -> Iterator[_Place]:
    """Run over the places of a label on its line."""
    assert edge.text is not None
    (x0, y0), (x1, y1) = edge.piece
    at_origin = Label(0.0, 0.0, edge.text, edge.line.ink, halo=True)
    left, _, right, half = label_bounds(at_origin)
    width = right - left
    for fraction in _FRACTIONS:
        x, y = x0 + fraction * (x1 - x0), y0 + fraction * (y1 - y0)
        bounds = Bounds(x + left, y - half, x + left + width, y + half)
        yield _Place(at_origin._replace(x=x, y=y), bounds)


def _places(nearby: Sequence[_Nearby], margin: float) -> list[list[_Place]]:
    """Return the places of all labels; none if there is one that has none."""
    found = list[list[_Place]]()
    for one in nearby:
        places = one.free(margin)
        if not places:
            return []
        found.append(places)
    return found


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
