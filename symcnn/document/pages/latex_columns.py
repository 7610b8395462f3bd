"""How the columns of a LaTeX table are set: as wide as their cells, or broken into lines."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from symcnn.document.blocks import Table
from symcnn.document.pages.latex_breaks import BROKEN
from symcnn.document.pages.latex_text import length, natural

_BETWEEN = 12.0
"""The width of what separates two columns, in points."""


def columns(table: Table, line: float) -> str:
    """Print how the columns of a table are set."""
    return f"@{{}}{''.join(_columns(table, line))}@{{}}"


def natural_width(table: Table) -> float:
    """Return the width of a table without the columns whose cells may be broken."""
    used = _BETWEEN * (len(table.alignment) - 1)
    for letter, *cells in zip(table.alignment, table.header, *table.rows, strict=True):
        used += 0.0 if letter in BROKEN else max(map(length, cells))
    return used


def _share(table: Table, line: float) -> float:
    """Return how much of their usual share the columns get whose cells are broken."""
    used = natural_width(table)
    shares = sum(BROKEN.get(letter, 0.0) for letter in table.alignment)
    return (1 - used / line) / shares if shares else 1.0


def _is_narrow(table: Table, line: float) -> bool:
    """Tell whether a table fits a line although none of its cells is broken."""
    cells = zip(table.header, *table.rows, strict=True)
    return sum(max(map(natural, column)) + _BETWEEN for column in cells) - _BETWEEN <= line


def _columns(table: Table, line: float) -> Iterator[str]:
    """Say how each column is set; one that needs no breaking is as wide as its cells."""
    share = inf if _is_narrow(table, line) else _share(table, line)
    for letter, *cells in zip(table.alignment, table.header, *table.rows, strict=True):
        part = share * BROKEN.get(letter, 0.0)
        if letter in BROKEN and max(map(length, cells)) > line * part:
            yield rf">{{\raggedright\arraybackslash}}p{{{part:.3g}\textwidth}}"
        else:
            yield "l" if letter in BROKEN else letter
