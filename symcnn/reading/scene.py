"""Where a formula is worked out: at some values of its indices, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcnn.reading.names import Names
from symcnn.reading.parts import UnreadableError

Array = NDArray[Any]

_MOST = 20_000_000
"""The terms of a formula that are worked out at once."""


class TooManyError(UnreadableError):
    """More terms than are worked out at once."""


@dataclass(frozen=True)
class Scene:
    """Values for the letters of a formula, along one axis; each sum adds an axis in front.

    Attributes:
        names: What letters stand for that are no indices.
        base: What the first index is.
        letters: The values of indices, and of sizes.
        ranges: How many values the indices have whose range is not printed.
        padded: Whether a term counts as nothing where an index leaves its tensor.
        defined: Indices with names, such as i_{u}, by what they are made of.
        functions: Functions that have a letter, by that.
        axes: The number of axes.
    """

    names: Names
    base: int
    letters: Mapping[str, Array]
    ranges: Mapping[str, int] = field(default_factory=dict)
    padded: bool = False
    defined: Mapping[str, Callable[[Mapping[str, Array]], Array]] = field(default_factory=dict)
    functions: Mapping[str, Callable[[Array], Array]] = field(default_factory=dict)
    axes: int = 1

    def over(self, letter: str, low: Array, high: Array) -> tuple[Scene, Array]:
        """Let an index run, on an axis of its own; return where it is within its limits."""
        first, last = (whole(end(n)) for end, n in ((np.min, low), (np.max, high)))
        run = np.arange(first, max(first, last) + 1).reshape(-1, *(1,) * self.axes)
        inside = (run >= low) & (run <= high)
        if inside.size > _MOST:
            raise TooManyError("the formula has too many terms")
        letters = {**self.letters, letter: run.astype(float)}
        return replace(self, letters=letters, axes=self.axes + 1), inside


def whole(number: Any) -> int:
    """Return the integer that the limit of a sum is."""
    if not np.isfinite(number) or number != round(float(number)):
        raise UnreadableError(f"{number} is no limit of a sum")
    return round(float(number))
