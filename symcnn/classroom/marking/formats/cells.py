"""Cells of CSV that are texts: no program for spreadsheets takes one for a formula.

A text that begins as formulas do gets an apostrophe in front, as in spreadsheets themselves, also
behind what another program takes for a separator of cells: "=1" becomes "'=1", and "a;=1" becomes
"a;'=1". A plain number, -0.5, remains one. Reading takes the apostrophe away again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO

_BEGINS = r"(^|[,;|\t\r\n])"
_QUOTED = r"([ '\"\u00a0]*)"
_SIGN = r"(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
"""With what formulas begin, in letters of full width too."""

_FORMULA = re.compile(_BEGINS + _QUOTED + _SIGN)
_ESCAPED = re.compile(_BEGINS + "'" + _QUOTED + _SIGN)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")


def cell(text: str) -> str:
    """Return a text as a cell has it.

    >>> cell("=1+1"), cell("a, -b"), cell("-0.5"), cell("conv1[0,0]")
    ("'=1+1", "a,' -b", '-0.5', 'conv1[0,0]')
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'\2", text)


def meant(text: str) -> str:
    """Return the text that a cell stands for.

    >>> meant("'=1+1"), meant("'s Graven"), meant("'-0.5")
    ('=1+1', "'s Graven", '-0.5')
    """
    return _ESCAPED.sub(r"\1\2", text)


def table(rows: Iterable[Iterable[str | float]]) -> str:
    """Return rows as CSV, texts as cells have them."""
    text = StringIO(newline="")
    made = ([cell(v) if isinstance(v, str) else v for v in row] for row in rows)
    csv.writer(text, lineterminator="\n").writerows(made)
    return text.getvalue()
