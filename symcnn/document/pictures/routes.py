"""The arrows between layers: values down, error signals up, and both past what is between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from symcnn.document.pictures.items import Item, Skip
from symcnn.writing.drawing.bounds import Bounds
from symcnn.writing.drawing.picture import Line, Point

_FREE = 1.5
"""What stays free between an arrow and what it leads to."""

_BUS = (8.0, 17.0)
"""How far below a rank values turn to the layers that read them, and error signals."""

_OUT, _IN = 4.0, 21.0
"""How far below a rank the way to a lane begins, and the way from one ends."""

Lane = list[Skip]
"""Ranks that are joined beside the layers, one below the other."""

Read = tuple[int, int, str, str]
"""The ranks of a layer and of one that reads it, and their names."""


class Place(NamedTuple):
    """Where a layer stands.

    Attributes:
        down: The middle of its values.
        words: The middle of its words.
        edge: Where its words end.
        up: The middle of its error signal.
        top: Where it begins.
        bottom: Where it ends.
        values: Where its values are, if they are drawn.
        signals: Where its error signal is, if it is drawn.
        is_alone: Whether it has no neighbours.
    """

    down: float
    words: float
    edge: float
    up: float
    top: float
    bottom: float
    values: Bounds | None
    signals: Bounds | None
    is_alone: bool = True

    @property
    def middle(self) -> float:
        """Its middle height."""
        return (self.top + self.bottom) / 2


def lanes_of(skips: Sequence[Skip]) -> list[Lane]:
    """Put connections into as few lanes as they need."""
    lanes: list[Lane] = []
    for skip in skips:
        free = next((lane for lane in lanes if lane[-1][1] <= skip[0]), None)
        if free is None:
            lanes.append([skip])
        else:
            free.append(skip)
    return lanes


class Routes:
    """The ways between places."""

    def __init__(
        self,
        items: Mapping[str, Item],
        places: Mapping[str, Place],
        gaps: Sequence[tuple[float, float]],
        sides: tuple[float, float, float],
    ) -> None:
        """Take what is joined.

        Args:
            items: The layers by their names.
            places: Where they stand.
            gaps: Where the gap below each rank begins and ends.
            sides: Where the lanes begin on the left and on the right, and their distance.
        """
        self._items, self._places, self._gaps, self._sides = items, places, gaps, sides

    def shapes(self, reads: Sequence[Read], lanes: Sequence[Lane]) -> Iterator[Line]:
        """Draw all arrows."""
        lane_of = {skip: n for n, lane in enumerate(lanes) for skip in lane}
        for first, last, name, reader in reads:
            lane = lane_of.get((first, last))
            comes_back = self._comes_back(name, reader)
            if lane is None:
                yield self._down(first, name, reader)
                if comes_back:
                    yield self._up(first, name, reader)
            else:
                yield self._around(first, last, name, reader, lane, is_signal=False)
                if comes_back:
                    yield self._around(first, last, name, reader, lane, is_signal=True)

    def _comes_back(self, name: str, reader: str) -> bool:
        """Tell whether an error signal comes back from a layer to one that it reads."""
        one, other = self._items[name], self._items[reader]
        passes = other.signal is not None or other.is_loss or other.shape is None
        return passes and (one.signal is not None or (one.shape is None and self._has_signals))

    @property
    def _has_signals(self) -> bool:
        return any(item.signal is not None for item in self._items.values())

    def _down(self, rank: int, name: str, reader: str) -> Line:
        one, other = self._places[name], self._places[reader]
        start = (one.values.bottom if one.values else one.bottom) + _FREE
        end = (other.values.top if other.values else other.top) - _FREE
        bus = self._gaps[rank][0] + _BUS[0]
        return Line(_turned((one.down, start), (other.down, end), bus), arrow=True)

    def _up(self, rank: int, name: str, reader: str) -> Line:
        one, other = self._places[name], self._places[reader]
        end = (one.up, (one.signals.bottom if one.signals else one.bottom) + _FREE)
        if self._items[reader].is_loss:
            return Line((*_from_loss(other, one.up), end), -1, arrow=True)
        start = (other.up, (other.signals.top if other.signals else other.top) - _FREE)
        return Line(_turned(start, end, self._gaps[rank][0] + _BUS[1]), -1, arrow=True)

    def _around(
        self, first: int, last: int, name: str, reader: str, lane: int, *, is_signal: bool
    ) -> Line:
        """Lead values down past other layers on the left, error signals up on the right."""
        left, right, step = self._sides
        x = right + step * (lane + 0.5) if is_signal else left - step * (lane + 0.5)
        one, other = self._places[name], self._places[reader]
        above, below = self._gaps[first][0], self._gaps[last - 1][0]
        start = _beside(one, above, (_IN if is_signal else _OUT), is_signal=is_signal)
        end = _beside(
            other, below, (_OUT if is_signal else _IN), is_signal=is_signal, is_reader=True
        )
        if is_signal and self._items[reader].is_loss:
            end = (*_from_loss(other, x),)
        points = (*start, (x, start[-1][1]), (x, end[-1][1]), *reversed(end))
        made = tuple(dict.fromkeys(points))
        return Line(made[::-1] if is_signal else made, -1 if is_signal else 0, arrow=True)


def _turned(start: Point, end: Point, bus: float) -> tuple[Point, ...]:
    """Lead a line straight, or along a height to where it ends."""
    if abs(start[0] - end[0]) < 0.5:
        return start, (start[0], end[1])
    return start, (start[0], bus), (end[0], bus), end


def _from_loss(loss: Place, x: float) -> tuple[Point, ...]:
    """Lead a line from the loss, where all error signals begin, to the side."""
    return (loss.edge, loss.middle), (x, loss.middle)


def _beside(
    place: Place, gap: float, off: float, *, is_signal: bool, is_reader: bool = False
) -> tuple[Point, ...]:
    """Return the way from a layer to its side: through a gap where it has neighbours."""
    bounds = place.signals if is_signal else place.values
    x = place.up if is_signal else place.down
    if place.is_alone:
        if bounds is None:
            half = 12.0
            return ((x + half + _FREE if is_signal else x - half - _FREE, place.middle),)
        return ((bounds.right + _FREE if is_signal else bounds.left - _FREE, place.middle),)
    if is_reader:
        top = (bounds.top if bounds else place.top) - _FREE
        return (x, top), (x, gap + off)
    bottom = (bounds.bottom if bounds else place.bottom) + _FREE
    return (x, bottom), (x, gap + off)
