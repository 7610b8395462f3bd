"""What a part of a formula means: its value wherever it is worked out, at some indices at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symcnn.writing.reading.functions import precise
from symcnn.writing.reading.names import Names
from symcnn.writing.reading.parts import Parts, UnreadableError

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
        precise: Whether numbers have more digits, and larger exponents, than floats.
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
    precise: bool = False

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


Reading = Callable[[Scene], Array]
"""Gives the value of a formula; it is no number where an index leaves its tensor."""

Read = Callable[[Parts], Reading]
"""Reads parts beside each other as one expression."""


def number(value: Any) -> Reading:
    """Return what means a number."""
    array = np.asarray(float(value))
    return lambda scene: precise(value) if scene.precise else array


def added(terms: Sequence[tuple[int, Reading]], *, kept: bool = False) -> Reading:
    """Return a sum of terms with signs.

    Args:
        terms: The terms.
        kept: Whether a term that reads outside of a padded tensor counts as nothing.
    """
    if len(terms) == 1 and terms[0][0] == 1 and not kept:
        return terms[0][1]

    def total(scene: Scene) -> Array:
        values = (sign * term(scene) for sign, term in terms)
        return np.asarray(sum(map(np.nan_to_num, values) if kept and scene.padded else values))

    return total


def multiplied(factors: Sequence[Reading], brackets: Sequence[Reading] = ()) -> Reading:
    """Return a product; where a bracket is 0, its other factors need not exist."""
    if len(factors) == 1 and not brackets:
        return factors[0]

    def value(scene: Scene) -> Array:
        made: Array = np.asarray(1.0)
        for factor in factors:
            made = made * factor(scene)
        for bracket in brackets:
            holds = bracket(scene)
            made = np.where(holds == 0, 0.0, made * holds)
        return made

    return value


def divided(above: Reading, below: Reading) -> Reading:
    """Return a quotient; a bracket above that is 0 leaves nothing."""

    def value(scene: Scene) -> Array:
        numerator = above(scene)
        return np.where(numerator == 0, 0.0, numerator / below(scene))

    return value
