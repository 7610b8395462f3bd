"""What is drawn of one layer: its values, its name, its error signal."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.pictures.fields import Scale
from symcnn.document.pictures.items import Item
from symcnn.document.pictures.routes import Place
from symcnn.writing.drawing.bounds import Bounds, label_width
from symcnn.writing.drawing.picture import Box, Label, Shape
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, row

_LINE, _LEAST, _FRAME = 9.5, 10.0, 3.0
"""The height of a line, that of the lowest layer, and what stands free in a frame."""


class Block:
    """What is drawn of one layer; of one that stands alone, its name has a width."""

    def __init__(self, item: Item, scale: Scale, name: float | None = None) -> None:
        """Work out the sizes of its grids."""
        self._item, self._scale, self._name = item, scale, name
        self._values = (0.0, 0.0) if item.values is None else item.values.size(scale)
        self._signals = (0.0, 0.0) if item.signals is None else item.signals.size(scale)

    @property
    def most(self) -> float:
        """The width of its widest grids."""
        return max(self._values[0], self._signals[0])

    @property
    def _lines(self) -> list[str | Formula]:
        """What is said of it, line by line."""
        item = self._item
        shape = [_shape(item)] if item.shape else []
        return [_called(item), *shape, *([item.note] if item.note else [])]

    @property
    def _words(self) -> float:
        return max(label_width(Label(0, 0, line)) for line in self._lines)

    def _letters(self) -> tuple[float, float]:
        value, signal = (
            0.0 if letter is None else label_width(Label(0, 0, letter)) + 6
            for letter in (self._item.value, self._item.signal)
        )
        return value, signal

    @property
    def width(self) -> float:
        """Its width beside others."""
        inside = self._values[0] + self._signals[0] + self._words + sum(self._letters()) + 8
        return inside + 2 * _FRAME

    @property
    def _is_beside(self) -> bool:
        """Whether its name and its shape have room in one line."""
        if self._name is None:
            return False
        both = (Label(0, 0, text) for text in (_called(self._item), _shape(self._item)))
        return sum(map(label_width, both)) + 14 <= self._name

    @property
    def height(self) -> float:
        """Its height."""
        lines = len(self._lines) - (1 if self._is_beside and self._item.shape else 0)
        return max(_LEAST, self._values[1], self._signals[1], _LINE * lines)

    def columns(self, left: float) -> tuple[float, float, float]:
        """Return the middles of its values, its words and its error signal."""
        one, other = self._letters()
        down = left + _FRAME + self._values[0] / 2
        words = left + _FRAME + self._values[0] + one + 4 + self._words / 2
        up = words + self._words / 2 + 4 + other + self._signals[0] / 2
        return down, words, up

    def place(self, down: float, words: float, up: float, y: float) -> Place:
        """Return where everything stands around a height."""
        half, name = self.height / 2, self._name
        values, signals = (
            Bounds(x - w / 2, y - h / 2, x + w / 2, y + h / 2) if field else None
            for x, (w, h), field in (
                (down, self._values, self._item.values),
                (up, self._signals, self._item.signals),
            )
        )
        edge = words + (name / 2 if name else self._words / 2)
        return Place(down, words, edge, up, y - half, y + half, values, signals, name is not None)

    def shapes(self, place: Place) -> Iterator[Shape]:
        """Draw the grids with their letters, and the words."""
        item, y = self._item, (place.top + place.bottom) / 2
        for field, bounds in ((item.values, place.values), (item.signals, place.signals)):
            if field and bounds:
                yield from field.shapes(self._scale, bounds.left, bounds.top)
        if item.value is not None and place.values:
            yield Label(place.values.right + 3, y, item.value, anchor="start")
        if item.signal is not None and place.signals:
            yield Label(place.signals.left - 3, y, item.signal, -1, "end")
        if item.shape is None:
            half = (place.up - place.down) / 2 + 12
            yield Box(
                place.words - half, place.top, 2 * half, place.bottom - place.top, -1, dashed=True
            )
            yield Label(place.words, y, item.name, -1)
        else:
            yield from self._said(place.words, y)
            if self._name is None:
                left = place.values.left if place.values else place.words - self._words / 2
                yield Box(
                    left - _FRAME,
                    place.top - _FRAME,
                    self.width,
                    place.bottom - place.top + 2 * _FRAME,
                    -1,
                )

    def _said(self, x: float, y: float) -> Iterator[Label]:
        """Write the lines; alone, from the left on, the shape at the right of the name."""
        inks = {0: 1 if self._item.learned else 0, 2: 1 if self._item.learned else -1}
        lines = dict(enumerate(self._lines))
        if not self._item.shape and self._item.note:
            lines = {0: lines[0], 2: lines[1]}
        name, shape = self._name, self._item.shape
        if name is None:
            for at, (n, line) in zip(_heights(y, len(lines)), lines.items(), strict=True):
                yield Label(x, at, line, inks.get(n, 0))
            return
        left = x - name / 2 + 5
        aside = lines.pop(1) if self._is_beside and shape else None
        for at, (n, line) in zip(_heights(y, len(lines)), lines.items(), strict=True):
            yield fitted(Label(left, at, line, inks.get(n, 0), "start"), name - 8)
            if n == 0 and aside is not None:
                yield Label(x + name / 2 - 5, at, aside, anchor="end")


def _heights(y: float, count: int) -> list[float]:
    """Return the heights of lines around a middle."""
    return [y + _LINE * (n - (count - 1) / 2) for n in range(count)]


def _called(item: Item) -> str:
    return item.name if item.reads else "input"


def _shape(item: Item) -> Formula:
    return joined([*map(str, item.shape)], r"\times") if item.shape else row()


def fitted(label: Label, width: float) -> Label:
    """Shorten words that are too long for their place."""
    if isinstance(label.text, Formula):
        return label
    text = label.text
    while label_width(label) > width and text:
        text = text[:-1]
        label = label._replace(text=f"{text}...")
    return label
