"""The boxes of a student's version in Markdown: what is written into each, and around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr

from symcnn.document.blocks import Matrices, Matrix, Row, Rows
from symcnn.document.document import Document
from symcnn.document.pages.latex_matrices import latex_matrix, spaces
from symcnn.document.pages.writers.md import row_lines
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.traversal import flat

RULE = r"\\rule\[[^\]]*\]\{[^}]*\}\{[^}]*\}"
BOX = re.compile(rf"{RULE}\\boxed\{{{RULE}\\hspace\{{[^}}]*\}}\}}")
"""A box that nothing was written into."""


@dataclass(frozen=True)
class Display:
    """A row or a matrix with boxes.

    Attributes:
        around: The text before the first box, between each two, and behind the last.
        asked: For each box the entry that is asked for; None if it is for a formula.
    """

    around: tuple[str, ...]
    asked: tuple[Expr | None, ...]


def displays(student: Document) -> Iterator[Display]:
    """Run over what a student's version has boxes in, but for tables and sentences."""
    for block in flat(student.blocks):
        if isinstance(block, Rows):
            for row, lines in zip(block.rows, row_lines(block), strict=True):
                yield from _display(r" \\ ".join(lines), _asked(row))
        elif isinstance(block, Matrices):
            for matrix in block.matrices:
                yield from _display(latex_matrix(matrix, spaces), _entries(matrix))


def squeezed(text: str) -> str:
    """Return text with single spaces, and without the marks of quotations."""
    return " ".join(re.sub(r"^[> ]+", "", text, flags=re.MULTILINE).split())


def _display(text: str, asked: tuple[Expr | None, ...]) -> Iterator[Display]:
    around = tuple(part.strip() for part in BOX.split(squeezed(text)))
    if asked and len(around) == len(asked) + 1:
        yield Display(around, asked)


def _asked(row: Row) -> tuple[Expr | None, ...]:
    """Return what the boxes of a row are for: the last one is for its value, if it has one."""
    boxes = gaps_of(row)
    if not boxes or len(row.claim.left) != 1:
        return ()
    value = row.claim.left[0] if row.claim.value is not None else None
    return (*((None,) * (boxes - 1)), value)


def _entries(matrix: Matrix) -> tuple[Expr | None, ...]:
    figures = (figure for line in matrix.figures for figure in line)
    return tuple(figure.claim.left[0] for figure in figures if gaps_of(figure))


def has_boxes(matrix: Matrix) -> bool:
    """Tell whether a matrix has figures to be filled in."""
    return any(gaps_of(figure) for line in matrix.figures for figure in line)
