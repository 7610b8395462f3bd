"""Which numbers entries may be: 0 < y < 1 where logarithms of y and of 1 - y are taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Dummy, Expr, Indexed, IndexedBase, Max, Min, Poly, Pow, S, log

from symcnn.document.theory.statement import Statement


@dataclass
class Domain:
    """What an entry of something that is given may be.

    Attributes:
        entry: The entry.
        above: What it exceeds.
        below: What it is less than.
        other_than: What it is not.
    """

    entry: Indexed
    above: Expr = S.NegativeInfinity
    below: Expr = S.Infinity
    other_than: Expr | None = None


def domains(made: Statement) -> list[Domain]:
    """Return for which entries of what is given the formulas are defined, if not for all.

    Logarithms, powers and quotients are looked at whose arguments are linear in one such entry;
    what holds for one entry of a tensor is to hold for all of them.
    """
    found = dict[IndexedBase, Domain]()
    for part, entry in _parts(made):
        slope, start = _line(part.args[0], entry)
        if slope is None:
            continue
        own, zero = found.setdefault(entry.base, Domain(entry)), -start / slope
        if isinstance(part, Pow) and part.exp.is_integer:
            own.other_than = zero
        elif slope.is_positive:
            own.above = Max(own.above, zero)
        else:
            own.below = Min(own.below, zero)
    return list(found.values())


def _parts(made: Statement) -> Iterator[tuple[Expr, Indexed]]:
    """Run over what is not defined everywhere, with the entry that it reads, if that is given."""
    given = {tensor.base for tensor in (*made.inputs, *made.parameters, *made.given)}
    for formula in made.formulas:
        for part in sorted(formula.general.checked.atoms(Pow, log), key=str):
            reads = part.args[0].atoms(Indexed)
            if len(reads) != 1 or not (_is_root(part) or {read.base for read in reads} <= given):
                continue
            if isinstance(part, log) or not part.exp.is_integer or part.exp.is_negative:
                yield part, *reads


def _is_root(part: Expr) -> bool:
    """Tell whether a power is a root of an entry, such as of a sum of squares, which may be 0."""
    is_fraction = isinstance(part, Pow) and part.exp.is_Rational and not part.exp.is_Integer
    return is_fraction and isinstance(part.base, Indexed)


def _line(argument: Expr, entry: Indexed) -> tuple[Expr | None, Expr]:
    """Return m and n of an argument m x + n with numbers m and n; no m for any other."""
    x = Dummy(real=True)
    rest = argument.xreplace({entry: x})
    if not rest.is_polynomial(x) or (line := Poly(rest, x)).degree() != 1:
        return None, S.Zero
    slope, start = line.all_coeffs()
    return (slope, start) if slope.is_number and start.is_number else (None, S.Zero)
