"""Limits of sums and conditions on indices: those that others imply are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy import Add, Expr, Ge, Indexed, Le, Symbol, ceiling, floor

from symcnn.derivation.index_conditions import Range, never_below
from symcnn.equations.sizes import Size, is_made_of_sizes


def tighter(limits: list[Expr], new: Expr, sign: int, sizes: Mapping[Symbol, Size]) -> list[Expr]:
    """Add a limit unless another always beats it; drop those that it always beats.

    A limit is the tighter the greater (sign 1, lower limits) or smaller (-1) it is.
    """

    def beats(one: Expr, other: Expr) -> bool:
        return never_below(sign * (one - other), 0, sizes)

    if any(beats(old, new) for old in limits):
        return limits
    return [*(old for old in limits if not beats(new, old)), new]


def common_shift(low: Expr, high: Expr) -> Expr:
    """Return the rounded quotients of sizes that both limits of a sum have as terms.

    A quotient of an index, e - m q, counts from the least value that q has: floor(-P/m).
    """
    shared = {*Add.make_args(low)} & {*Add.make_args(high)}
    return Add(*(t for t in shared if t.has(floor, ceiling) and is_made_of_sizes(t)))


def moved(inside: Expr, loop: Symbol, by: Expr) -> Expr:
    """Let a loop count from elsewhere: put loop + by in its place."""
    reads = {a: a.xreplace({loop: loop + by}) for a in inside.atoms(Indexed)}
    put = {a: new.base[tuple(i.expand() for i in new.indices)] for a, new in reads.items()}
    return inside.xreplace(put)


def all_moved(ranges: Iterable[Range], loop: Symbol, by: Expr) -> list[Range]:
    """Let a loop count from elsewhere in conditions."""
    return [(e.xreplace({loop: loop + by}).expand(), n) for e, n in ranges]


_INEQUALITY = (Ge, Le)


def independent(conditions: Sequence[Expr], sizes: Mapping[Symbol, Size]) -> list[Expr]:
    """Return conditions without those that another one implies."""
    kept = list[Expr]()
    for one in conditions:
        if any(_implies(other, one, sizes) for other in kept):
            continue
        kept = [*(other for other in kept if not _implies(one, other, sizes)), one]
    return kept


def _implies(one: Expr, other: Expr, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether a <= b certainly is c <= d or less: d - c >= b - a."""
    if not all(isinstance(c, _INEQUALITY) for c in (one, other)):  # false, or an equality
        return False
    return never_below((other.gts - other.lts - one.gts + one.lts).expand(), 0, sizes)
