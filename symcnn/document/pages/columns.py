"""Rows and matrices as lines of text, as wide as these may be.

Rows are aligned at their relations. They are broken between sides first, then between summands,
and inside of a summand only if that alone is wider than the line: outside of its parentheses if
possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symcnn.document.blocks import Matrix, Row
from symcnn.document.rows.decimals import Cell, cells
from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.breaking import Metrics, lines
from symcnn.writing.formula.build import INDENT, row
from symcnn.writing.formula.unicode import text
from symcnn.writing.wrapping import packed

_MARGIN, _INDENT = 2, 4

_LEAST = 0.4
"""How much of a line is filled before a better place to break it counts."""

_SIGNS = (Atom("+"), Atom("-"))
_OPENING, _CLOSING, _BINDING = "([{⌊⌈", ")]}⌋⌉", "+-·<>≤≥=≈ "


def aligned(rows: Sequence[Row], width: int) -> list[str]:
    """Return rows as lines of at most ``width`` columns."""
    column = _MARGIN + max((columns(text(row.left)) for row in rows), default=0)
    return [line for row in rows for line in _lines(row, column, width)]


def _lines(whole: Row, column: int, width: int) -> Iterator[str]:
    """Run over the lines of a row; what goes on with summands is indented."""
    number = f"  ({whole.number})" if whole.number else ""
    room = width - column - 1 - len(number)
    for made in lines(whole, room + _COLUMNS.width(whole.left), _COLUMNS):
        left, parts = text(made.left), made.right.parts
        goes_on = parts[0] == INDENT
        right = " " * _INDENT + _text(Formula(parts[1:])) if goes_on else text(made.right)
        first, *others = _pieces(right, room, room - _INDENT)
        shown = [f"{' ' * (column - columns(left))}{left} {first}"]
        shown += [" " * (column + 1 + _INDENT) + other for other in others]
        yield from shown[:-1]
        yield shown[-1] + (number.rjust(width - columns(shown[-1])) if made.number else "")


def _text(made: Formula) -> str:
    """Print what begins with a sign that stands between two summands, and keeps its space."""
    sign, *others = made.parts
    return f"{text(row(sign))} {text(row(*others))}" if others and sign in _SIGNS else text(made)


def columns(line: str) -> int:
    """Return how many columns a line takes on a terminal."""
    from rich.cells import cell_len

    return cell_len(line)


_COLUMNS = Metrics(lambda formula: columns(_text(formula)), 1, _INDENT - 1, 1)
"""How rows are broken for a terminal."""


def _pieces(term: str, width: int, further: int) -> list[str]:
    """Return a line that fits as it is, and one of a wide summand in pieces for further lines."""
    if columns(term) <= width:
        return [term]
    places = [place for place in _places(term) if columns(term[: place.at]) <= width]
    if not places:
        return [term]
    filled = [p for p in places if columns(term[: p.at]) >= _LEAST * width] or places
    at = min(filled).at
    return [term[:at], *_pieces(term[at:].lstrip(), further, further)]


class _Place(NamedTuple):
    """A space in a formula; the best one to break it at is the least."""

    depth: int
    is_within_a_product: bool
    from_the_end: int
    at: int


def _places(term: str) -> Iterator[_Place]:
    """Run over the spaces of a formula, but those behind an operator; denominators lie deeper."""
    depths = [0]
    for at, sign in enumerate(term):
        before, after = term[:at][-1:], term[at + 1 :][:1]
        if sign in _OPENING:
            depths.append(depths[-1] + (2 if before == "/" else 1))
        elif sign in _CLOSING:
            depth = depths.pop()
            if not depths:  # what is closed was opened on a line before
                depths.append(depth - 1)
        elif sign == " " and before not in _BINDING:
            yield _Place(depths[-1], after not in "+- ", -at, at)


_LEFT, _GAP = 2, 4
_BRACKETS = {"only": ("(", ")"), "first": ("⎛", "⎞"), "middle": ("⎜", "⎟"), "last": ("⎝", "⎠")}


def beside(matrices: Sequence[Matrix], width: int) -> list[str]:
    """Return the lines of matrices, as many beside each other as fit into ``width`` columns."""
    lines: list[str] = []
    blocks = map(_matrix, matrices)
    for group in packed(blocks, lambda b: columns(b[0]) + _GAP, width - _LEFT + _GAP):
        lines += [*([""] if lines else []), *_joined(group)]
    return lines


def _joined(group: Sequence[list[str]]) -> Iterator[str]:
    """Put blocks of lines beside each other, each in the middle of the highest."""
    height = max(map(len, group))
    for n in range(height):
        parts = []
        for block in group:
            place = n - (height - len(block)) // 2
            inside = 0 <= place < len(block)
            parts.append(block[place] if inside else " " * columns(block[0]))
        yield " " * _LEFT + (" " * _GAP).join(parts).rstrip()


def _matrix(matrix: Matrix) -> list[str]:
    """Return a matrix with its name before the row in the middle."""
    name = f"{text(matrix.left)} {text(row(matrix.relation))} "
    rows = [[_padded(cell) for cell in cells] for cells in cells(matrix)]
    if len(rows) == len(rows[0]) == 1:
        return [name + rows[0][0]]
    widest = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    middle = (len(rows) - 1) // 2
    return [
        (name if n == middle else " " * columns(name))
        + _bracketed(cells, widest, _place(n, len(rows)))
        for n, cells in enumerate(rows)
    ]


def _bracketed(cells: Sequence[str], widest: Sequence[int], place: str) -> str:
    left, right = _BRACKETS[place]
    shown = (" " * (wide - columns(cell)) + cell for cell, wide in zip(cells, widest, strict=True))
    return f"{left} {'  '.join(shown)} {right}"


def _place(n: int, height: int) -> str:
    if height == 1:
        return "only"
    return "first" if n == 0 else "last" if n == height - 1 else "middle"


def _padded(cell: Cell) -> str:
    return text(cell.figure) + " " * len(cell.unseen)
