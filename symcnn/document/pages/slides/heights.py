"""How much room the steps of a frame take: estimated, in points, for letters of any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Block, Diagram, Matrices, Paragraph, Rows, Table
from symcnn.document.pages.extent import height as of_page
from symcnn.document.pages.extent import line_height
from symcnn.document.pages.latex_breaks import lines_of
from symcnn.document.pages.latex_matrices import in_lines
from symcnn.document.rows.layout import display
from symcnn.document.words.sentences import written
from symcnn.writing.formula import Formula, Scripts, nodes
from symcnn.writing.formula.tree import Atom
from symcnn.writing.formula.width import width

WIDTH = 398.0
"""The width of the text of a frame, in points."""

LINE = 345.0
"""The width that a row may take, in points, in letters of 10 points."""

ROOM = 182.0
"""The height that a frame has below its title, in points."""

_LETTER, _BASE, _APART, _AROUND, _CELL = 5.6, 13.6, 5.0, 13.0, 16.5
"""The width of a letter; the heights of a line, of what is between steps, and around a display."""

_ENTRY, _BETWEEN = 15.7, 8.0
"""The heights of a row of a matrix, and of what is between matrices below each other."""

_TALL, _HIGHER = 19.0, 1.2
"""From which height on a line of a display has a fraction, and what that makes of it."""

_WITH_LIMITS = (Atom(r"\sum"), Atom(r"\prod"), Atom(r"\max"), Atom(r"\min"))
_LIMITED = {(True, True): 36.0, (True, False): 29.0, (False, True): 29.0, (False, False): 17.0}
"""The height of a line with such a sign, by what stands below it and above."""

TWO_LINES = _APART + 2 * _BASE
"""The height of a short paragraph."""


def height(block: Block, scale: float = 1.0) -> float:
    """Estimate the height of a step in letters of some size, in points."""
    match block:
        case Paragraph():
            words = sum(written(block.text, width, lambda words: _LETTER * len(words)))
            return _APART + scale * _BASE * (1 + scale * words // WIDTH)
        case Rows():
            line = LINE / scale
            lines = [[line.left, line.right] for made in display(block, line) for line in made]
            return _AROUND + scale * sum(map(_high, lines))
        case Matrices():
            beside = [*in_lines(block.matrices, LINE / scale)]
            rows = sum(max(len(m.figures) for m in matrices) for matrices in beside)
            return _APART + scale * (_ENTRY * rows + _BETWEEN * len(beside))
        case Table():
            lines_in = (lines_of(row, block, WIDTH) for row in block.rows)
            return _AROUND + _CELL * (1 + sum(lines_in))
        case Diagram():
            return ROOM
    return scale * of_page(block)


def _high(line: Sequence[Formula]) -> float:
    """Return the height of a line of a display: limits stand above and below their signs."""
    limits = [_LIMITED[bool(n.sub), bool(n.sup)] for n in _scripts(line) if n.base in _WITH_LIMITS]
    found = line_height(line)
    return max([found if found < _TALL else _HIGHER * found, *limits])


def _scripts(line: Sequence[Formula]) -> Iterator[Scripts]:
    return (n for made in line for n in nodes(made) if isinstance(n, Scripts))
