"""Grids beside each other, and the signs that join them.

What is summed over has one grid for each channel, and these stand in a stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from symcnn.document.pictures.grids import OPEN, PRINTED, Grid, Look, Panel, Spot
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import WIDEST, Box, Label, Line, Picture, Shape
from symcnn.writing.formula import Formula

_MARGIN, _APART, _BETWEEN, _LEAST = 2.0, 9.0, 8.0, 40.0
"""What stands free around a picture, around a sign, between grids of a stack; a gap with lines."""

_HIGHEST = 230.0
"""The height up to which cells hold both symbols and values, in points."""

Stack = Sequence[Panel]
"""Grids of one tensor, one for each channel."""

Pair = tuple[Spot, Spot]
"""A cell of the first grid and one of the second that are joined by a line."""


def beside(
    stacks: Sequence[Stack], joints: Sequence[Formula], alt: str, pairs: Sequence[Pair] = ()
) -> Picture | None:
    """Put stacks of grids beside each other; None if the page is too narrow.

    Args:
        stacks: The grids, those of each stack one below the other.
        joints: The signs between the stacks.
        alt: What the picture shows, in words.
        pairs: Cells of the first grid and of the second that are joined by lines, not by a sign.
    """
    for look in _looks(stacks):
        placed = _Beside(stacks, joints, look, pairs)
        is_low = placed.height <= _HIGHEST or not (look.symbols and look.values)
        if placed.width <= WIDEST and is_low:
            return Picture(placed.width, placed.height, tuple(placed.shapes()), alt)
    return None


def _looks(stacks: Sequence[Stack]) -> Sequence[Look]:
    return OPEN if any(panel.is_open for stack in stacks for panel in stack) else PRINTED


class _Beside:
    """Stacks beside each other, each around the middle of the picture's height."""

    def __init__(
        self, stacks: Sequence[Stack], joints: Sequence[Formula], look: Look, pairs: Sequence[Pair]
    ) -> None:
        self._grids = [[Grid(panel, look) for panel in stack] for stack in stacks]
        self._joints = joints
        self._widths = [max(grid.width for grid in stack) for stack in self._grids]
        self._cells = [
            sum(grid.height for grid in stack) + _BETWEEN * (len(stack) - 1) - stack[0].head
            for stack in self._grids
        ]
        self._gaps = [label_width(Label(0, 0, j, small=False)) + 2 * _APART for j in joints]
        if pairs:
            self._gaps[0] = max(self._gaps[0], _LEAST)
        self._pairs = pairs
        self.width = sum(self._widths) + sum(self._gaps) + 2 * _MARGIN
        halves = [cells / 2 for cells in self._cells]
        heads = [stack[0].head for stack in self._grids]
        self._middle = _MARGIN + max(map(sum, zip(heads, halves, strict=True)))
        self.height = self._middle + max(halves) + _MARGIN

    def _tops(self, n: int) -> list[float]:
        """Return where the grids of a stack begin: their cells are around the middle."""
        stack = self._grids[n]
        top = self._middle - self._cells[n] / 2 - stack[0].head
        return list(accumulate((g.height + _BETWEEN for g in stack[:-1]), initial=top))

    def _x(self, n: int) -> float:
        """Return the middle of a stack."""
        return _MARGIN + sum(self._widths[:n]) + sum(self._gaps[:n]) + self._widths[n] / 2

    def shapes(self) -> Iterator[Shape]:
        """Draw the grids, and between them signs or lines."""
        for n, stack in enumerate(self._grids):
            for grid, top in zip(stack, self._tops(n), strict=True):
                yield from grid.shapes(self._x(n), top)
        first, second = (self._grids[n][0].boxes(self._x(n), self._tops(n)[0]) for n in (0, 1))
        is_clear = all(_is_clear(first, second, *pair) for pair in self._pairs)
        joined = self._pairs if is_clear else ()
        for one, other in joined:
            a, b = first[one], second[other]
            yield Line(((a.x + a.width, a.y + a.height / 2), (b.x, b.y + b.height / 2)), 2)
        for n, joint in enumerate(self._joints):
            if n or not joined:
                x = self._x(n) + self._widths[n] / 2 + self._gaps[n] / 2
                yield Label(x, self._middle, joint, small=False)


def _is_clear(boxes: dict[Spot, Box], others: dict[Spot, Box], first: Spot, second: Spot) -> bool:
    """Tell whether a line from a cell to one of the next grid passes over no other cell."""
    behind = any(line == first[0] and column > first[1] for line, column in boxes)
    return not behind and not any(
        line == second[0] and column < second[1] for line, column in others
    )
