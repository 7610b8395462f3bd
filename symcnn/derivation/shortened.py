"""Conditions that an entry carries are not said beside it.

a[i, r] [i >= r]  =  a[i, r]           where a[i, r] = f(...) [i >= r]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr, Ge, Indexed, Le, Mul
from sympy.core.relational import Relational

from symcnn.equations import Equation
from symcnn.equations.functions import Iverson


def shortened(expression: Expr, equations: Sequence[Equation]) -> Expr:
    """Return products without the conditions outside of which one of their entries is 0."""
    guarded = {e.target.base: e for e in equations if e.guards and not e.reduced}
    if not any(read.base in guarded for read in expression.atoms(Indexed)):
        return expression

    def without(product: Expr) -> Expr:
        entries = [f for f in product.args if isinstance(f, Indexed) and f.base in guarded]
        carried = {c for entry in entries for c in _carried(guarded[entry.base], entry)}
        return Mul(*(_kept(f, carried) if isinstance(f, Iverson) else f for f in product.args))

    return expression.replace(lambda part: isinstance(part, Mul), without)


def _carried(equation: Equation, entry: Indexed) -> Iterator[Expr]:
    """Run over what is not negative where an entry is not 0."""
    if not all(index.is_Symbol for index in equation.target.indices):
        return
    at = dict(zip(equation.target.indices, entry.indices, strict=True))
    for guard in equation.guards:
        index = guard.expression.xreplace(at)
        yield from (index.expand(), (guard.size - 1 - index).expand())


def _kept(bracket: Iverson, carried: set[Expr]) -> Expr:
    return Iverson(*(c for c in bracket.args if _never_negative(c) not in carried))


def _never_negative(condition: Relational) -> Expr | None:
    """Return what a comparison says not to be negative."""
    return (condition.gts - condition.lts).expand() if isinstance(condition, Ge | Le) else None
