"""Cases, and the brackets that say the same: (a if c, else b) is a [c] + b [not c]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Add, Expr, Gt, Ne, Not, Piecewise, S, Sum, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, to_nnf

from symcnn.equations.functions import Iverson

Case = tuple[Expr, Boolean]
"""A value, and the condition under which it is the value."""


def by_brackets(cases: Piecewise) -> Expr:
    """Return each case times the bracket of its condition and of no condition before it."""
    before: list[Boolean] = []
    terms: list[Expr] = []
    for value, condition in cases.args:
        terms.append(value * Iverson(*before, condition))
        before.append(to_nnf(Not(condition)))
    return Add(*terms)


def by_cases(formula: Expr) -> list[Case]:
    """Return the cases of a formula that brackets or cases distinguish; none if there are none.

    Cases are two if brackets of one comparison of entries, and of its negation, make them, and
    no case is 0, which a bracket alone says more briefly.
    """
    if isinstance(formula, Piecewise):
        return [(value, condition) for value, condition in formula.args]
    compared = {c for bracket in formula.atoms(Iverson) for c in bracket.args}
    entries = [c for c in compared if not all(map(is_index, c.free_symbols))]
    bound = {s for total in formula.atoms(Sum) for s, *_ in total.limits}
    if not entries or not all(_is_free(c, bound) for c in compared):
        return []
    first = _first(entries)
    if any(b.args not in ((first,), (first.negated,)) for b in formula.atoms(Iverson)):
        return []
    values = [_where(formula, condition) for condition in (first, first.negated)]
    return [] if S.Zero in values else [*zip(values, (first, S.true), strict=True)]


def _is_free(comparison: Boolean, bound: set[Symbol]) -> bool:
    """Tell whether a comparison is the same for all terms of the sums around it."""
    return isinstance(comparison, Relational) and bound.isdisjoint(comparison.free_symbols)


def case_where(cases: Sequence[Case], holds: Callable[[Expr], bool]) -> Case:
    """Return the value of the case that there is, and all that holds there."""
    before: list[Boolean] = []
    for value, condition in cases:
        here = Iverson(*before, condition)
        if holds(here):
            return value, here
        before.append(to_nnf(Not(condition)))
    raise ValueError("no case holds")


def _first(comparisons: list[Relational]) -> Relational:
    """Return what is asked first: whether something is larger than, or else not equal to."""
    known = {c for comparison in comparisons for c in (comparison, comparison.negated)}
    ordered = sorted(known, key=lambda c: (not isinstance(c, Gt), not isinstance(c, Ne), str(c)))
    return ordered[0]


def _where(formula: Expr, condition: Relational) -> Expr:
    return formula.xreplace(
        {b: S.One if b.args == (condition,) else S.Zero for b in formula.atoms(Iverson)}
    )


def is_index(symbol: Expr) -> bool:
    """Tell whether a symbol is an index; entries are real numbers."""
    return bool(symbol.is_Symbol and symbol.is_integer)
