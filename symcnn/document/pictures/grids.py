"""A grid of entries under a title, with the parts that belong together shaded.

A student writes values into open cells, which are of one size: it says nothing of the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from symcnn.document.bindings import number_of
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import Box, Ink, Label, Shape
from symcnn.writing.formula import Formula, Scripts
from symcnn.writing.formula.build import row
from symcnn.writing.formula.tree import nodes

Spot = tuple[int, int]
"""Row and column."""

_TITLE, _LINE, _CUT = 5.0, 9.0, 14.0
"""What stands free around a title, the height of its lines, and the room for dots."""

_LEAST, _LEAST_TINY, _FREE = 17.0, 11.0, 4.0
"""The width of a narrow cell, the same with tiny letters, and what stands free beside a label."""

_LOW, _STACKED = 15.0, 3.0
"""The height of a low row, and what a row is higher in which scripts stand above each other."""

_BREAK = ", "
"""Where a title is broken."""


class Look(NamedTuple):
    """What cells show, and how large they are.

    Attributes:
        symbols: Whether they show the symbols of entries.
        values: Whether they show values, below the symbols if there are any.
        high: How high cells are.
        room: How wide open cells are, if there is room to write into them.
        tiny: Whether letters are still smaller than in other pictures.
    """

    symbols: bool
    values: bool
    high: float
    room: float = 0.0
    tiny: bool = False


_BARE = tuple(Look(False, False, high) for high in (11.0, 7.0, 4.0))

PRINTED = (
    Look(True, True, 23.0),
    Look(False, True, 13.0),
    Look(False, True, 11.0, tiny=True),
    Look(True, False, 13.0),
    *_BARE,
)
"""How cells are printed, best first."""

OPEN = (
    *(Look(True, True, high, room) for high, room in ((28.0, 44.0), (26.0, 38.0), (24.0, 32.0))),
    Look(True, False, 13.0),
    *_BARE,
)
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

    @property
    def is_open(self) -> bool:
        """Whether a student writes into cells."""
        return any(cell.is_open for cell in self.cells.values())


class Grid:
    """A panel that looks in some way: how large it is, and what is drawn at a place."""

    def __init__(self, panel: Panel, look: Look) -> None:
        """Work out the sizes of the cells."""
        self.panel, self._look = panel, look
        self._texts = [text for cell in panel.cells.values() for text in self._labels(cell)]
        self._title = panel.title.split(_BREAK, 1)

    @cached_property
    def _wide(self) -> dict[int, float]:
        """The widths of the columns: all alike, but narrow where there is padding alone."""
        labels = (Label(0, 0, text, tiny=self._look.tiny) for text in self._texts)
        longest = max(map(label_width, labels), default=0.0)
        room = self._look.room if self.panel.is_open else 0.0
        least = _LEAST_TINY if self._look.tiny else _LEAST
        usual = max(least, longest + _FREE, room) if self._texts else self._look.high
        bare = self.panel.bare(1) if usual > least + 1 else set()
        return {column: least if column in bare else usual for column in self.panel.lines(1)}

    @cached_property
    def _high(self) -> dict[int, float]:
        """The heights of the rows: a label in a cell may have scripts above each other."""
        parts = (n for text in self._texts for n in nodes(text))
        stacked = any(isinstance(n, Scripts) and n.sub and n.sup for n in parts)
        usual = self._look.high + (_STACKED if stacked else 0.0)
        low, bare = min(usual, _LOW), self.panel.bare(0)
        return {line: low if line in bare else usual for line in self.panel.lines(0)}

    def _labels(self, cell: Cell) -> tuple[Formula, ...]:
        """Return what a cell shows; padding is 0 where it shows values, too."""
        look = self._look
        symbol = cell.symbol if look.symbols or (look.values and cell.value is None) else None
        return tuple(filter(None, (symbol, cell.value if look.values else None)))

    @property
    def wide(self) -> float:
        """The width of the cells, and of the dots beside them."""
        return sum(self._wide.values()) + (_CUT if self.panel.cut[1] else 0.0)

    @property
    def width(self) -> float:
        """The width of the cells or of the title, whichever is wider."""
        return max(self.wide, *(label_width(Label(0, 0, line)) for line in self._title))

    @property
    def high(self) -> float:
        """The height of the cells, and of the dots below them."""
        return sum(self._high.values()) + (_CUT if self.panel.cut[0] else 0.0)

    @property
    def head(self) -> float:
        """The height of the title above the cells."""
        return _TITLE + _LINE * len(self._title)

    @property
    def height(self) -> float:
        """The height of the title and the cells."""
        return self.head + self.high

    def boxes(self, x: float, y: float) -> dict[Spot, Box]:
        """Place the cells below a title that begins at a height, around a middle."""
        left, top = x - self.wide / 2, y + self.head
        wide, high = self._wide, self._high
        xs = dict(zip(wide, accumulate(wide.values(), initial=left), strict=False))
        ys = dict(zip(high, accumulate(high.values(), initial=top), strict=False))
        return {
            (r, c): Box(
                *(xs[c], ys[r], wide[c], high[r], cell.ink or -1, bool(cell.ink)),
                dashed=cell.padding,
                figure=number_of(cell.symbol),
            )
            for (r, c), cell in self.panel.cells.items()
        }

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        """Draw the title, the cells, coloured ones on top, and dots where there are more."""
        panel, boxes = self.panel, self.boxes(x, y)
        for n, line in enumerate(self._title):
            yield Label(x, y + _LINE * (n + 0.5), line, -1)
        yield from (boxes[spot] for spot in sorted(boxes, key=lambda s: panel.cells[s].ink))
        for spot, box in boxes.items():
            yield from self._texts_of(panel.cells[spot], box)
        yield from self._dots(boxes)

    def _dots(self, boxes: Mapping[Spot, Box]) -> Iterator[Label]:
        left, top = min(box.x for box in boxes.values()), min(box.y for box in boxes.values())
        right = max(box.x + box.width for box in boxes.values())
        bottom = max(box.y + box.height for box in boxes.values())
        if self.panel.cut[1]:
            yield Label(right + _CUT / 2, (top + bottom) / 2, row(r"\cdots"), -1)
        if self.panel.cut[0]:
            yield Label((left + right) / 2, bottom + _CUT / 2, row(r"\cdots"), -1)

    def _texts_of(self, cell: Cell, box: Box) -> Iterator[Label]:
        texts = self._labels(cell)
        for k, text in enumerate(texts):
            faint = len(texts) == 2 and k == 0 and not cell.ink
            y = box.y + box.height * (k + 0.5) / len(texts) + (1 - 2 * k if len(texts) == 2 else 0)
            if cell.is_open and self._look.room:
                y = box.y + _ABOVE
            ink = -1 if faint else cell.ink
            yield Label(box.x + box.width / 2, y, text, ink, tiny=self._look.tiny)
