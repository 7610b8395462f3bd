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
from symcnn.formula import Row as Formula

SCREEN = 47.0
"""The width in em up to which a row is one line on a wide screen."""

_NUMBER = 2.5
"""What the number of an equation takes of a line, in em."""

_INDENT = 1.5
"""How far a phone moves the lines of a side that follow its first, in em."""


def grid(block: Rows, phone: float = PHONE, *, linked: bool = False) -> str:
    """Return rows aligned at their relations.

    Args:
        block: The rows.
        phone: How wide a phone shows them, in em.
        linked: Whether links lead to their numbers.
    """
    limit = phone - _INDENT - max(width(row.left) for row in block.rows)
    if not any(row.number for row in block.rows):
        rows = "\n".join(_row(row, limit) for row in block.rows)
        return f'<div class="rows">\n{rows}\n</div>'
    rows = "\n".join(_row(row, limit - _NUMBER) + _number(row, linked) for row in block.rows)
    return f'<div class="rows numbered">\n{rows}\n</div>'


def _row(row: Row, limit: float) -> str:
    left = joined(formula(row.left, display=True), inf)
    sides = [side.formula for side in row.sides]
    widths = list(map(width, sides))
    size = "long" if sum(widths) > SCREEN else "middling" if max(widths) > limit else "short"
    shown = "".join(f'<span class="side">{_side(side, limit)}</span>' for side in sides)
    return f'<div class="left">{left}</div><div class="{size}">{shown}</div>'


def _number(row: Row, linked: bool) -> str:
    """Return the cell at the right, to which links lead on a page of its own."""
    if not row.number:
        return "<div></div>"
    name = f' id="equation-{row.number}"' if linked else ""
    return f'<div class="number"{name}>({row.number})</div>'


def _side(side: Formula, limit: float) -> str:
    return joined(formula(side, limit, display=True), limit)
