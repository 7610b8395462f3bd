"""General forms as on paper: remainders by their name, and no bracket beside a sum without terms.

    e - m floor(e/m)  =  e mod m        e + m floor((m - 1 - e)/m)  =  e mod m

SymPy reads a sum from m to n < m as minus the one between its limits, so its forms have a
bracket [m <= n] before a sum that may have no terms. On paper it is 0; where letters are sizes,
that is left to the reader.
"""

from __future__ import annotations

from sympy import Expr, Indexed, Integer, Mod, Mul, Sum, floor

from symcnn.equations import accesses
from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import is_size


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


def with_empty_sums(expression: Expr) -> Expr:
    """Return a general form in letters without the brackets that only say that sums have terms."""
    if not any(map(is_size, expression.free_symbols)):
        return expression
    return _without(expression)


def _without(expression: Expr) -> Expr:
    if not expression.has(Sum):
        return expression
    if isinstance(expression, Mul):
        sums = [factor for factor in expression.args if isinstance(factor, Sum)]
        implied = {low <= high for total in sums for _, low, high in total.limits}
        kept = (f for f in expression.args if not (isinstance(f, Iverson) and implied >= {*f.args}))
        return Mul(*map(_without, kept))
    parts = (_without(part) if isinstance(part, Expr) else part for part in expression.args)
    return expression.func(*parts)
