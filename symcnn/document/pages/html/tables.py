"""Tables, which scroll inside of themselves where a phone is narrower than they are."""

from __future__ import annotations

from symcnn.document.blocks import Inline, Table, Text
from symcnn.document.pages.html.text import PHONE, escaped, plain, sentence, width
from symcnn.document.variants import attributes

_WRAPPED = {"X": 9.0, "Y": 8.0}
"""The columns whose cells are broken into lines, and the least width that they take, in em."""

_PADDING = 1.4
_NARROW, _GAP = 5.0, 1.0
"""The least width of a broken column on a phone, and what columns take beside their cells there."""


def table(block: Table, number: int) -> str:
    """Return a table.

    Args:
        block: Its cells.
        number: Which of the page's tables it is, so that its name is its own.
    """
    widths = [max(map(width, cells)) for cells in zip(block.header, *block.rows, strict=True)]
    columns = list(map(_kind, block.alignment, widths))
    head = "".join(map(_head, block.header, columns))
    body = "\n".join(
        f"<tr{attributes(block.variants, n)}>{''.join(map(_cell, row, columns))}</tr>"
        for n, row in enumerate(block.rows)
    )
    made = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    least = sum(min(wide, _WRAPPED.get(c, wide)) for c, wide in zip(columns, widths, strict=True))
    if least + _PADDING * len(columns) <= PHONE:
        return f'<div class="scroll">{made}</div>'
    name = f"Table {number}: {', '.join(filter(None, map(plain, block.header)))}"
    narrow = (min(w, _NARROW) if c in _WRAPPED else w for c, w in zip(columns, widths, strict=True))
    return region(made, name, f"--wide: {sum(narrow) + _GAP * len(columns):.1f}")


def _kind(column: str, wide: float) -> str:
    """Break the cells of a column into lines only if they are wider than they must be."""
    return "l" if wide <= _WRAPPED.get(column, 0.0) else column


def region(markup: str, name: str, style: str = "") -> str:
    """Return what scrolls sideways, within reach of the keyboard and with a name."""
    label, own = escaped(name), f' style="{style}"' if style else ""
    reached = f'tabindex="0" role="region" aria-label="{label}"{own}'
    return f'<div class="scroll" {reached}>{markup}</div>'


def _head(text: Text, column: str) -> str:
    """Return a column's head; a formula has its characters for a name, as words have."""
    name = plain(text)
    if not name:
        return "<td></td>"
    label = name if all(isinstance(part, Inline) for part in text) else ""
    return f'<th scope="col"{_class(column)}>{sentence(text, label)}</th>'


def _cell(text: Text, column: str) -> str:
    return f"<td{_class(column)}>{sentence(text, is_narrow=True)}</td>"


def _class(column: str) -> str:
    return "" if column == "l" else f' class="{column}"'
