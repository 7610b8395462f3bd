"""The value of a general form at values of its indices, as SymPy has it: sums, entries and all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from sympy import Dummy, Expr, Indexed, Mod, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn.equations.values.evaluation import Array
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.reading.pieces import by_pieces

At = Mapping[Symbol, Array]
"""Values of indices and sizes, along one axis."""

Read = Callable[[Indexed, list[Array]], Array]
"""Gives the values of entries by their indices, counted from 0."""

_OWN = (Indexed, SymbolicSum, floor, ceiling, Mod)


def general_value(expression: Expr, at: At, read: Read, axes: int = 1) -> Array:
    """Return the value of an expression; every sum has an axis of its own, in front.

    Args:
        expression: A general form.
        at: The values of its symbols.
        read: Looks entries up.
        axes: How many axes there are already.
    """
    found: dict[Any, Any] = {}
    put = dict[Expr, Expr]()
    for part in _outermost(expression):
        put[part] = Dummy(real=True)
        found[put[part]] = _part(part, at, read, axes)
    return np.asarray(np.real(evaluate(expression.xreplace(put), {**at, **found}, FLOATS)))


def _outermost(expression: Expr) -> Iterator[Expr]:
    """Run over the parts that are worked out here, each once, but for those inside of others."""
    waiting, seen = [expression], set[Expr]()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        if isinstance(part, _OWN):
            yield part
        else:
            waiting += part.args


def _part(part: Expr, at: At, read: Read, axes: int) -> Array:
    if isinstance(part, SymbolicSum):
        return _sum(part, at, read, axes)
    if isinstance(part, Indexed):
        return read(part, [general_value(index, at, read, axes) for index in part.indices])
    values = [general_value(argument, at, read, axes) for argument in part.args]
    if isinstance(part, Mod):
        return np.asarray(np.mod(*values))
    (quotient,) = values
    down = isinstance(part, floor)
    return np.asarray(np.floor(quotient + 1e-9) if down else np.ceil(quotient - 1e-9))


def _sum(total: SymbolicSum, at: At, read: Read, axes: int) -> Array:
    """Add up over the last index first, as the limits of the others do not hold it."""
    *inner, (symbol, low, high) = total.limits
    first, last = (general_value(end, at, read, axes) for end in (low, high))
    body = SymbolicSum(total.function, *inner) if inner else total.function

    def collected(run: Array) -> tuple[Array, int]:
        values = general_value(body, {**at, symbol: run}, read, axes + 1)
        kept = np.where((run >= first) & (run <= last), values, 0.0)
        return np.asarray(kept.sum(axis=0)), kept.size

    start, end = int(np.min(first)), int(np.max(last))
    return np.asarray(sum(by_pieces(start, end, at, axes, collected)))
