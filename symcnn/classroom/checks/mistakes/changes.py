"""What the mistakes of programs are made of: loops that are cut, indices that are replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Indexed, Symbol

from symcnn.classroom.marking.mistakes.mistake import Change, Ways, Work, routings
from symcnn.equations import Equation, Guard, accesses


def each(change: Change) -> Callable[[Work], Ways]:
    """Change the equations of a quantity one by one; updates of parameters are none of code's."""
    return lambda work: () if work.is_update else work.one_by_one(change)


def guarded(equation: Equation, read: Indexed, indices: Iterable[Expr]) -> Equation:
    """Return an equation with other indices for one access or the target, kept inside of it."""
    other = read.base[tuple(indices)]
    moved = zip(read.indices, other.indices, read.shape, strict=True)
    guards = (Guard(new, int(size)) for old, new, size in moved if new != old and new.free_symbols)
    is_target = read == equation.target
    return replace(
        equation,
        target=other if is_target else equation.target,
        value=equation.value if is_target else equation.value.xreplace({read: other}),
        guards=tuple(dict.fromkeys((*equation.guards, *guards))),
    )


def exchanged(expression: Expr, one: Symbol, other: Symbol) -> Expr:
    """Return an expression with two indices exchanged."""
    return expression.xreplace({one: other, other: one})


def plain_reads(work: Work, equation: Equation) -> Iterator[Indexed]:
    """Run over what an equation reads, but for routings."""
    left_out = routings(work)
    return (read for read in accesses(equation.value) if read.base not in left_out)


def unguarded(equation: Equation) -> Equation:
    """Return an equation without the guards of indices at which nothing is read any more."""
    used = {i for read in (equation.target, *accesses(equation.value)) for i in read.indices}
    return replace(equation, guards=tuple(g for g in equation.guards if g.expression in used))
