"""What the cells of entries are called in a workbook, so that formulas read as on paper.

    w_13  ->  w_13        delta^z_21  ->  delta_z_21        w^(2)_1  ->  w2_1

Names in workbooks consist of letters, digits and underscores, do not distinguish upper and lower
case, and are not the address of a cell, as Z2 and R1C1 are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[a-z]{1,3}[0-9]+|[rc][0-9]*|r[0-9]+c[0-9]+|true|false", re.IGNORECASE)
_ORDINAL = re.compile(r"\^?\((\d+)\)")
_FOREIGN = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 200
"""The letters of a name; workbooks allow 255."""


def cell_names(labels: Iterable[str]) -> list[str]:
    """Return the names of the cells of entries, each another one, whatever their letters are.

    >>> cell_names(["w_13", "delta^z(2)_1", "z^(2)", "W_13", "x_1,12"])
    ['w_13', 'delta_z2_1', 'z2_', 'W_13_', 'x_1_12']
    """
    names, taken = list[str](), set[str]()
    for label in labels:
        name = _valid(label)
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        names.append(name)
    return names


def _valid(label: str) -> str:
    """Return a label as a name, which may be taken."""
    plain = _FOREIGN.sub("_", _ORDINAL.sub(r"\1", label)).strip("_")[:_LONGEST]
    if not plain or plain[0].isdigit():
        plain = f"_{plain}"
    return f"{plain}_" if _ADDRESS.fullmatch(plain) else plain
