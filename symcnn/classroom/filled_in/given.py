"""Given matrices in a text: whether they are those of a problem, or of another variant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sympy import Expr, Rational

from symcnn.classroom.marking.intervals.written import figure
from symcnn.document.blocks import Matrices, Matrix
from symcnn.document.document import Document
from symcnn.document.pages.latex_matrices import latex_matrix, spaces
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.traversal import flat
from symcnn.errors import SymcnnError

_BEGIN, _END = "\\begin{array}{", "\\end{array}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CELLS = re.compile(r"&|\\\\")


class Given(NamedTuple):
    """A given matrix.

    Attributes:
        whole: How it is printed.
        left: Its left side.
        values: Its numbers, row by row.
    """

    whole: str
    left: str
    values: Sequence[Expr | None]


def given_in(sheet: Document) -> Iterator[Given]:
    """Run over the matrices of a sheet that are given."""
    for block in flat(sheet.blocks):
        if isinstance(block, Matrices):
            for matrix in block.matrices:
                whole = squeezed(latex_matrix(matrix, spaces))
                left, begin, _ = whole.partition(_BEGIN)
                if begin and not has_boxes(matrix):
                    values = [entry.claim.value for line in matrix.figures for entry in line]
                    yield Given(whole, left, values)


def check_given(text: str, given: Iterable[Given]) -> None:
    """Refuse a text in which a given matrix has other numbers than in the sheet of a problem.

    Matrices that the text does not have are passed over, as somebody may have left them out, and
    so are those with fractions or powers of ten.

    Raises:
        SymcnnError: If one has other numbers.
    """
    for matrix in given:
        if matrix.whole not in text:
            _check(text, matrix)


def _check(text: str, matrix: Given) -> None:
    for cells in _matrices(text, matrix.left):
        if all(map(_NUMBER.fullmatch, cells)) and not _stand_for(cells, matrix.values):
            name = matrix.left.partition(" =")[0]
            raise SymcnnError(
                f"this sheet has other numbers than the problem, {name} = ({', '.join(cells)}): "
                "name the problem file of its variant"
            )


def _matrices(text: str, left: str) -> Iterator[list[str]]:
    """Run over the cells of the matrices that stand behind a left side."""
    for part in text.split(f"{left}{_BEGIN}")[1:]:
        body = part.partition("}")[2].partition(_END)[0].replace("{,}", ".")
        yield [cell.strip() for cell in _CELLS.split(body)]


def _stand_for(cells: Sequence[str], values: Sequence[Expr | None]) -> bool:
    """Tell whether numbers, perhaps rounded, are those of a problem."""
    written = [figure(cell, "a given number") for cell in cells]
    return len(cells) == len(values) and all(
        w is not None and v is not None and Rational(w.least) <= v <= Rational(w.greatest)
        for w, v in zip(written, values, strict=True)
    )


def has_boxes(matrix: Matrix) -> bool:
    """Tell whether a matrix has figures to be filled in."""
    return any(gaps_of(figure) for line in matrix.figures for figure in line)


def squeezed(text: str) -> str:
    """Return text with single spaces, and without the marks of quotations."""
    return " ".join(re.sub(r"^[> ]+", "", text, flags=re.MULTILINE).split())
