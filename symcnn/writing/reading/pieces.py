"""Formulas of many terms: they are worked out piece by piece, and at fewer places at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from symcnn.writing.reading.parts import UnreadableError

Array = NDArray[Any]

_AT_ONCE = 1_000_000
"""The terms of a sum that are worked out at once."""

_MOST = 20_000_000
"""The terms of a sum that are worked out in turn."""

_Case = TypeVar("_Case")
_Made = TypeVar("_Made")


class TooManyError(UnreadableError):
    """More terms than are worked out."""


def by_pieces(
    first: float,
    last: float,
    at: Mapping[Any, Array],
    axes: int,
    collected: Callable[[Array], tuple[Array, int]],
) -> list[Array]:
    """Add up over an index, for all of its values at once or piece by piece.

    Args:
        first: The first value.
        last: The last value.
        at: The values of the other indices.
        axes: How many axes these have; the index gets one in front of them.
        collected: Adds up over some values; gives the sum, and how many terms it has.

    Raises:
        TooManyError: If there are more terms than are worked out.
    """

    def part(start: float, count: int) -> tuple[Array, int]:
        return collected((start + np.arange(float(count))).reshape(-1, *(1,) * axes))

    count = int(max(last - first, 0)) + 1
    if count * prod(np.broadcast_shapes(*(n.shape for n in at.values()))) <= _AT_ONCE:
        return [part(first, count)[0]]
    made, terms = part(first, 1)
    if count * terms > _MOST:
        raise TooManyError("the formula has too many terms")
    length = max(1, _AT_ONCE // max(1, terms))
    rest = range(1, count, length)
    return [made, *(part(first + n, min(length, count - n))[0] for n in rest)]


def at_fewer(cases: Sequence[_Case], made: Callable[[Sequence[_Case]], _Made]) -> _Made | None:
    """Work something out at all cases, or at every second one where there are too many terms.

    What has too many terms at one case alone is not worked out.
    """
    while True:
        try:
            return made(cases)
        except TooManyError:
            if len(cases) < 2:
                return None
            cases = cases[::2]
