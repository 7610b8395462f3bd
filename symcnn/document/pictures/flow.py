"""Where the layers of a network stand, rank below rank, and what is drawn of each.

In a rank a layer has its values on the left, its error signal on the right and its name between
them; one that stands alone is in line with all others that do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from symcnn.document.pictures.fields import Field, Scale
from symcnn.document.pictures.items import Item, Skip
from symcnn.document.pictures.routes import Place, Routes, lanes_of
from symcnn.writing.drawing.bounds import Bounds, label_width
from symcnn.writing.drawing.picture import PHONE_WIDEST, Box, Label, Shape
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined, row

_MARGIN, _LANE, _LETTER = 3.0, 8.0, 24.0
"""What stands free, the distance of lanes, and the room for a letter."""

_NAME, _NARROW_NAME = 104.0, 76.0
"""The width of a name with its shape, on a page and on a phone."""

_LINE, _LEAST, _APART, _HEAD = 9.5, 10.0, 10.0, 13.0
"""The height of a line, of the lowest rank, between neighbours, and of the words at the top."""

_FRAME = 3.0
"""What stands free in the frame of a layer that has neighbours."""

_GAP, _WIDE_GAP = 13.0, 26.0
"""What is free below a rank: more where arrows turn."""


class Flow:
    """Ranks of layers on a page of some width."""

    def __init__(self, ranks: Sequence[Sequence[Item]], widest: float) -> None:
        """Find which layers are joined past others."""
        self._ranks, self._widest = ranks, widest
        self._is_narrow = widest <= PHONE_WIDEST
        rank_of = {item.name: n for n, rank in enumerate(ranks) for item in rank}
        self.reads = [
            (rank_of[name], n, name, item.name)
            for n, rank in enumerate(ranks)
            for item in rank
            for name in item.reads
        ]
        skips: list[Skip] = sorted({(a, b) for a, b, _, _ in self.reads if b > a + 1})
        self.lanes = lanes_of(skips)
        self._side = _LANE * len(self.lanes) + _MARGIN

    @property
    def _name(self) -> float:
        return _NARROW_NAME if self._is_narrow else _NAME

    @property
    def most(self) -> float:
        """The width that is free for the grids of a layer that stands alone."""
        return (self._widest - 2 * self._side - self._name - 2 * _LETTER) / 2

    def fits(self, scale: Scale) -> bool:
        """Tell whether the page is wide enough, and numbers are whole."""
        fields = [field for rank in self._ranks for item in rank for field in item.fields]
        if scale.has_numbers and not all(f.texts and f.is_whole(scale) for f in fields):
            return False
        rows = (self._width(rank, scale) for rank in self._ranks if len(rank) > 1)
        is_wide = max(rows, default=0.0) + 2 * self._side <= self._widest
        return is_wide and all(_is_seen(field, scale) for field in fields)

    def _width(self, rank: Sequence[Item], scale: Scale) -> float:
        blocks = [_Block(item, scale) for item in rank]
        return sum(block.width for block in blocks) + _APART * (len(blocks) - 1)

    def height(self, scale: Scale) -> float:
        """Return the height of the picture."""
        return self._tops(scale)[-1]

    def _tops(self, scale: Scale) -> list[float]:
        """Return where the ranks begin, and where the picture ends."""
        tops = [_HEAD + _MARGIN]
        for n, rank in enumerate(self._ranks):
            gap = _MARGIN if n == len(self._ranks) - 1 else self._gap(n)
            tops.append(tops[-1] + self._high(rank, scale) + gap)
        return tops

    def _high(self, rank: Sequence[Item], scale: Scale) -> float:
        is_alone = len(rank) == 1
        name = self._name if is_alone else None
        return max(_Block(item, scale, name).height for item in rank)

    def _gap(self, n: int) -> float:
        return _GAP if len(self._ranks[n]) == len(self._ranks[n + 1]) == 1 else _WIDE_GAP

    def drawn(self, scale: Scale) -> tuple[list[Shape], tuple[float, float]]:
        """Draw everything; return it with the size of the picture."""
        alone = [_Block(rank[0], scale, self._name) for rank in self._ranks if len(rank) == 1]
        most = max((block.most for block in alone), default=0.0)
        column = self._name + 2 * (most + _LETTER)
        beside = [self._width(rank, scale) for rank in self._ranks if len(rank) > 1]
        width = max(column, *beside, 0.0) + 2 * self._side
        tops = self._tops(scale)
        places = {
            item.name: place
            for n, rank in enumerate(self._ranks)
            for item, place in self._placed(rank, scale, most, width / 2, tops[n])
        }
        shapes: list[Shape] = [*self._heads(places, width)]
        for rank in self._ranks:
            for item in rank:
                name = self._name if len(rank) == 1 else None
                shapes += _Block(item, scale, name).shapes(places[item.name])
        items = {item.name: item for rank in self._ranks for item in rank}
        highs = [self._high(rank, scale) for rank in self._ranks]
        gaps = [(top + high, end) for (top, end), high in zip(pairwise(tops), highs, strict=True)]
        routes = Routes(items, places, gaps, (self._side, width - self._side, _LANE))
        shapes += routes.shapes(self.reads, self.lanes)
        return shapes, (width, tops[-1])

    def _placed(
        self, rank: Sequence[Item], scale: Scale, most: float, middle: float, top: float
    ) -> Iterator[tuple[Item, Place]]:
        """Place the layers of a rank around the middle of the page."""
        y = top + self._high(rank, scale) / 2
        if len(rank) == 1:
            away = self._name / 2 + _LETTER + most / 2
            block = _Block(rank[0], scale, self._name)
            yield rank[0], block.place(middle - away, middle, middle + away, y)
            return
        left = middle - self._width(rank, scale) / 2
        for item in rank:
            block = _Block(item, scale)
            yield item, block.place(*block.columns(left + _FRAME), y)
            left += block.width + _APART

    def _heads(self, places: dict[str, Place], width: float) -> Iterator[Label]:
        """Write above the first rank what goes down and what comes back."""
        first = next(iter(places.values()))
        has_signals = any(item.signal for rank in self._ranks for item in rank)
        for word, x, is_there in (
            ("values", first.down, True),
            ("error signals", first.up, has_signals),
        ):
            half = label_width(Label(0, 0, word)) / 2
            if is_there:
                yield Label(
                    min(max(x, half + 1), width - half - 1),
                    _HEAD / 2 + 1,
                    word,
                    0 if word == "values" else -1,
                )


def _is_seen(field: Field, scale: Scale) -> bool:
    """Tell whether at least a whole grid of an image is drawn, and a second one if there is one."""
    count, rows, columns = field.extent
    drawn = field.drawn(scale)
    return rows == 1 or (drawn.columns == columns and drawn.grids >= min(count, 2))


class _Block:
    """What is drawn of one layer; of one that stands alone, its name has a width."""

    def __init__(self, item: Item, scale: Scale, name: float | None = None) -> None:
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
        down = left + self._values[0] / 2
        words = left + self._values[0] + one + 4 + self._words / 2
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
