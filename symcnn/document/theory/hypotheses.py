"""What a statement supposes of its letters: that its formulas are defined, as with A - 1 below.

p_i = i (H - 1)/(A - 1)  supposes  A > 1
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Mul, Ne, Pow, Symbol, log
from sympy.core.relational import Relational

from symcnn.document.theory.statement import Statement
from symcnn.equations.sizes import is_at_least, is_made_of_sizes


def hypotheses(made: Statement) -> tuple[Relational, ...]:
    """Return what the letters of a statement must fulfil where it has divisors, roots or logs."""
    letters = {*made.network.sizes, *made.network.real_letters, *made.network.relations}
    formulas = [formula.general.checked for formula in (*made.forward, *made.backward)]
    found = dict.fromkeys(c for formula in formulas for c in _supposed(formula, letters))
    return tuple(sorted(found, key=str))


def _supposed(formula: Expr, letters: set[Symbol]) -> Iterator[Relational]:
    """Run over the conditions of one formula, without those that hold for all letters."""
    for part in formula.atoms(Pow, log):
        argument = part.args[0]
        if not argument.free_symbols or not argument.free_symbols <= letters:
            continue
        is_root = isinstance(part, log) or not part.exp.is_integer
        divides = isinstance(part, log) or part.exp.is_negative
        for factor in [argument] if is_root else Mul.make_args(argument.factor()):
            yield from _condition(factor, positive=is_root, nonzero=divides)


def _condition(argument: Expr, *, positive: bool, nonzero: bool) -> Iterator[Relational]:
    """Return that an argument is not 0, positive or not negative, if that is not certain."""
    number, rest = argument.as_coeff_Add()
    if nonzero:
        if _never_below(argument, 1):
            return
        above = positive or _never_below(argument, 0)
        yield rest > -number if above else Ne(rest, -number)
    elif positive and not _never_below(argument, 0):
        yield rest >= -number


def _never_below(argument: Expr, least: int) -> bool:
    """Tell whether a size is at least a number, or a real number is positive or not negative."""
    if is_made_of_sizes(argument):
        return is_at_least(argument, least)
    return bool(argument.is_positive if least else argument.is_nonnegative)
