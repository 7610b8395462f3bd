"""Rows of equations as a grid: the left side, and the sides that it equals.

On a phone every side begins a line, on a wide screen those of a row too long for one.
What fits no phone is cut at its summands, then at its factors; a factor that is still
too wide scrolls in a box of its own.
"""

from __future__ import annotations

from itertools import repeat
from math import inf

from symcnn.document.blocks import Row, Rows
from symcnn.document.pages.html.formulas import formula, width
from symcnn.document.pages.html.text import PHONE, joined
from symcnn.document.variants import attributes
from symcnn.writing.formula import Formula, Fraction, nodes

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
