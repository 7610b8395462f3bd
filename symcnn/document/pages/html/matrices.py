"""Matrices beside each other; one wider than a phone is smaller there, or scrolls."""

from __future__ import annotations

from symcnn.document.blocks import Inline, Matrices, Matrix
from symcnn.document.pages.html.formulas import inside, width
from symcnn.document.pages.html.tables import region
from symcnn.document.pages.html.text import PHONE, plain
from symcnn.document.rows.decimals import Cell, cells
from symcnn.writing.formula.build import row as beside

_GAP, _FRAME = 0.8, 3.0
"""What separates columns, and what brackets and the margin take, in em."""

_MATH = '<math displaystyle="true">'
"""A name such as dL/dw is as large as in other equations; the entries of a matrix stay small."""


def matrices(block: Matrices) -> str:
    """Return matrices, as many in a line as fit."""
    made = "\n".join(map(_shown, block.matrices))
    return f'<div class="matrices">\n{made}\n</div>'


def _shown(matrix: Matrix) -> str:
    made = cells(matrix)
    columns = (max(map(_width, column)) + _GAP for column in zip(*made, strict=True))
    wide = width(matrix.left) + sum(columns) + _FRAME
    if wide <= PHONE:
        return f"<div>{_math(matrix, made)}</div>"
    name = f"Matrix {plain((Inline(matrix.left),))}"
    return region(_math(matrix, made), name, f"--wide: {wide:.1f}")


def _width(cell: Cell) -> float:
    return width(cell.figure) + (width(beside(cell.unseen.strip(",."))) if cell.unseen else 0.0)


def _math(matrix: Matrix, made: list[list[Cell]]) -> str:
    """Return a matrix with its name; a single number stands without brackets."""
    left = inside(beside(matrix.left, matrix.relation))
    if len(made) == len(made[0]) == 1:
        whole = beside(matrix.left, matrix.relation, made[0][0].figure)  # = -3, not 0 - 3
        return f"{_MATH}{inside(whole)}</math>"
    body = "".join(f"<mtr>{''.join(map(_cell, row))}</mtr>" for row in made)
    return f"{_MATH}{left}<mrow><mo>(</mo><mtable>{body}</mtable><mo>)</mo></mrow></math>"


def _cell(cell: Cell) -> str:
    unseen = f"<mphantom><mn>{cell.unseen}</mn></mphantom>" if cell.unseen else ""
    return f'<mtd class="r">{inside(cell.figure)}{unseen}</mtd>'
