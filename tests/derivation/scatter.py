"""The adjoints of a layer by scattering: every loop assignment sends its share.

Plain loops over plain numbers, with none of symcnn's geometry. Each function takes
the random entries ``value(label, position)`` and returns {position: sum}.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import NamedTuple


class Geometry(NamedTuple):
    size: tuple[int, int]
    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    dilation: tuple[int, int] = (1, 1)
    channels: int = 1
    filters: int = 1
    groups: int = 1

    def places(self, axis):
        span = self.dilation[axis] * (self.kernel[axis] - 1) + 1
        padded = self.size[axis] + sum(self.padding[axis])
        return [i for i in range(padded) if i * self.stride[axis] + span <= padded]

    def entry(self, axis, i, u):
        """Return the entry that the window reads, or None if that is padding."""
        found = self.stride[axis] * i + self.dilation[axis] * u - self.padding[axis][0]
        return found if 0 <= found < self.size[axis] else None

    def taps(self):
        """Run over (i, j), (u, v), (row, column) of all taps that read the input."""
        for i, j in product(self.places(0), self.places(1)):
            for u, v in product(range(self.kernel[0]), range(self.kernel[1])):
                row, column = self.entry(0, i, u), self.entry(1, j, v)
                if row is not None and column is not None:
                    yield (i, j), (u, v), (row, column)


def convolution_by_input(g, value):
    total = defaultdict(int)
    for (i, j), (u, v), (row, column) in g.taps():
        for k, c in product(range(g.filters), range(g.channels // g.groups)):
            channel = k // (g.filters // g.groups) * (g.channels // g.groups) + c
            share = value("delta^z", (i, j, k)) * value("w", (u, v, c, k))
            total[row, column, channel] += share
    return total


def convolution_by_weight(g, value):
    total = defaultdict(int)
    for (i, j), (u, v), (row, column) in g.taps():
        for k, c in product(range(g.filters), range(g.channels // g.groups)):
            channel = k // (g.filters // g.groups) * (g.channels // g.groups) + c
            share = value("delta^z", (i, j, k)) * value("x", (row, column, channel))
            total[u, v, c, k] += share
    return total


def average_by_input(g, value):
    total = defaultdict(int)
    for (i, j), _, (row, column) in g.taps():
        for c in range(g.channels):
            total[row, column, c] += value("delta^p", (i, j, c)) / (g.kernel[0] * g.kernel[1])
    return total


def maximum_by_input(g, value):
    total = defaultdict(int)
    for (i, j), (u, v), (row, column) in g.taps():
        for c in range(g.channels):
            share = value("R^p", (i, j, c, u, v)) * value("delta^p", (i, j, c))
            total[row, column, c] += share
    return total
