"""Rows of equations as a grid: the left side, and the sides that it equals.

On a phone every side begins a line, on a wide screen those of a row too long for one.
What fits no phone is cut at its summands, then at its factors; a factor that is still
too wide scrolls in a box of its own.
"""

from __future__ import annotations

from math import inf

from symcnn.document.blocks import Row, Rows
from symcnn.document.html.formulas import formula, width
from symcnn.document.html.text import PHONE, joined
from symcnn.document.variants import attributes
from symcnn.formula import Fraction, nodes
from symcnn.formula import Row as Formula

SCREEN = 47.0
"""The width in em up to which a row is one line on a wide screen."""

_NUMBER = 2.5
"""What the number of an equation takes of a line, in em."""

_BROAD = 6.0
"""The width in em from which a left side stands above its right side on a phone."""

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
    is_numbered = any(row.number for row in block.rows)
    room, across = limit - _NUMBER * is_numbered, " across" * is_numbered
    rows = "\n".join(
        _under(attributes(block.variants, n), _row(row, room, across, linked))
        for n, row in enumerate(block.rows)
    )
    return f'<div class="rows{" numbered" * is_numbered}">\n{rows}\n</div>'


def _under(condition: str, row: str) -> str:
    return f"<div{condition}>{row}</div>" if condition else row


def _row(row: Row, limit: float, across: str, linked: bool) -> str:
    left = joined(formula(row.left, display=True), inf)
    place = f"left{' broad' if width(row.left) >= _BROAD else ''}"
    sides = [side.formula for side in row.sides]
    widths = list(map(width, sides))
    size = "long" if sum(widths) > SCREEN else "middling" if max(widths) > limit else "short"
    made = "".join(f'<span class="side">{_side(side, limit)}</span>' for side in sides)
    is_high = any(isinstance(node, Fraction) for node in nodes(row.left))
    cell = f"{size}{' high' if is_high else ''}{'' if row.number else across}"
    number = _number(row.number, linked) if row.number else ""
    return f'<div class="{place}">{left}</div><div class="{cell}">{made}</div>{number}'


def _number(number: str, linked: bool) -> str:
    """Return the number of an equation, to which links lead on a page of its own.

    It stands at the right of the first line: what follows may be numbers.
    """
    name = f' id="equation-{number}"' if linked else ""
    return f'<div class="number"{name}>({number})</div>'


def _side(side: Formula, limit: float) -> str:
    return joined(formula(side, limit, display=True), limit)
