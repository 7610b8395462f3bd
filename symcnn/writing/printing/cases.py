"""Cases, and the brackets that say the same: (a if c, else b) is a [c] + b [not c]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Add, Expr, Gt, Ne, Not, Piecewise, S, Sum, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, to_nnf

from symcnn.equations.functions import Iverson
from symcnn.writing.printing.regions import Case, by_regions


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

    They are two if brackets of one comparison of entries, and of its negation, make them, and
    neither is 0, which a bracket alone says more briefly; or those between several bounds.
    """
    if isinstance(formula, Piecewise):
        return [(value, condition) for value, condition in formula.args]
    brackets = formula.atoms(Iverson)
    compared = {c for bracket in brackets for c in bracket.args}
    bound = {s for total in formula.atoms(Sum) for s, *_ in total.limits}
    if not compared or not all(_is_free(c, bound) for c in compared):
        return []
    first = _first([c for c in compared if not all(map(is_index, c.free_symbols))])
    if first is None or any(b.args not in ((first,), (first.negated,)) for b in brackets):
        return by_regions(formula)
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


def _first(comparisons: list[Relational]) -> Relational | None:
    """Return what is asked first, if anything: whether something is larger, or else not equal."""
    known = {c for comparison in comparisons for c in (comparison, comparison.negated)}
    ordered = sorted(known, key=lambda c: (not isinstance(c, Gt), not isinstance(c, Ne), str(c)))
    return ordered[0] if ordered else None


def _where(formula: Expr, condition: Relational) -> Expr:
    return formula.xreplace(
        {b: S.One if b.args == (condition,) else S.Zero for b in formula.atoms(Iverson)}
    )


def is_index(symbol: Expr) -> bool:
    """Tell whether a symbol is an index; entries are real numbers."""
    return bool(symbol.is_Symbol and symbol.is_integer)
