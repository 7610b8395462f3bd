"""Which comparisons decide the value of a bracket, at the given numbers and near them.

A comparison of entries whose formulas have kinks may follow from others. Where the rectifiers
a = max(0, y) and b = max(0, z) are both inactive, a >= b says that 0 >= 0, which holds as long
as y <= 0 and z <= 0 do: these two decide. A comparison of constants decides nothing, and neither
does one of an index, a whole number that does not move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Expr, S, Symbol
from sympy.core.relational import Relational

from symcnn.document.context import Context
from symcnn.equations.functions import DefinedFunction, Iverson, maximum


def comparisons_in(context: Context, brackets: Iterable[Iverson]) -> list[Relational]:
    """Return the comparisons in brackets, or their opposites: those that hold."""
    every = (_true(context, comparison) for bracket in brackets for comparison in bracket.args)
    return list(dict.fromkeys(every))


def deciding(context: Context, comparisons: Iterable[Relational]) -> list[Relational]:
    """Return the comparisons from which given ones follow at the numbers and near them."""
    return list(dict.fromkeys(c for given in comparisons for c in _behind(context, given)))


def _behind(context: Context, comparison: Relational) -> Iterator[Relational]:
    """Run over what a comparison follows from, or it alone if that depends on entries."""
    if is_about_index(context, comparison):
        return
    conditions: dict[Relational, None] = {}
    left, right = (_settled(context, side, conditions) for side in comparison.args)
    if not (left - right).is_number:
        yield comparison
        return
    for condition in conditions:
        yield from _behind(context, condition)


def is_about_index(context: Context, comparison: Relational) -> bool:
    """Tell whether entries that are indices are compared."""
    locate, indices = context.derivation.entries.locate, context.derivation.network.indexing
    return any(locate(symbol)[0].name in indices for symbol in comparison.free_symbols)


def _settled(context: Context, formula: Expr, conditions: dict[Relational, None]) -> Expr:
    """Return a formula without its kinks, as it is while some conditions hold, and note these."""
    while kinked := _kinked(context, formula):
        formula = formula.xreplace(kinked)
        values = {}
        for part in sorted(formula.atoms(Iverson, maximum), key=str):
            values[part], *held = _value(context, part)
            conditions.update(dict.fromkeys(held))
        formula = formula.xreplace(values)
    return formula


def _kinked(context: Context, formula: Expr) -> dict[Symbol, Expr]:
    """Return the entries in a formula that are constants or have kinks, with their formulas."""
    found = ((s, context.derivation.entries.formula(s)) for s in formula.free_symbols)
    written = ((symbol, _defined(own)) for symbol, own in found if own is not None)
    return {s: own for s, own in written if own.is_number or own.has(Iverson, maximum)}


def _defined(formula: Expr) -> Expr:
    """Return a formula with the definitions of its functions that have kinks."""
    functions = formula.atoms(DefinedFunction)
    definitions = {function: function.definition(*function.args) for function in functions}
    return formula.xreplace({f: own for f, own in definitions.items() if own.has(Iverson)})


def _value(context: Context, part: Expr) -> tuple[Expr, ...]:
    """Return the value of a bracket or a maximum, and the comparisons that give it."""
    if isinstance(part, Iverson):
        held = comparisons_in(context, [part])
        failed = [comparison for comparison in held if comparison not in part.args]
        return (S.Zero, failed[0]) if failed else (S.One, *held)
    largest, *others = (part.args[n] for n in context.falling(part.args))
    return (largest, *(largest >= other for other in others))


def _true(context: Context, comparison: Relational) -> Relational:
    """Return the comparison, or its opposite: the one that holds at the given numbers."""
    left, right = comparison.args
    holds = bool(comparison.func(context.value(left - right), 0))
    return comparison if holds else comparison.negated
