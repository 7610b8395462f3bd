"""Row-major order: entries are counted with the last index running fastest."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from symcnn.notation import Shape


def strides(shape: Sequence[int]) -> Shape:
    """Return by how many entries a step along each axis moves.

    >>> strides((2, 3, 4))
    (12, 4, 1)
    """
    return tuple(prod(map(int, shape[axis + 1 :])) for axis in range(len(shape)))


def entry_at(position: Sequence[int], shape: Sequence[int]) -> int:
    """Return which entry stands at a position.

    >>> entry_at((1, 2, 3), (2, 3, 4))
    23
    """
    return sum(p * step for p, step in zip(position, strides(shape), strict=True))


def position_of(entry: int, shape: Sequence[int]) -> tuple[int, ...]:
    """Return the position of an entry.

    >>> position_of(23, (2, 3, 4))
    (1, 2, 3)
    """
    return tuple(entry // step % int(n) for step, n in zip(strides(shape), shape, strict=True))
