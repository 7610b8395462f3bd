"""The legend of a network's picture: which way values are computed, and which way error signals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcnn.writing.drawing.bounds import Bounds, label_width
from symcnn.writing.drawing.picture import Label, Line, Shape

_HIGH, _MARGIN, _GAP, _ARROW = 16.0, 3.0, 4.0, 30.0
"""The height of the legend, what stands free, and the length of its arrows."""


def legend(width: float, bottom: float, fixed: Iterable[Bounds]) -> tuple[list[Shape], float]:
    """Put the legend beside the lowest entries, or below them; return it and where it ends.

    Args:
        width: The width of the picture.
        bottom: Where the entries end.
        fixed: What is there already.
    """
    beside = list(_at(width, bottom - _HIGH / 2))
    left, right = beside[0].x, beside[-1].x
    ends = left + _length(beside[0]), right - _length(beside[-1])
    own = (
        Bounds(0, bottom - _HIGH, ends[0], bottom),
        Bounds(ends[1], bottom - _HIGH, width, bottom),
    )
    if ends[0] < ends[1] and not any(there.meets(part) for there in fixed for part in own):
        return _with_arrows(beside), bottom
    return _with_arrows(_at(width, bottom + _HIGH / 2 + 2)), bottom + _HIGH


def _at(width: float, y: float) -> Iterator[Label]:
    yield Label(_MARGIN, y, "values", anchor="start")
    yield Label(width - _MARGIN, y, "error signals", -1, "end")


def _length(label: Label) -> float:
    """Return how long a label is with its arrow."""
    return label_width(label) + 2 * _GAP + _ARROW


def _with_arrows(labels: Iterable[Label]) -> list[Shape]:
    values, signals = labels
    start, end = values.x + label_width(values) + _GAP, signals.x - label_width(signals) - _GAP
    return [
        values,
        Line(((start, values.y), (start + _ARROW, values.y)), arrow=True),
        Line(((end, signals.y), (end - _ARROW, signals.y)), -1, arrow=True),
        signals,
    ]
