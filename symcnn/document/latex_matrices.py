r"""Matrices as LaTeX, for the formats that share it: x = \left(\begin{array}{rr} ...\right)."""

from __future__ import annotations

from symcnn.document.blocks import Matrix
from symcnn.document.decimals import Cell, cells
from symcnn.formula.latex import latex


def latex_matrix(matrix: Matrix) -> str:
    """Return a matrix with its name; a single number stands without brackets."""
    made = cells(matrix)
    body = "\\\\\n".join(" & ".join(map(_padded, row)) for row in made)
    if len(made) > 1 or len(made[0]) > 1:
        columns = "r" * len(made[0])
        body = f"\\left(\\begin{{array}}{{{columns}}}\n{body}\n\\end{{array}}\\right)"
    return f"{latex(matrix.left)} {matrix.relation} {body}"


def _padded(cell: Cell) -> str:
    return latex(cell.figure) + (rf"\phantom{{{cell.unseen}}}" if cell.unseen else "")
