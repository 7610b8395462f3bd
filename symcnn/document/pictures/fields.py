"""The entries of a tensor as they are drawn: one small grid for each channel, to scale.

The colour of a cell says how large its number is beside the largest of the tensor: blue above
zero, orange below it. What a student is to find is not told, nor what a page lets change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil, prod
from typing import NamedTuple

from symcnn.document.context import Context
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape as Sizes
from symcnn.reference.enclosures import to_decimal
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import HEAT, Box, Label, Line, Shape
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import decimal, row

DIGITS = 2
"""The significant digits of the largest number; the others of a tensor have as many decimals."""

_APART, _DOTS, _FREE = 3.0, 10.0, 2.5
"""What stands free between grids, the room for dots behind them, and that around a number."""

_HIGH = 9.0
"""The height of a cell that holds a number."""

_RULED, _MARKED = 3.0, 6.0
"""The sides from which cells are ruled, and from which those below zero have a dash."""

_MOST = 600
"""The entries of a tensor whose numbers are shown as colours."""

_LONG, _RANGE = Decimal(10) ** 20, 300
"""A number that is too long for any cell, and the decades within which floats have all digits."""

_FEW = 6
"""So many numbers in one row are printed whatever the scale is."""


class Extent(NamedTuple):
    """How many grids a tensor has, and their rows and columns."""

    grids: int
    rows: int
    columns: int


def extent(shape: Sizes) -> Extent:
    """Return how the entries of one sample are drawn: numbers without rows stand in one row."""
    sizes = [int(size) for size in shape]
    if len(sizes) >= 3 and prod(sizes[:2]) > 1:
        return Extent(prod(sizes[2:]), *sizes[:2])
    if len(sizes) == 2 and sizes[0] > 1:
        return Extent(1, *sizes)
    return Extent(1, 1, prod(sizes))


class Scale(NamedTuple):
    """How large things are drawn.

    Attributes:
        side: The side of a cell without a number.
        most: The width that is free for the grids of one tensor.
        has_numbers: Whether all cells have numbers.
    """

    side: float
    most: float
    has_numbers: bool = False


@dataclass(frozen=True)
class Field:
    """The entries of one sample.

    Attributes:
        shape: Their shape.
        values: Their values, grid by grid and row by row, if they are told: what colours them.
        texts: The same as they are printed; none where one is too long for any cell.
        framed: Which one is met on the way of the weight that is followed.
        is_rounded: Whether any of them is printed rounded.
    """

    shape: Sizes
    values: tuple[float, ...] = ()
    texts: tuple[Formula, ...] = ()
    framed: int | None = None
    is_rounded: bool = False

    @cached_property
    def extent(self) -> Extent:
        """How many grids there are, and their rows and columns."""
        return extent(self.shape)

    @cached_property
    def _printed(self) -> float:
        """How wide a cell is that holds any of the numbers."""
        longest = max((label_width(_number(0, 0, text)) for text in self.texts), default=0.0)
        return max(longest + _FREE, _HIGH)

    def _cell(self, scale: Scale) -> tuple[float, float, bool]:
        """Return the width and the height of a cell, and whether it holds a number."""
        one, rows, columns = self.extent
        is_short = one == rows == 1 and columns <= _FEW and columns * self._printed <= scale.most
        if self.texts and (scale.has_numbers or is_short):
            return self._printed, _HIGH, True
        if rows > 1:
            return scale.side, scale.side, False
        side = min(scale.side, max(scale.most / columns, _RULED))  # one row is made to fit
        return side, max(side, _RULED), False

    def has_numbers(self, scale: Scale) -> bool:
        """Tell whether cells hold numbers."""
        return self._cell(scale)[2]

    def drawn(self, scale: Scale) -> Extent:
        """Return how many grids are drawn, and how many columns of them."""
        count, rows, columns = self.extent
        wide, _, _ = self._cell(scale)
        if columns * wide > scale.most:
            return Extent(1, rows, max(1, int((scale.most - _DOTS) / wide)))
        fitting = int((scale.most + _APART) / (columns * wide + _APART))
        if fitting >= count:
            return self.extent
        room = scale.most - _DOTS
        return Extent(max(1, int((room + _APART) / (columns * wide + _APART))), rows, columns)

    def is_whole(self, scale: Scale) -> bool:
        """Tell whether everything is drawn."""
        return self.drawn(scale) == self.extent

    def size(self, scale: Scale) -> tuple[float, float]:
        """Return the width and the height of what is drawn."""
        count, rows, columns = self.drawn(scale)
        wide, high, _ = self._cell(scale)
        dots = 0.0 if self.is_whole(scale) else _DOTS
        return (columns * wide + _APART) * count - _APART + dots, rows * high

    def shapes(self, scale: Scale, left: float, top: float) -> Iterator[Shape]:
        """Draw the grids from a corner on."""
        count, rows, columns = self.drawn(scale)
        wide, high, has_numbers = self._cell(scale)
        every = self.extent
        told = self.values and count * rows * columns <= _MOST
        for n in range(count):
            x = left + n * (columns * wide + _APART)
            cells = [
                _Cell((n * every.rows + r) * every.columns + c, x + c * wide, top + r * high)
                for r in range(rows if told else 0)  # what is not told has no framed entry
                for c in range(columns)
            ]
            if told:
                yield from (Box(*at, wide, high, heat=h) for at, h in self._heats(cells))
            yield from _ruled(x, top, (wide, high), (rows, columns))
            if told:
                yield from self._marks(cells, wide, high, has_numbers)
            for cell in cells:
                if cell.number == self.framed and min(wide, high) >= _RULED:
                    yield Box(cell.x, cell.y, wide, high, thick=True)
        if not self.is_whole(scale):
            width, height = self.size(scale)
            yield Label(left + width - _DOTS / 2, top + height / 2, row(r"\cdots"), -1, tiny=True)

    def _heats(self, cells: list[_Cell]) -> Iterator[tuple[tuple[float, float], int]]:
        for cell in cells:
            if heat := self._heat(cell.number):
                yield (cell.x, cell.y), heat

    def _heat(self, number: int) -> int:
        value, largest = self.values[number], self._largest
        strength = ceil(HEAT * abs(value) / largest) if largest else 0
        return strength if value > 0 else -strength

    @cached_property
    def _largest(self) -> float:
        return max(map(abs, self.values))

    def _marks(
        self, cells: list[_Cell], wide: float, high: float, has_numbers: bool
    ) -> Iterator[Shape]:
        """Print numbers, or a dash in each cell below zero, which tells the colours apart."""
        for cell in cells:
            x, y = cell.x + wide / 2, cell.y + high / 2
            if has_numbers:
                yield _number(x, y, self.texts[cell.number])
            elif self.values[cell.number] < 0 and wide >= _MARKED:
                yield Line(((x - wide / 6, y), (x + wide / 6, y)))


class _Cell(NamedTuple):
    number: int
    x: float
    y: float


def _number(x: float, y: float, text: Formula) -> Label:
    return Label(x, y, text, tiny=True)


def _ruled(
    left: float, top: float, cell: tuple[float, float], size: tuple[int, int]
) -> Iterator[Shape]:
    """Rule a grid, or draw its outline where cells are too small."""
    (wide, high), (rows, columns) = cell, size
    right, bottom = left + columns * wide, top + rows * high
    if min(wide, high) >= _RULED:
        for n in range(1, rows):
            yield Line(((left, top + n * high), (right, top + n * high)), -1)
        for n in range(1, columns):
            yield Line(((left + n * wide, top), (left + n * wide, bottom)), -1)
    yield Box(left, top, right - left, bottom - top, -1)


def outline(shape: Sizes) -> Field:
    """Return the field of a tensor of which nothing but the shape is known."""
    return Field(shape)


def field(
    context: Context, tensor: Tensor, sample: int, *, is_told: bool = True, is_framed: bool = True
) -> Field:
    """Return the field of one sample of a tensor.

    Args:
        context: The derivation with its numbers.
        tensor: The tensor.
        sample: Which sample, if there are several.
        is_told: Whether its values are told.
        is_framed: Whether the entry is marked that the thread meets.
    """
    shape = tensor.of_one_sample().shape
    if prod(extent(shape)) > _MOST or not is_told or context.bindings.may_change:
        return Field(shape)
    head = (sample,) if tensor.batched else ()
    positions = [(*head, *position) for position in _ordered(shape)]
    values = [context.value(tensor.symbol(position)) for position in positions]
    numbers = [to_decimal(value) for value in values]
    rounded = [] if max(map(abs, numbers)) >= _LONG else _rounded(numbers)
    texts = tuple(decimal(text, context.style.decimal) for text in rounded)
    is_rounded = bool(rounded) and [Decimal(text) for text in rounded] != numbers
    thread = context.scope.thread if is_framed else None
    at = None if thread is None else thread.positions.get(tensor.label)
    framed = None if at is None or at not in positions else positions.index(at)
    return Field(shape, _floats(numbers), texts, framed, is_rounded)


def _floats(numbers: Sequence[Decimal]) -> tuple[float, ...]:
    """Return numbers as floats; what is out of their range beside the largest one, which is 1."""
    largest = max(map(abs, numbers))
    beyond = largest and abs(largest.adjusted()) > _RANGE
    return tuple(float(number / largest if beyond else number) for number in numbers)


def _rounded(numbers: Sequence[Decimal]) -> list[str]:
    """Print numbers with as many decimals as give the largest one two digits, or with fewer."""
    largest = max(numbers, key=abs)
    places = max(0, DIGITS - 1 - largest.adjusted()) if largest else 0
    rounded = [round(number, places) for number in numbers]
    while places and all(number == round(number, places - 1) for number in rounded):
        places -= 1
    texts = [f"{number:.{places}f}" for number in rounded]
    unsigned = [text if text.strip("-0.") else text.lstrip("-") for text in texts]
    return [t if number else "0" for t, number in zip(unsigned, numbers, strict=True)]


def _ordered(shape: Sizes) -> Iterator[tuple[int, ...]]:
    """Run over the entries of one sample grid by grid, each row by row."""
    sizes = [int(size) for size in shape]
    if len(sizes) >= 3 and prod(sizes[:2]) > 1:
        for rest in _positions(sizes[2:]):
            yield from ((*at, *rest) for at in _positions(sizes[:2]))
    else:
        yield from _positions(sizes)


def _positions(sizes: list[int]) -> Iterator[tuple[int, ...]]:
    if not sizes:
        yield ()
        return
    for first in range(sizes[0]):
        yield from ((first, *rest) for rest in _positions(sizes[1:]))
