"""What adds to the derivative with respect to a tensor, over the letters of the tensor's axes.

What a step of a recurrence passes back is found as

    dL/dh[t - 1, j]  <-  delta^a[t, k] u[k, j]

and is the same, over the indices t and k that h has everywhere else, as

    dL/dh[t, k]      <-  delta^a[t + 1, j] u[j, k],     where t + 1 is a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from sympy import Expr, Symbol

from symcnn.derivation.derived import Derived
from symcnn.equations import Equation, Guard, Loop, accesses, along_axes
from symcnn.equations.notation import index as index_named
from symcnn.equations.notation import spare_letters
from symcnn.equations.sizes import Size


def adding(derivation: Derived, name: str) -> list[Equation]:
    """Return the equations that add to dL/dT, of a recurrence over the letters of T's own axes."""
    equations = [step.equation for step in derivation.steps if step.of.name == name]
    network = derivation.network
    base, axes = network.tensors[name].base, derivation.adjoints[name].indices
    if not network.sizes or all(base not in one.order for one in network.recurrences):
        return equations
    return [_over(equation, axes) for equation in equations]


def _over(equation: Equation, axes: Sequence[Symbol]) -> Equation:
    """Return an equation with the letters of axes as the indices of its target.

    It stays as it is where an index of the target is more than a loop and a number.
    """
    put, guards, loops = dict[Symbol, Expr](), list(equation.guards), dict(equation.sizes)
    own = dict[Symbol, Size]()
    for (index, length), axis in zip(along_axes(equation.target), axes, strict=True):
        used = [symbol for symbol in index.free_symbols if symbol in loops]
        if len(used) != 1 or not (index - used[0]).is_Integer:
            return equation
        put[used[0]], own[axis] = axis - (index - used[0]), length
        guards.append(Guard(used[0], loops.pop(used[0])))
    freed = (symbol for symbol in put if symbol not in {*axes, *loops})
    taken = {symbol.name for symbol in (*axes, *put, *loops)}
    spare = chain(freed, map(index_named, spare_letters(taken)))
    put |= {symbol: next(spare) for symbol in loops if symbol in own}
    others = {put.get(symbol, symbol): size for symbol, size in loops.items()}
    reads = {r: r.base[tuple(i.xreplace(put) for i in r.indices)] for r in accesses(equation.value)}
    return replace(
        equation,
        target=equation.target.base[tuple(axes)],
        value=equation.value.xreplace(reads),
        loops=tuple(Loop(symbol, size) for symbol, size in {**own, **others}.items()),
        guards=tuple(Guard(g.expression.xreplace(put), g.size) for g in guards),
    )
