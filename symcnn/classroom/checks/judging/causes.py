"""One mistake in an early stage makes several arrays wrong: what explains most of them is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from symcnn.classroom.checks.judging.naming import Heard, Named, named


def causes(name: str, wrong: Sequence[Heard], right: Sequence[Heard]) -> list[Named]:
    """Return the mistakes that yield an array in every trial, ties left aside."""
    if not all(np.isfinite(one.returned).all() for one in wrong):
        return []
    return named(name, [*ordered(wrong), *(one for one in right if not one.trial.tied)], 0)


def ordered(wrong: Sequence[Heard]) -> list[Heard]:
    """Return the trials in which an array is wrong, small ones first, the smallest of all last."""
    return sorted(wrong, key=lambda one: (one.trial.is_smallest, one.trial.entries))


def likeliest(found: Mapping[str, Sequence[Named]]) -> dict[str, list[Named]]:
    """Return the mistakes of each array, first those that explain the most arrays."""
    explained = Counter(key for ways in found.values() for key in {one.way.key for one in ways})

    def rank(one: Named) -> tuple[bool, int]:
        is_last_resort = any(mistake.is_last_resort for mistake in one.mistakes)
        return is_last_resort, -explained[one.way.key]

    return {name: sorted(ways, key=rank) for name, ways in found.items()}
