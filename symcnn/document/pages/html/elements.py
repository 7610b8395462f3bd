"""Blocks as HTML elements, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, repeat
from math import inf

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Inline,
    Matrices,
    Matrix,
    Note,
    Paragraph,
    Row,
    Rows,
    Table,
)
from symcnn.document.pages.html.formulas import formula, inside, width
from symcnn.document.pages.html.tables import region, table
from symcnn.document.pages.html.text import PHONE, escaped, joined, plain, sentence
from symcnn.document.rows.decimals import Cell, cells
from symcnn.document.variants import attributes
from symcnn.writing.drawing.svg import svg
from symcnn.writing.formula import Formula, Fraction, nodes
from symcnn.writing.formula.build import row as beside

_PHONE = 230.0
"""The width of the widest picture that a phone shows as a whole, in points."""

_FRAME = 1.6
"""What the frame of a note takes of a phone's width, in em."""


class Elements:
    """Writes blocks; it counts tables, so that their names differ."""

    def __init__(self, anchors: Iterable[str] = (), *, themed: bool = False) -> None:
        """Count from 1.

        Args:
            anchors: The ids of the headings, one after another; without them nothing has one.
            themed: Whether the page itself is bright or dark, whatever the reader's system is.
        """
        known = list(anchors)
        self._anchors, self._themed, self._linked = iter(known), themed, bool(known)
        self._tables = count(1)

    def all(self, blocks: Iterable[Block]) -> str:
        """Return blocks one below the other."""
        return "\n".join(map(self.one, blocks))

    def one(self, block: Block) -> str:
        """Return a block."""
        match block:
            case Heading():
                anchor, tag = next(self._anchors, ""), f"h{block.level + 1}"
                named = (f' id="{anchor}"' if anchor else "") + uncounted(block)
                return f"<{tag}{named}>{sentence(block.title)}</{tag}>"
            case Paragraph():
                if not block.work:
                    return f"<p>{sentence(block.text, linked=self._linked)}</p>"
                name = f' id="work-{block.work}"' if self._linked else ""
                return f"<p{name}>{sentence(block.text)}</p>"
            case Rows():
                return grid(block, linked=self._linked)
            case Matrices():
                return matrices(block)
            case Table():
                return table(block, next(self._tables))
            case Note():
                return self._note(block)
            case Diagram():
                return self._figure(block)
        raise TypeError(f"no HTML for {type(block).__name__}")

    def _note(self, block: Note) -> str:
        inside = (
            grid(part, PHONE - _FRAME, linked=self._linked)
            if isinstance(part, Rows)
            else self.one(part)
            for part in block.blocks
        )
        lines = "\n".join(inside)
        has_name = self._linked and block.theorem
        name = f' id="theorem-{block.theorem}"' if has_name else ""
        return (
            f'<div{name} class="note" role="note" aria-label="{escaped(plain(block.title))}">\n'
            f'<p class="name">{sentence(block.title)}</p>\n{lines}\n</div>'
        )

    def _figure(self, block: Diagram) -> str:
        shown = ["" if v is None else v.attributes_of_shapes for v in block.variants]
        drawn = svg(block.picture, themed=self._themed, attributes=shown)
        if block.picture.width > _PHONE:
            drawn = region(drawn, block.title or "Picture")
        target = f' id="{block.reference.target}"' if self._linked and block.number else ""
        return f"<figure{target}>\n{drawn}{_caption(block)}\n</figure>"


def uncounted(block: Heading) -> str:
    """Return the class of a heading without a number, and of the links to it."""
    return "" if block.counted else ' class="uncounted"'


def _caption(block: Diagram) -> str:
    """Return the caption of a picture below it, with its number, if it has one."""
    title = f"<strong>{block.title}</strong> " if block.number else ""
    return f"\n<figcaption>{title}{sentence(block.caption)}</figcaption>" if block.caption else ""


SCREEN, NUMBERED = 53.0, 41.5
"""The widths in em of a wide screen, and of the column of text, which numbered rows keep to."""

_NUMBER = 2.5
"""What the number of an equation takes of a line, in em."""

_BROAD = 6.0
"""The width in em from which a left side stands above its right side on a phone."""

_JOINER = "&NoBreak;"
"""A sign without width, around which no line is broken."""

_INDENT = 1.5
"""How far a phone moves the lines of a side that follow its first, in em."""


def grid(block: Rows, phone: float = PHONE, *, linked: bool = False) -> str:
    """Return rows aligned at their relations.

    Args:
        block: The rows.
        phone: How wide a phone shows them, in em.
        linked: Whether links lead to their numbers.
    """
    lefts = [width(row.left) for row in block.rows]
    beside = [left for left in lefts if left < _BROAD]
    limit = phone - _INDENT - max(beside or lefts)
    alone = phone if len(block.rows) == 1 else 0.0
    is_numbered = any(row.number for row in block.rows)
    screen = (NUMBERED if is_numbered else SCREEN) - max(lefts)
    rows = "\n".join(
        _under(attributes(block.variants, n), _row(row, limit, screen, linked, alone))
        for n, row in enumerate(block.rows)
    )
    return f'<div class="rows{" numbered" * is_numbered}">\n{rows}\n</div>'


def _under(condition: str, row: str) -> str:
    return f"<div{condition}>{row}</div>" if condition else row


def _row(row: Row, limit: float, screen: float, linked: bool, alone: float) -> str:
    """Return a left side and its right sides.

    Args:
        row: The row.
        limit: How wide a phone shows a right side, in em.
        screen: How wide a screen shows all of them.
        linked: Whether links lead to its number.
        alone: How wide a phone shows the only row of a block, in em.
    """
    left = joined(formula(row.left, display=True), inf)
    sides = [side.formula for side in row.sides]
    widths = list(map(width, sides))
    is_broad = width(row.left) >= _BROAD and width(row.left) + sum(widths) > alone
    place = f"left{' broad' * is_broad}"
    limit, screen = (room - _NUMBER * bool(row.number) for room in (limit, screen))
    size = "long" if sum(widths) > screen else "middling" if max(widths) > limit else "short"
    ends = [_number(row.number, linked) if row.number else "", *repeat("", len(sides))]
    made = "".join(
        f'<span class="side">{_side(side, limit)}{end}</span>'
        for side, end in zip(sides, ends, strict=False)
    )
    is_high = any(isinstance(node, Fraction) for node in nodes(row.left))
    cell = f"{size}{' high' if is_high else ''}{' labelled' if row.number else ''}"
    return f'<div class="{place}">{left}</div><div class="{cell}">{made}</div>'


def _number(number: str, linked: bool) -> str:
    """Return the number of an equation, to which links lead on a page of its own.

    It stands at the right of the line on which the formula ends, behind a sign that keeps it there.
    """
    name = f' id="equation-{number}"' if linked else ""
    return f'{_JOINER}<span class="number"{name}>{_JOINER}<span>({number})</span></span>'


def _side(side: Formula, limit: float) -> str:
    return joined(formula(side, limit, display=True), limit)


_GAP, _BRACKETS = 0.8, 3.0
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
    wide = width(matrix.left) + sum(columns) + _BRACKETS
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
