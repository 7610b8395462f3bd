"""Arrays of decimals by their positions; the sample comes first."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

ZERO, ONE = Decimal(0), Decimal(1)

Position = tuple[int, ...]
Array = dict[Position, Decimal]


def positions(shape: Iterable[int]) -> list[Position]:
    """Return all positions in row-major order."""
    return list(product(*map(range, shape)))


def zeros(shape: Iterable[int]) -> Array:
    return dict.fromkeys(positions(shape), ZERO)


def of(shape: Iterable[int], numbers: Iterable[Decimal]) -> Array:
    """Return an array of numbers in row-major order."""
    return dict(zip(positions(shape), numbers, strict=True))


def scaled(array: Array, factor: Decimal) -> Array:
    return {at: factor * number for at, number in array.items()}


def added(one: Array, other: Array) -> Array:
    return {at: number + other[at] for at, number in one.items()}


def by_columns(array: Array) -> Array:
    """Return what the numbers of a matrix are when they are written down by its columns."""
    rows, columns = (max(axis) + 1 for axis in zip(*array, strict=True))
    listed = [array[row, column] for column in range(columns) for row in range(rows)]
    return dict(zip(positions((rows, columns)), listed, strict=True))
