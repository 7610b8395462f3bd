"""Where the layers of a network stand, rank below rank, and what is drawn of each.

In a rank a layer has its values on the left, its error signal on the right and its name between
them; one that stands alone is in line with all others that do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from symcnn.document.pictures.block import Block
from symcnn.document.pictures.fields import Field, Scale
from symcnn.document.pictures.items import Item, Skip
from symcnn.document.pictures.routes import Place, Routes, lanes_of
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import WIDEST, Label, Shape

_MARGIN, _LANE, _LETTER = 3.0, 8.0, 24.0
"""What stands free, the distance of lanes, and the room for a letter."""

_NAME = 104.0
"""The width of a name with its shape."""

_APART, _HEAD = 10.0, 13.0
"""What stands free between neighbours, and the height of the words at the top."""

_GAP, _WIDE_GAP = 11.0, 24.0
"""What is free below a rank: more where arrows turn."""


class Flow:
    """Ranks of layers on a page."""

    def __init__(self, ranks: Sequence[Sequence[Item]]) -> None:
        """Find which layers are joined past others."""
        self._ranks = ranks
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
    def most(self) -> float:
        """The width that is free for the grids of a layer that stands alone."""
        return (WIDEST - 2 * self._side - _NAME - 2 * _LETTER) / 2

    def fits(self, scale: Scale) -> bool:
        """Tell whether the page is wide enough, and numbers are whole."""
        fields = [field for rank in self._ranks for item in rank for field in item.fields]
        if scale.has_numbers and not all(f.texts and f.is_whole(scale) for f in fields):
            return False
        rows = (self._width(rank, scale) for rank in self._ranks if len(rank) > 1)
        is_wide = max(rows, default=0.0) + 2 * self._side <= WIDEST
        return is_wide and all(_is_seen(field, scale) for field in fields)

    def _width(self, rank: Sequence[Item], scale: Scale) -> float:
        blocks = [Block(item, scale) for item in rank]
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
        name = _NAME if is_alone else None
        return max(Block(item, scale, name).height for item in rank)

    def _gap(self, n: int) -> float:
        return _GAP if len(self._ranks[n]) == len(self._ranks[n + 1]) == 1 else _WIDE_GAP

    def drawn(self, scale: Scale) -> tuple[list[Shape], tuple[float, float]]:
        """Draw everything; return it with the size of the picture."""
        alone = [Block(rank[0], scale, _NAME) for rank in self._ranks if len(rank) == 1]
        most = max((block.most for block in alone), default=0.0)
        column = _NAME + 2 * (most + _LETTER)
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
                name = _NAME if len(rank) == 1 else None
                shapes += Block(item, scale, name).shapes(places[item.name])
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
            away = _NAME / 2 + _LETTER + most / 2
            block = Block(rank[0], scale, _NAME)
            yield rank[0], block.place(middle - away, middle, middle + away, y)
            return
        left = middle - self._width(rank, scale) / 2
        for item in rank:
            block = Block(item, scale)
            yield item, block.place(*block.columns(left), y)
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
