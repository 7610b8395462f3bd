r"""The curve of a loss over the steps; with a logarithmic axis where it spans a lot.

Of many steps, each column of the picture shows the least and the largest number in it, so
that nothing sticks out which is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10

from symcnn.writing.drawing.picture import Label, Line, Picture, Shape
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import decimal, row, scripts

_WIDTH, _HEIGHT = 400.0, 210.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 12.0, 22.0, 34.0
_TICK, _GAP = 4.0, 7.0

_COLUMNS = 200
_MANY_TIMES = 100.0
"""A curve is logarithmic if its largest number is this many times its least one."""

_TICKS = 5


def curve(losses: Sequence[float], alt: str) -> Picture:
    """Return the picture of the losses after 0, 1, 2, ... steps.

    Args:
        losses: Finite numbers, two or more.
        alt: What the picture shows, in words.
    """
    return _Curve(tuple(losses)).picture(alt)


def is_logarithmic(numbers: Sequence[float]) -> bool:
    """Tell whether the numbers span so much that their logarithms are drawn."""
    return min(numbers) > 0 and max(numbers) / min(numbers) >= _MANY_TIMES


@dataclass(frozen=True)
class _Curve:
    numbers: tuple[float, ...]

    def picture(self, alt: str) -> Picture:
        shapes = (*self._axes(), *self._steps(), *self._levels(), self._line())
        return Picture(_WIDTH, _HEIGHT, shapes, alt)

    def _axes(self) -> Iterator[Shape]:
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        yield Line(((_LEFT, _TOP - _GAP), (_LEFT, bottom), (right, bottom)))
        yield Label(_LEFT, _TOP / 2 - 3, "loss")
        yield Label((_LEFT + right) / 2, _HEIGHT - 7, "steps")

    def _steps(self) -> Iterator[Shape]:
        """Mark whole steps only."""
        last, bottom = len(self.numbers) - 1, _HEIGHT - _BOTTOM
        for step in ticks(0, last):
            if step == round(step):
                x = self._x(step)
                yield Line(((x, bottom), (x, bottom + _TICK)))
                yield Label(x, bottom + _TICK + _GAP, decimal(f"{round(step):,}"))

    def _levels(self) -> Iterator[Shape]:
        for level, text in self._marked():
            y = self._y(level)
            yield Line(((_LEFT - _TICK, y), (_LEFT, y)))
            yield Label(_LEFT - _GAP, y, text, anchor="end")

    def _marked(self) -> list[tuple[float, Formula]]:
        low, high = self._range
        if self._is_logarithmic:
            stride = max(1, ceil((high - low) / (_TICKS + 1)))
            powers = range(ceil(low - 1e-9), floor(high + 1e-9) + 1, stride)
            return [(float(power), row(scripts("10", sup=decimal(str(power))))) for power in powers]
        found = ticks(low, high)
        return list(zip(found, map(decimal, written(found)), strict=True))

    def _line(self) -> Line:
        return Line(tuple((self._x(n), self._y(self._height(v))) for n, v in self._drawn()), 1)

    def _drawn(self) -> Iterator[tuple[int, float]]:
        """Return the points to draw: all, or the least and the largest of every column."""
        count = len(self.numbers)
        if count <= 2 * _COLUMNS:
            yield from enumerate(self.numbers)
            return
        for column in range(_COLUMNS):
            steps = range(column * count // _COLUMNS, (column + 1) * count // _COLUMNS)
            ends = {0, count - 1} & {steps[0], steps[-1]}
            extremes = {f(steps, key=self.numbers.__getitem__) for f in (min, max)}
            yield from ((n, self.numbers[n]) for n in sorted(ends | extremes))

    @cached_property
    def _is_logarithmic(self) -> bool:
        return is_logarithmic(self.numbers)

    @cached_property
    def _range(self) -> tuple[float, float]:
        """Return the least and the largest height, which differ in any case."""
        low, high = self._height(min(self.numbers)), self._height(max(self.numbers))
        if self._is_logarithmic:
            return floor(low), ceil(high)
        span = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-300)
        low = 0.0 if 0 <= low < span else low
        return low, max(high, low + span)

    def _height(self, number: float) -> float:
        return log10(number) if self._is_logarithmic else number

    def _x(self, step: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / (len(self.numbers) - 1)

    def _y(self, height: float) -> float:
        low, high = self._range
        length = _HEIGHT - _BOTTOM - _TOP
        return _HEIGHT - _BOTTOM - length * (height - low) / (high - low)


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from low to high: multiples of 1, 2 or 5 times a power of ten.

    >>> ticks(0, 0.0304)
    [0.0, 0.01, 0.02, 0.03]
    >>> ticks(0, 10000)
    [0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10000.0]
    """
    rough = (high - low) / _TICKS
    power = floor(log10(rough))
    unit = next(u for u in (1, 2, 5, 10) if u * 10.0**power >= rough * (1 - 1e-9))
    steps = range(
        ceil(low / (unit * 10.0**power) - 1e-9), floor(high / (unit * 10.0**power) + 1e-9) + 1
    )
    # 3 * 0.1 is no longer 0.3 in floats; dividing by a whole number rounds once.
    return [n * unit / 10.0**-power if power < 0 else n * unit * 10.0**power for n in steps]


def written(numbers: Sequence[float]) -> list[str]:
    """Return ticks as Python writes numbers, all with as many digits after the point.

    >>> written([0.0, 0.05, 0.1]), written([1e-7, 2e-7]), written([0.0, 20000.0])
    (['0', '0.05', '0.10'], ['1e-7', '2e-7'], ['0', '20,000'])
    """
    largest = max((abs(number) for number in numbers), default=0.0)
    power = floor(log10(largest)) if largest else 0
    if not -4 < power < 7:
        scaled = written([number / 10.0**power for number in numbers])
        return [text if text == "0" else f"{text}e{power}" for text in scaled]
    places = max((_places(number) for number in numbers), default=0)
    texts = [f"{number:,.{places}f}" for number in numbers]
    return ["0" if not number else text for number, text in zip(numbers, texts, strict=True)]


def _places(number: float) -> int:
    return len(f"{number:.9f}".rstrip("0").partition(".")[2])
