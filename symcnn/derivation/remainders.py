"""Indices with a floor that say e mod m.

e - m floor(e/m)  =  e mod m        e + m floor((m - 1 - e)/m)  =  e mod m
"""

from __future__ import annotations

from sympy import Expr, Indexed, Integer, Mod, floor

from symcnn.equations import accesses


def with_remainders(expression: Expr) -> Expr:
    """Return an expression whose accesses have remainders in place of such floors."""
    reads = (read for read in accesses(expression) if read.atoms(floor))
    return expression.xreplace({read: _rewritten(read) for read in reads})


def _rewritten(read: Indexed) -> Indexed:
    return read.base[tuple(map(_remainder, read.indices))]


def _remainder(index: Expr) -> Expr:
    """Return an index as e mod m plus a multiple of m, if it is one."""
    for rounded in index.atoms(floor):
        factor = index.coeff(rounded)
        rest = (index - factor * rounded).expand()
        if not isinstance(factor, Integer) or abs(factor) < 2:
            continue
        modulus, dividend = abs(factor), (abs(factor) * rounded.args[0]).expand()
        shift = dividend - rest if factor < 0 else dividend + rest - (modulus - 1)
        shift = shift.expand()
        if shift.is_Integer and shift % modulus == 0 and not rest.has(floor):
            return Mod(rest, modulus) + (shift if factor > 0 else -shift)
    return index
