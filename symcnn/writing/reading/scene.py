"""Where a formula is worked out: at some values of its indices, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcnn.writing.reading.names import Names
from symcnn.writing.reading.parts import UnreadableError

Array = NDArray[Any]


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
        positions: The positions at which arrays are worked out, along each of their axes.
        laid: The axes of arrays by their tensors' names, which tell those of length 1 apart.
    """

    names: Names
    base: int
    letters: Mapping[str, Array]
    ranges: Mapping[str, int] = field(default_factory=dict)
    padded: bool = False
    defined: Mapping[str, Callable[[Mapping[str, Array]], Array]] = field(default_factory=dict)
    functions: Mapping[str, Callable[[Array], Array]] = field(default_factory=dict)
    axes: int = 1
    positions: tuple[Array, ...] = ()
    laid: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def over(self, letter: str, run: Array) -> Scene:
        """Let an index run over values that have an axis of their own."""
        return replace(self.deeper(), letters={**self.letters, letter: run})

    def deeper(self) -> Scene:
        """Return the same, inside of another sum."""
        return replace(self, axes=self.axes + 1)


def whole(number: Any) -> int:
    """Return the integer that the limit of a sum is."""
    if not np.isfinite(number) or number != round(float(number)):
        raise UnreadableError(f"{number} is no limit of a sum")
    return round(float(number))
