"""The height of blocks on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.document.blocks import (
    Block,
    Diagram,
    Emblems,
    Heading,
    Inline,
    Matrices,
    Matrix,
    Note,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.pages.latex_matrices import in_lines
from symcnn.document.rows.layout import TEXT, display
from symcnn.document.words.sentences import written
from symcnn.writing.formula import Formula, Gap, nodes
from symcnn.writing.formula.breaking import LINE, MARGIN
from symcnn.writing.formula.width import height as tall
from symcnn.writing.formula.width import width

_LETTER, _LINE, _ROW, _ROWS, _HEADING, _GAP = 4.9, 13.6, 15.5, 12.6, 31.0, 6.0
"""The width of a letter, and the heights of what pages are made of, in points."""

_EM, _JOT = 10.95, 5.7
"""The size of letters, and how much higher the line of a display is, in points."""

_SMALL = 0.92
"""The size of matrices beside that of the text."""

_APART, _AROUND = 4.0, 12.0
"""What separates paragraphs, and what is around a display, in points."""


def height(block: Block) -> float:
    """Estimate the height of a block on paper, in points."""
    match block:
        case Heading():
            return _HEADING
        case Paragraph():
            words = sum(written(block.text, width, lambda words: _LETTER * len(words)))
            return _APART + _LINE * (1 + words // TEXT)
        case Rows():
            lines = [[line.right for line in beside] for beside in display(block)]
            return _AROUND + sum(_high(line, _line_height(line)) for line in lines)
        case Table():
            return 2 * _GAP + _ROW + sum(_high(_formulas(row), _ROW) for row in block.rows)
        case Matrices():
            return max(sum(_lines(block)), sum(map(_boxed, block.matrices)))
        case Diagram():
            return block.picture.height + 4 * _LINE
        case Note():
            return 2 * _GAP + sum(map(height, block.blocks))
        case Emblems():
            return max(image.height for image in block.images)
    return 0.0


def _lines(block: Matrices) -> Iterator[float]:
    """Run over the heights of lines of matrices."""
    for beside in in_lines(block.matrices, (LINE + MARGIN) / _SMALL):
        yield 2 * _GAP + _ROWS * max(len(matrix.figures) for matrix in beside)


def _line_height(formulas: Iterable[Formula]) -> float:
    """Return the height of a line of a display, in points."""
    return _JOT + _EM * max((tall(node) for made in formulas for node in nodes(made)), default=1.0)


def _formulas(row: Sequence[Text]) -> Iterator[Formula]:
    return (part.formula for cell in row for part in cell if isinstance(part, Inline))


def _boxed(matrix: Matrix) -> float:
    """Return the height of a matrix of boxes for answers, or 0 of another."""
    formulas = [term for row in matrix.figures for f in row for term in f.sides[0].terms]
    high = _high(formulas, 0.0)
    return 2 * _GAP + high * len(matrix.figures) if high else 0.0


def _high(formulas: Iterable[Formula], usual: float) -> float:
    """Return the height of a row, which boxes for answers may make higher."""
    found = (node for formula in formulas for node in nodes(formula))
    return max([usual, *(node.high + _GAP for node in found if isinstance(node, Gap))])
