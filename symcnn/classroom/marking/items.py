"""What the figures of a class say of the questions: how difficult they are, and what they tell.

Of the shares s_1, ..., s_n of its points that n students earned with a figure, and the rest of
their scores r_1, ..., r_n,

    difficulty         the mean of s, 1 if everybody earned everything
    discrimination     the correlation of s and r, from -1 to 1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Any

from symcnn.classroom.marking.marking import Figure, Marking

_FEWEST = 3
"""Two points are always on a line."""

_EQUAL = 1e-9
"""Scores that differ by less are equal."""


@dataclass(frozen=True)
class Item:
    """A figure or a quantity, as the class earned it.

    Attributes:
        difficulty: The share of its points that was earned.
        discrimination: The correlation with the rest of the score; None where all students are
            alike, or fewer than three.
    """

    difficulty: float
    discrimination: float | None


def of_quantities(markings: Sequence[Marking]) -> Mapping[str, Item]:
    """Return the quantities that points are given for."""
    return _items(markings, lambda figure: figure.quantity)


def of_figures(markings: Sequence[Marking]) -> Mapping[tuple[str, tuple[int, ...]], Item]:
    """Return the figures that points are given for, by quantity and position."""
    return _items(markings, lambda figure: (figure.quantity, figure.position))


def _items(markings: Sequence[Marking], key: Callable[[Figure], Any]) -> dict[Any, Item]:
    earned, possible = dict[Any, list[float]](), dict[Any, float]()
    for student, marking in enumerate(markings):
        for name, figures in _grouped(marking.figures, key).items():
            if whole := marking.possible(figures):
                possible[name] = whole
                scores = earned.setdefault(name, [0.0] * len(markings))
                scores[student] = marking.earned(figures)
    totals = [marking.earned(marking.figures) for marking in markings]
    return {name: _item(scores, possible[name], totals) for name, scores in earned.items()}


def _grouped(figures: Iterable[Figure], key: Callable[[Figure], Any]) -> dict[Any, list[Figure]]:
    found = dict[Any, list[Figure]]()
    for figure in figures:
        found.setdefault(key(figure), []).append(figure)
    return found


def _item(scores: Sequence[float], possible: float, totals: Sequence[float]) -> Item:
    rest = [total - score for total, score in zip(totals, scores, strict=True)]
    return Item(fsum(scores) / len(scores) / possible, correlation(scores, rest))


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the correlation of two samples; None if one of them is constant, or too short.

    >>> correlation([0, 1, 2], [3, 5, 7]), correlation([0, 1, 0], [1, 1, 1])
    (1.0, None)
    """
    if len(one) < _FEWEST or min(_width(one), _width(other)) <= _EQUAL:
        return None
    first, second = _centred(one), _centred(other)
    product = fsum(a * b for a, b in zip(first, second, strict=True))
    return product / sqrt(fsum(a * a for a in first) * fsum(b * b for b in second))


def _width(sample: Sequence[float]) -> float:
    return max(sample) - min(sample)


def _centred(sample: Sequence[float]) -> list[float]:
    mean = fsum(sample) / len(sample)
    return [number - mean for number in sample]
