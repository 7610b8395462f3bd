"""Which filter, channel and sample the pictures of a window show, in words."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed

from symcnn.document.pictures.window import Window
from symcnn.equations import SAMPLE, affine


def title(window: Window, what: str, read: Indexed) -> str:
    """Return what a grid shows: "input, channel 1, sample 2"."""
    return ", ".join((what, *(f"{kind} {number}" for kind, number in _named(window, read))))


def _named(window: Window, read: Indexed) -> Iterator[tuple[str, int]]:
    """Run over the axes that a grid is a slice of, each with the place of the slice."""
    first = window.context.style.index_base
    moving = {symbol for axis in window.axes for symbol in (axis.position, axis.offset)}
    for index, size in zip(read.indices, read.shape, strict=True):
        if size > 1 and not index.free_symbols & moving:
            yield _kind(window, index), int(affine(index).at(window.fixed)) + first


def _kind(window: Window, index: Expr) -> str:
    """Say what an index counts: samples, the filters of the result, or channels of the input."""
    if index == SAMPLE:
        return "sample"
    target = window.equation.target
    of_result = index.free_symbols <= target.free_symbols - window.read.free_symbols
    return "filter" if of_result or index in target.indices else "channel"
