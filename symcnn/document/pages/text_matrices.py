"""Matrices as lines of text, beside each other as far as the width goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Matrix
from symcnn.document.pages.columns import columns
from symcnn.document.rows.decimals import Cell, cells
from symcnn.writing.formula.build import row
from symcnn.writing.formula.unicode import text

_MARGIN, _GAP = 2, 4
_BRACKETS = {"only": ("(", ")"), "first": ("⎛", "⎞"), "middle": ("⎜", "⎟"), "last": ("⎝", "⎠")}


def beside(matrices: Sequence[Matrix], width: int) -> list[str]:
    """Return the lines of matrices, as many beside each other as fit into ``width`` columns."""
    lines: list[str] = []
    for group in _fitting([_lines(matrix) for matrix in matrices], width - _MARGIN):
        lines += [*([""] if lines else []), *_joined(group)]
    return lines


def _fitting(blocks: Sequence[list[str]], width: int) -> Iterator[list[list[str]]]:
    group: list[list[str]] = []
    for block in blocks:
        if group and sum(columns(b[0]) + _GAP for b in group) + columns(block[0]) > width:
            yield group
            group = []
        group.append(block)
    yield group


def _joined(group: Sequence[list[str]]) -> Iterator[str]:
    """Put blocks of lines beside each other, each in the middle of the highest."""
    height = max(map(len, group))
    for n in range(height):
        parts = []
        for block in group:
            place = n - (height - len(block)) // 2
            inside = 0 <= place < len(block)
            parts.append(block[place] if inside else " " * columns(block[0]))
        yield " " * _MARGIN + (" " * _GAP).join(parts).rstrip()


def _lines(matrix: Matrix) -> list[str]:
    """Return a matrix with its name before the row in the middle."""
    name = f"{text(matrix.left)} {text(row(matrix.relation))} "
    rows = [[_padded(cell) for cell in cells] for cells in cells(matrix)]
    if len(rows) == len(rows[0]) == 1:
        return [name + rows[0][0]]
    widest = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    middle = (len(rows) - 1) // 2
    return [
        (name if n == middle else " " * columns(name)) + _row(cells, widest, _place(n, len(rows)))
        for n, cells in enumerate(rows)
    ]


def _row(cells: Sequence[str], widest: Sequence[int], place: str) -> str:
    left, right = _BRACKETS[place]
    shown = (" " * (wide - columns(cell)) + cell for cell, wide in zip(cells, widest, strict=True))
    return f"{left} {'  '.join(shown)} {right}"


def _place(n: int, height: int) -> str:
    if height == 1:
        return "only"
    return "first" if n == 0 else "last" if n == height - 1 else "middle"


def _padded(cell: Cell) -> str:
    return text(cell.figure) + " " * len(cell.unseen)
