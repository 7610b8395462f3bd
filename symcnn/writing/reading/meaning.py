"""What a part of a formula means: its value wherever it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symcnn.writing.reading.parts import Parts
from symcnn.writing.reading.scene import Array, Scene

Meaning = Callable[[Scene], Array]
"""Gives the value of a formula; it is no number where an index leaves its tensor."""

Read = Callable[[Parts], Meaning]
"""Reads parts beside each other as one expression."""


def number(value: Any) -> Meaning:
    """Return what means a number."""
    array = np.asarray(float(value))
    return lambda scene: array


def added(terms: Sequence[tuple[int, Meaning]], *, kept: bool = False) -> Meaning:
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


def multiplied(factors: Sequence[Meaning], brackets: Sequence[Meaning] = ()) -> Meaning:
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


def divided(above: Meaning, below: Meaning) -> Meaning:
    """Return a quotient; a bracket above that is 0 leaves nothing."""

    def value(scene: Scene) -> Array:
        numerator = above(scene)
        return np.where(numerator == 0, 0.0, numerator / below(scene))

    return value
