"""Row-major order: entries are counted with the last index running fastest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from symcnn.equations.notation import Shape
from symcnn.equations.sizes import number_of, plain


@cache
def strides(shape: Shape) -> Shape:
    """Return by how many entries a step along each axis moves.

    >>> strides((2, 3, 4))
    (12, 4, 1)
    """
    return tuple(number_of(map(plain, shape[axis + 1 :])) for axis in range(len(shape)))


def entry_at(position: Sequence[int], shape: Shape) -> int:
    """Return which entry stands at a position.

    >>> entry_at((1, 2, 3), (2, 3, 4))
    23
    """
    return sum(p * step for p, step in zip(position, strides(shape), strict=True))


def position_of(entry: Any, shape: Shape) -> tuple[Any, ...]:
    """Return the position of an entry, or of all entries of an array.

    >>> position_of(23, (2, 3, 4))
    (1, 2, 3)
    """
    return tuple(entry // step % int(n) for step, n in zip(strides(shape), shape, strict=True))


def are_injective(loops: Iterable[tuple[int, int]]) -> bool:
    """Tell whether loops of (size, step) surely lead to different entries.

    That is so where each step is longer than all shorter ones reach together.

    >>> are_injective([(2, 12), (3, 4), (4, 1)]), are_injective([(2, 2), (3, 1)])
    (True, False)
    """
    reach = 0
    for step, size in sorted((abs(step), size) for size, step in loops if size > 1):
        if step <= reach:
            return False
        reach += step * (size - 1)
    return True
