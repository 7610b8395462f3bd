"""Random numbers for the entries of a tensor, each made from its place: none of them is kept.

A tensor may have more entries than the memory holds, of which a formula reads few.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from symcnn.equations.values.evaluation import Array
from symcnn.writing.reading.names import Places

_GOLDEN, _FIRST, _SECOND = map(
    np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


class Scattered(NamedTuple):
    """The numbers of a tensor.

    Attributes:
        shape: Its lengths.
        key: What its numbers depend on, beside their places.
        low: The lowest number.
        high: What all numbers are less than.
        whole: Whether they are whole numbers.
    """

    shape: tuple[int, ...]
    key: tuple[int, int]
    low: float
    high: float
    whole: bool = False

    def at(self, places: Places) -> Array:
        """Return the numbers of entries."""
        place = np.zeros((1,), dtype=np.uint64)
        for part in (*self.key, *places):
            place = _mixed(place + np.asarray(part).astype(np.uint64))
        shape = np.broadcast_shapes(*map(np.shape, places))
        share = (place >> np.uint64(11)).reshape(shape) * 2.0**-53
        numbers = self.low + share * (self.high - self.low)
        return np.asarray(np.floor(numbers) if self.whole else numbers)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the next number of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014)."""
    state = state + _GOLDEN
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))
