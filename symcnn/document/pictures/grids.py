"""Grids of entries beside each other, with the parts that belong together shaded.

A student writes values into open cells, which are of one size: it says nothing of the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from symcnn.document.bindings import number_of
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import WIDEST, Box, Ink, Label, Line, Picture, Shape
from symcnn.writing.formula import Formula, Scripts
from symcnn.writing.formula.build import row
from symcnn.writing.formula.tree import nodes

Spot = tuple[int, int]
"""Row and column."""

_TITLE, _LINE, _GAP, _MARGIN, _CUT = 14.0, 9.0, 46.0, 2.0, 14.0
_LEAST, _USUAL = 17.0, 36.0
"""The width of a narrow cell, and that of a usual one."""

_LOW, _STACKED = 15.0, 3.0
"""The height of a low row, and what a row is higher in which scripts stand above each other."""

_BREAK = ", "
"""Where a title may be broken."""


class _Look(NamedTuple):
    """What cells show: so many labels, and how large they are.

    Attributes:
        labels: How many labels a cell has: its symbol, and below it its value.
        high: How high cells are.
        room: How wide open cells are, if there is room to write into them.
    """

    labels: int
    high: float
    room: float = 0.0


_PRINTED = (_Look(2, 23.0), _Look(1, 13.0), _Look(0, 11.0))
"""How cells are printed, best first."""

_OPEN = (_Look(2, 28.0, 44.0), _Look(2, 26.0, 38.0), _Look(2, 24.0, 32.0), *_PRINTED[1:])
"""How they are with open ones among them."""

_ABOVE = 6.5
"""How far below the upper side of an open cell the middle of its symbol is."""


class Cell(NamedTuple):
    """An entry: its symbol, its value, and how it is shaded.

    Attributes:
        symbol: The symbol; of padding that is read the number 0, of what is cropped nothing.
        value: Its value, if it is told; padding has none.
        ink: The colour of the shade; 0 for none.
        padding: Whether it lies outside of the tensor.
        is_open: Whether a student writes the value into it.
    """

    symbol: Formula | None
    value: Formula | None
    ink: Ink = 0
    padding: bool = False
    is_open: bool = False


class Panel(NamedTuple):
    """A grid under a title.

    Attributes:
        title: What it is, in words.
        cells: What is shown of it.
        cut: Whether there are more rows, and more columns.
    """

    title: str
    cells: Mapping[Spot, Cell]
    cut: tuple[bool, bool] = (False, False)

    def lines(self, axis: int) -> list[int]:
        """Return the rows that are shown, or the columns."""
        return sorted({spot[axis] for spot in self.cells})

    def bare(self, axis: int) -> set[int]:
        """Return the rows, or columns, that hold nothing but padding; they are low, or narrow."""
        return {*self.lines(axis)} - {s[axis] for s, c in self.cells.items() if not c.padding}


def beside(
    panels: Sequence[Panel],
    joints: Sequence[str],
    alt: str,
    pairs: Sequence[tuple[Spot, Spot]] = (),
) -> Picture | None:
    """Put panels beside each other; None if the page is too narrow.

    Args:
        panels: The panels.
        joints: What stands between them, in words; an arrow leads to the last.
        alt: What the picture shows, in words.
        pairs: Cells of the first panel and of the second that are joined by lines.
    """
    lines = _title_lines(panels)
    is_open = any(cell.is_open for panel in panels for cell in panel.cells.values())
    for look in _OPEN if is_open else _PRINTED:
        row = _Row(panels, look, lines)
        if row.width <= WIDEST:
            return Picture(row.width, row.height, tuple(row.shapes(joints, pairs)), alt)
    return None


def _title_lines(panels: Sequence[Panel]) -> int:
    """Return in how many lines titles are written: in two where the page is narrow for one.

    That must not depend on values, for a student's picture to have the same.
    """
    if not any(_BREAK in panel.title for panel in panels):
        return 1
    titles = (label_width(Label(0, 0, panel.title)) for panel in panels)
    grids = (_USUAL * len({*p.lines(1)} - p.bare(1)) for p in panels)
    usual = sum(map(max, titles, grids)) + _GAP * (len(panels) - 1)
    return 1 if max(usual, _Row(panels, _PRINTED[1], 1).width) <= WIDEST else 2


class _Row:
    """Panels beside each other: titles of one line or two, up to two labels in every cell."""

    def __init__(self, panels: Sequence[Panel], look: _Look, lines: int) -> None:
        self._panels, self._look, self._lines = panels, look, lines
        self._title = _TITLE + _LINE * (lines - 1)
        self._cells = [self._cell_widths(panel) for panel in panels]
        self._high = [self._cell_heights(panel) for panel in panels]
        self._widths = [
            max(self._grid_width(n), *map(label_width, self._titles(panel, 0, 0)))
            for n, panel in enumerate(panels)
        ]
        self.width = sum(self._widths) + _GAP * (len(panels) - 1) + 2 * _MARGIN
        self._tallest = max(map(self._grid_height, range(len(panels))))
        self.height = self._title + self._tallest + 2 * _MARGIN

    def _cell_widths(self, panel: Panel) -> dict[int, float]:
        """Return the widths of the columns: all alike, but narrow where there is padding alone."""
        texts = [text for cell in panel.cells.values() for text in self._labels(cell)]
        longest = max((label_width(Label(0, 0, text)) for text in texts), default=0.0)
        room = self._look.room if any(cell.is_open for cell in panel.cells.values()) else 0.0
        usual = max(_LEAST, longest + 6, room) if texts else self._look.high
        bare = panel.bare(1) if usual > _LEAST + 1 else set()
        return {column: _LEAST if column in bare else usual for column in panel.lines(1)}

    def _cell_heights(self, panel: Panel) -> dict[int, float]:
        """Return the heights of the rows: a label in a cell may have scripts above each other."""
        texts = [text for cell in panel.cells.values() for text in self._labels(cell)]
        stacked = any(isinstance(n, Scripts) and n.sub and n.sup for t in texts for n in nodes(t))
        usual = self._look.high + (_STACKED if stacked else 0.0)
        low, bare = min(usual, _LOW), panel.bare(0)
        return {row: low if row in bare else usual for row in panel.lines(0)}

    def _labels(self, cell: Cell) -> tuple[Formula, ...]:
        return tuple(filter(None, (cell.symbol, cell.value)[: self._look.labels]))

    def _grid_width(self, n: int) -> float:
        return sum(self._cells[n].values()) + (_CUT if self._panels[n].cut[1] else 0.0)

    def _grid_height(self, n: int) -> float:
        return sum(self._high[n].values()) + (_CUT if self._panels[n].cut[0] else 0.0)

    def shapes(self, joints: Sequence[str], pairs: Sequence[tuple[Spot, Spot]]) -> Iterator[Shape]:
        boxes = list(map(self._boxes, range(len(self._panels))))
        for n, panel in enumerate(self._panels):
            yield from self._panel(n, panel, boxes[n])
        joined = pairs if all(_is_clear(boxes, *pair) for pair in pairs) else ()
        yield from self._joints(joints, lines=not joined)
        for first, second in joined:
            a, b = boxes[0][first], boxes[1][second]
            yield Line(((a.x + a.width, a.y + a.height / 2), (b.x, b.y + b.height / 2)), 2)

    def _left(self, n: int) -> float:
        return _MARGIN + sum(self._widths[:n]) + _GAP * n

    def _boxes(self, n: int) -> dict[Spot, Box]:
        """Place the cells of a panel."""
        panel = self._panels[n]
        left = self._left(n) + (self._widths[n] - self._grid_width(n)) / 2
        top = _MARGIN + self._title + (self._tallest - self._grid_height(n)) / 2
        wide, high = self._cells[n], self._high[n]
        x = dict(zip(wide, accumulate(wide.values(), initial=left), strict=False))
        y = dict(zip(high, accumulate(high.values(), initial=top), strict=False))
        return {
            (r, c): Box(
                *(x[c], y[r], wide[c], high[r], cell.ink or -1, bool(cell.ink)),
                dashed=cell.padding,
                figure=number_of(cell.symbol),
            )
            for (r, c), cell in panel.cells.items()
        }

    def _panel(self, n: int, panel: Panel, boxes: Mapping[Spot, Box]) -> Iterator[Shape]:
        """Draw a panel: its title, its cells, coloured ones on top, and dots where it is cut."""
        top = min(box.y for box in boxes.values())
        yield from self._titles(panel, self._left(n) + self._widths[n] / 2, top - 7)
        order = sorted(boxes, key=lambda spot: panel.cells[spot].ink)
        yield from (boxes[spot] for spot in order)
        for spot, box in boxes.items():
            yield from self._texts_of(panel.cells[spot], box)
        right = max(box.x + box.width for box in boxes.values())
        bottom = max(box.y + box.height for box in boxes.values())
        if panel.cut[1]:
            yield Label(right + _CUT / 2, (top + bottom) / 2, row(r"\cdots"), -1)
        if panel.cut[0]:
            left = min(box.x for box in boxes.values())
            yield Label((left + right) / 2, bottom + _CUT / 2, row(r"\cdots"), -1)

    def _titles(self, panel: Panel, x: float, y: float) -> list[Label]:
        """Write a panel's title above its grid; the second line of two has what is sliced."""
        lines = panel.title.split(_BREAK, self._lines - 1)
        above = [y - _LINE * n for n in reversed(range(len(lines)))]
        return [Label(x, up, line, -1) for up, line in zip(above, lines, strict=True)]

    def _texts_of(self, cell: Cell, box: Box) -> Iterator[Label]:
        texts = self._labels(cell)
        for k, text in enumerate(texts):
            faint = len(texts) == 2 and k == 0 and not cell.ink
            y = box.y + box.height * (k + 0.5) / len(texts) + (1 - 2 * k if len(texts) == 2 else 0)
            if cell.is_open and self._look.room:
                y = box.y + _ABOVE
            yield Label(box.x + box.width / 2, y, text, -1 if faint else cell.ink)

    def _joints(self, joints: Sequence[str], lines: bool) -> Iterator[Shape]:
        """Say between the panels how they are joined; an arrow leads to the last."""
        middle = _MARGIN + self._title + self._tallest / 2
        for n, (joint, _) in enumerate(zip(joints, pairwise(self._panels), strict=True)):
            x = self._left(n + 1) - _GAP / 2
            last = n == len(joints) - 1
            if last:
                yield Line(((x - 17, middle), (x + 17, middle)), -1, arrow=True)
            if last or lines:
                yield Label(x, middle - (7 if last else 0), joint, -1)


def _is_clear(boxes: Sequence[dict[Spot, Box]], first: Spot, second: Spot) -> bool:
    """Tell whether a line from a cell to one of the next panel passes over no other cell."""
    behind = any(row == first[0] and column > first[1] for row, column in boxes[0])
    return not behind and not any(
        row == second[0] and column < second[1] for row, column in boxes[1]
    )
