r"""Matrices as LaTeX, for the formats that share it: x = \left(\begin{array}{rr} ...\right)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from symcnn.document.blocks import Matrix
from symcnn.document.rows.decimals import Cell, cells, wide
from symcnn.writing.formula.latex import latex
from symcnn.writing.wrapping import packed

_COLUMN, _BETWEEN = 10.0, 10.0
"""The widths of the space of a column outside of LaTeX, and of a quad, in points."""

Unseen = Callable[[str], str]
"""Returns what takes up the width of digits without printing them."""


def phantom(digits: str) -> str:
    """Take up exactly their width."""
    return rf"\phantom{{{digits}}}"


def spaces(digits: str) -> str:
    """Take up half an em a digit, and a wide space for the mark: GitHub refuses phantoms."""
    return "".join(r"\enspace" if digit.isdecimal() else r"\;" for digit in digits)


def latex_matrix(matrix: Matrix, unseen: Unseen = phantom, edge: str = "") -> str:
    r"""Return a matrix with its name; a single number stands without brackets.

    Args:
        matrix: The matrix.
        unseen: What takes up the width of digits that are missing.
        edge: What stands for the space inside of the brackets: ``@{}`` for none, in LaTeX itself.
    """
    made = cells(matrix)
    body = "\\\\\n".join(" & ".join(_padded(cell, unseen) for cell in row) for row in made)
    if len(made) > 1 or len(made[0]) > 1:
        columns = "r" * len(made[0])
        body = f"\\left(\\begin{{array}}{{{edge}{columns}{edge}}}\n{body}\n\\end{{array}}\\right)"
    return f"{latex(matrix.left)} {matrix.relation} {body}"


def in_lines(matrices: Iterable[Matrix], line: float) -> Iterator[list[Matrix]]:
    """Put matrices into lines, as many into each as fit."""
    return packed(matrices, lambda matrix: _BETWEEN + wide(matrix, _COLUMN), line)


def _padded(cell: Cell, unseen: Unseen) -> str:
    return latex(cell.figure) + (unseen(cell.unseen) if cell.unseen else "")
