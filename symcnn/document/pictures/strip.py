"""A strip of small grids: the window over its input at one position of the result after another.

The grids stand in the order of the entries of the result, row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, inf, prod
from typing import NamedTuple

from symcnn import limits
from symcnn.document.pictures.grids import Spot
from symcnn.document.pictures.window import Window
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import WIDEST, Box, Label, Line, Picture, Shape

_WINDOW, _WEIGHT, _GRID = 1, 2, -1
_MARGIN, _LABEL, _BESIDE, _BELOW = 2.0, 13.0, 12.0, 6.0
_SIDES = (9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0)
"""The sides that a cell may have, in points."""

_LOW, _HIGHEST = 110.0, 175.0
"""The height of the strip, in points, and what it may be where cells are as small as may be."""


class Strip(NamedTuple):
    """The strip of a window.

    Attributes:
        picture: The picture.
        is_cut: Whether there are more positions than those that are drawn.
    """

    picture: Picture
    is_cut: bool


def strip(window: Window, widest: float = WIDEST) -> Strip | None:
    """Draw the window at each position, or at the first ones; None if there is but one."""
    positions = _positions(window)
    if len(positions) < 2:
        return None
    drawn = _Strip(window, positions, widest)
    every = prod(axis.positions for axis in window.axes)
    return Strip(drawn.picture(), len(positions) < every) if drawn.side else None


def _positions(window: Window) -> list[Spot]:
    """Return the positions that are drawn: the first of those that the other pictures show."""
    most = limits.DRAWN_WINDOWS
    if len(window.axes) == 1:
        return [spot for spot in window.positions() if spot[0] < 2 * most]
    return [spot for spot in window.positions() if max(spot) < most]


class _Strip:
    """Where everything of a strip stands."""

    def __init__(self, window: Window, positions: list[Spot], widest: float) -> None:
        self._window, self._positions, self._widest = window, positions, widest
        spots = window.covered_spots()
        met = {window.met(p, o) for p in positions for o in window.offsets()}
        last = [max(spot[n] for spot in met) for n in (0, 1)]
        self._spots = [s for s in spots if s[0] <= last[0] and s[1] <= last[1]]
        self._rows = sorted({row for row, _ in self._spots})
        self._columns = sorted({column for _, column in self._spots})
        self._labels = {p: window.texts.symbol(window.symbol(window.placed, p)) for p in positions}
        self._label = max(label_width(Label(0, 0, text)) for text in self._labels.values())
        self.side = next(filter(self._fits, _SIDES), 0.0)

    def _fits(self, side: float) -> bool:
        """Tell whether the strip fits the page with cells of some size; a phone has long pages."""
        high = _LOW if side > _SIDES[-1] else _HIGHEST
        if self._widest < WIDEST:
            high = inf if side == _SIDES[-1] else _HIGHEST
        return self._in_line(side) > 0 and self._height(side) <= high

    def _across(self, side: float) -> float:
        """Return how far apart the grids begin."""
        return max(side * len(self._columns), self._label) + _BESIDE

    def _down(self, side: float) -> float:
        """Return how far apart the lines begin."""
        return side * len(self._rows) + _LABEL + _BELOW

    def _in_line(self, side: float) -> int:
        """Return how many grids stand in a line: about as many in each."""
        most = int((self._widest - 2 * _MARGIN + _BESIDE) / self._across(side))
        count = len(self._positions)
        return ceil(count / ceil(count / most)) if most else 0

    def _height(self, side: float) -> float:
        lines = ceil(len(self._positions) / self._in_line(side))
        return self._down(side) * lines - _BELOW + 2 * _MARGIN

    def picture(self) -> Picture:
        """Draw the grids."""
        count = self._in_line(self.side)
        shapes = [
            shape
            for n, position in enumerate(self._positions)
            for shape in self._grid(position, *divmod(n, count))
        ]
        width = self._across(self.side) * count - _BESIDE + 2 * _MARGIN
        return Picture(width, self._height(self.side), tuple(shapes), self._in_words())

    def _grid(self, position: Spot, line: int, place: int) -> Iterator[Shape]:
        """Draw one grid: padding dashed, the cells that the window covers shaded."""
        window, room = self._window, self._across(self.side) - _BESIDE
        wide, high = self.side * len(self._columns), self.side * len(self._rows)
        x, y = _MARGIN + self._across(self.side) * place, _MARGIN + self._down(self.side) * line
        left = x + (room - wide) / 2
        inside = [spot for spot in self._spots if window.is_inside(spot)]
        yield from self._lines(left, y, inside)
        if len(inside) < len(self._spots):
            yield Box(left, y, wide, high, _GRID, dashed=True)
        for offset in window.offsets():
            yield self._cell(left, y, window.met(position, offset), offset == window.offset)
        yield Label(x + room / 2, y + high + _LABEL / 2, self._labels[position], _WINDOW)

    def _lines(self, left: float, top: float, inside: list[Spot]) -> Iterator[Shape]:
        """Rule the input's own part of the grid."""
        rows, columns = (sorted({spot[n] for spot in inside}) for n in (0, 1))
        x = [left + self.side * (self._columns.index(c) + k) for c in columns for k in (0, 1)]
        y = [top + self.side * (self._rows.index(r) + k) for r in rows for k in (0, 1)]
        for across in sorted(set(x)):
            yield Line(((across, y[0]), (across, y[-1])), _GRID)
        for down in sorted(set(y)):
            yield Line(((x[0], down), (x[-1], down)), _GRID)

    def _cell(self, left: float, top: float, spot: Spot, is_weight: bool) -> Box:
        x = left + self.side * self._columns.index(spot[1])
        y = top + self.side * self._rows.index(spot[0])
        return Box(x, y, self.side, self.side, _WEIGHT if is_weight else _WINDOW, filled=True)

    def _in_words(self) -> str:
        words = "; ".join(map(self._position_in_words, self._positions))
        if self._window.is_transposed:
            return f"The windows of the output, one entry of the input after another: {words}."
        return f"The window over its input at one position after another: {words}."

    def _position_in_words(self, position: Spot) -> str:
        window, texts = self._window, self._window.texts
        placed = texts.in_words(window.symbol(window.placed, position))
        met = window.met_at(position).values()
        inside = [window.symbol(window.covered, spot) for spot in met]
        ends = dict.fromkeys(map(texts.in_words, (*inside[:1], *inside[-1:])))
        if window.is_transposed:
            return f"{placed} into {' to '.join(ends) or 'no entry'}"
        return f"{placed} from {' to '.join(ends) or 'padding alone'}"
