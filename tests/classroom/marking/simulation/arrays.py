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
    """Return the matrix whose numbers, read by its columns, are those of this one by its rows."""
    rows, columns = (max(axis) + 1 for axis in zip(*array, strict=True))
    listed = [*array.values()]
    return {(r, c): listed[c * rows + r] for r, c in positions((rows, columns))}


def in_columns(array: Array) -> Array:
    """Return the matrix whose numbers by its rows are those of this one by its columns."""
    rows, columns = (max(axis) + 1 for axis in zip(*array, strict=True))
    listed = [array[r, c] for c in range(columns) for r in range(rows)]
    return of((rows, columns), listed)
