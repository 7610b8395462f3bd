r"""Blocks as LaTeX in an author's paper: displays with labels, broken for its column.

\begin{align}
z_{ik} &= \sum_{u} w_{uk} x_{i+u}, \label{eq:conv-z}
\end{align}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symcnn.document.blocks import Block, Inline, Part, Row, Rows, Text
from symcnn.document.numbering import changed
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.writing.formula.breaking import COLUMN, Line, Metrics
from symcnn.writing.formula.build import row
from symcnn.writing.formula.substitution import Macro, substituted

WIDTH = 345.0
"""The width of the text of an article with one column, in points."""


@dataclass(frozen=True)
class PaperPage(LatexPage):
    """A paper, in which every equation of an ``align`` has a label."""

    metrics: Metrics = COLUMN
    is_own: bool = False

    def joints(self, display: Sequence[Line]) -> Iterator[str]:
        """Yield what ends each line of a display but the last."""
        return iter([r"\\"] * (len(display) - 1))

    def tag(self, line: Line) -> str:
        """Print the label of an equation, at the line that has its number."""
        if self.display.endswith("*"):
            return ""
        return rf" \label{{{line.number}}}" if line.number else r" \notag"


def printed(blocks: Sequence[Block], page: PaperPage, macros: Sequence[Macro] = ()) -> str:
    """Print blocks one below the other, with an author's commands."""
    return "\n".join(body([_with(block, macros)], page) for block in blocks)


def labelled(block: Rows, labels: Mapping[Row, str], page: PaperPage) -> Rows:
    """Give rows their labels, and end them with commas and a full stop."""
    *_, last = block.rows
    ends = (("." if own == last else ",") for own in block.rows)
    is_numbered = not page.display.endswith("*")
    made = (
        replace(_ended(own, end), number=labels[own] if is_numbered else "")
        for own, end in zip(block.rows, ends, strict=True)
    )
    return replace(block, rows=tuple(made))


def _ended(made: Row, mark: str) -> Row:
    *sides, side = made.sides
    *terms, term = side.terms
    ended = replace(side, terms=(*terms, row(term, mark)))
    return replace(made, sides=(*sides, ended))


def _with(block: Block, macros: Sequence[Macro]) -> Block:
    return changed(block, lambda text: _text(text, macros), lambda own: _row(own, macros))


def _text(text: Text, macros: Sequence[Macro]) -> Text:
    return tuple(_part(part, macros) for part in text)


def _part(part: Part, macros: Sequence[Macro]) -> Part:
    return Inline(substituted(part.formula, macros)) if isinstance(part, Inline) else part


def _row(made: Row, macros: Sequence[Macro]) -> Row:
    sides = (replace(s, terms=tuple(substituted(t, macros) for t in s.terms)) for s in made.sides)
    return replace(made, left=substituted(made.left, macros), sides=tuple(sides))
