"""Labels on lines: each in a gap of its own line, where it meets nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symcnn.drawing.bounds import Bounds, label_bounds, within
from symcnn.drawing.picture import Label, Line, Point
from symcnn.formula import Row as Formula

_FRACTIONS = tuple(0.5 + sign * step / 50 for step in range(21) for sign in (1, -1))
"""Where along a line a label may stand, best first."""

_CHANGES = 400
"""How many labels are moved before it is said that there is no room for all of them."""


class LabelledLine(NamedTuple):
    """A line, what is to stand on it, and on which piece of it."""

    line: Line
    text: Formula | None
    piece: tuple[Point, ...]


class _Place(NamedTuple):
    """A label where it could stand, and what it takes up there."""

    label: Label
    bounds: Bounds


def label_edges(lines: Sequence[LabelledLine], fixed: Sequence[Bounds]) -> list[Label]:
    """Place all labels, or none if there is no room for every one of them.

    Args:
        lines: The lines; a label stands on a piece of its own.
        fixed: What is there already.
    """
    segments = [(n, *pair) for n, edge in enumerate(lines) for pair in pairwise(edge.line.points)]
    places = [
        list(_places(edge, [s for s in segments if s[0] != number], fixed))
        for number, edge in enumerate(lines)
        if edge.text is not None
    ]
    return [place.label for place in _chosen(places)]


def _places(
    edge: LabelledLine, segments: Sequence[tuple[int, Point, Point]], fixed: Sequence[Bounds]
) -> Iterator[_Place]:
    """Run over the places of a label where it meets no other line, and nothing that is there."""
    assert edge.text is not None
    start, end = edge.piece
    near = [s for s in segments if _beside(s, start, end)]
    around = [b for b in fixed if b.left < end[0] and start[0] < b.right]
    for fraction in _FRACTIONS:
        x, y = (a + fraction * (b - a) for a, b in zip(start, end, strict=True))
        label = Label(x, y, edge.text, edge.line.ink)
        bounds = label_bounds(label).widened(1)
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
