"""Rows and matrices as lines of text, as wide as these may be.

Rows are aligned at their relations. They are broken between sides first, then between summands,
and inside of a summand only if that alone is wider than the line: outside of its parentheses if
possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symcnn.document.blocks import Matrix, Row, Side
from symcnn.document.rows.decimals import Cell, cells
from symcnn.writing.formula.build import row
from symcnn.writing.formula.unicode import text
from symcnn.writing.wrapping import packed

_MARGIN, _INDENT = 2, 4

_LEAST = 0.4
"""How much of a line is filled before a better place to break it counts."""

_OPENING, _CLOSING, _BINDING = "([{⌊⌈", ")]}⌋⌉", "+-·<>≤≥=≈ "


def aligned(rows: Sequence[Row], width: int) -> list[str]:
    """Return rows as lines of at most ``width`` columns."""
    lefts = [text(row.left) for row in rows]
    column = _MARGIN + max(map(columns, lefts), default=0)
    return [
        line
        for left, row in zip(lefts, rows, strict=True)
        for line in _numbered(left, column, row, width)
    ]


def _numbered(left: str, column: int, row: Row, width: int) -> list[str]:
    """Return the lines of a row; its number, if it has one, stands at the end of the last."""
    number = f"  ({row.number})" if row.number else ""
    lines = [*_indented(left, column, _broken(row, width - column - 1 - len(number)))]
    if number:
        lines[-1] += number.rjust(width - columns(lines[-1]))
    return lines


def columns(line: str) -> int:
    """Return how many columns a line takes on a terminal."""
    from rich.cells import cell_len

    return cell_len(line)


def _indented(left: str, column: int, rights: Sequence[str]) -> Iterator[str]:
    """Put the left side before the first line, and nothing before the others."""
    for n, right in enumerate(rights):
        shown = left if n == 0 else ""
        yield f"{' ' * (column - columns(shown))}{shown} {right}"


def _broken(made: Row, width: int) -> list[str]:
    sides = [(text(row(side.relation)), list(_terms(side))) for side in made.sides]
    whole = " ".join(f"{relation} {' '.join(terms)}" for relation, terms in sides)
    if columns(whole) <= width:
        return [whole]
    return [line for relation, terms in sides for line in _filled(relation, terms, width)]


def _filled(relation: str, terms: Sequence[str], width: int) -> Iterator[str]:
    """Fill lines with summands; every line but the first is indented."""
    pieces = (piece for term in terms for piece in _pieces(term, width - _INDENT))
    lines = packed(
        pieces, lambda p: 1 + columns(p), width, first=columns(relation), indent=_INDENT - 1
    )
    for n, line in enumerate(lines):
        yield " ".join((" " * (_INDENT - 1) if n else relation, *line))


def _pieces(term: str, width: int) -> list[str]:
    """Return a summand that fits as it is, and another one in several pieces."""
    if columns(term) <= width:
        return [term]
    places = [place for place in _places(term) if columns(term[: place.at]) <= width]
    if not places:
        return [term]
    filled = [p for p in places if columns(term[: p.at]) >= _LEAST * width] or places
    at = min(filled).at
    return [term[:at], *_pieces(term[at:].lstrip(), width)]


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


def _terms(side: Side) -> Iterator[str]:
    """Print summands; a sign in front of one that is not the first keeps its space."""
    first, *others = side.terms
    yield text(first)
    for term in others:
        sign, *rest = term.parts
        yield f"{text(row(sign))} {text(row(*rest))}"


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
