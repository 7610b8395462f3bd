"""The value of a general form at values of its indices: sums, entries and all; and in matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sympy import Dummy, Expr, Indexed, Mod, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn.equations.values.evaluation import Array
from symcnn.reference import FLOATS, evaluate
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.reading.pieces import by_pieces

At = Mapping[Symbol, Array]
"""Values of indices and sizes, along one axis."""

Read = Callable[[Indexed, list[Array]], Array]
"""Gives the values of entries by their indices, counted from 0."""

_OWN = (Indexed, SymbolicSum, floor, ceiling, Mod)


def general_value(expression: Expr, at: At, read: Read, axes: int = 1) -> Array:
    """Return the value of an expression; every sum has an axis of its own, in front of others."""
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


Axes = tuple[Symbol, ...]
"""The indices of the rows and the columns of a matrix, of a vector's entries, or none."""

LETTERS = tuple(Symbol(name, real=True) for name in ("Upsilon", "Xi", "Psi", "Omega"))
"""What the entries in a function of several stand for; no tensor is called so."""


class Place(NamedTuple):
    """Where expressions are worked out.

    Attributes:
        read: Looks entries up.
        at: The values of sizes, settings and fixed indices.
        lengths: How many values the other indices have.
    """

    read: Callable[[Indexed, list[Array]], Array]
    at: Mapping[Symbol, Array]
    lengths: Mapping[Symbol, int]

    def entrywise(self, expression: Expr, axes: Axes) -> Array:
        """Return the values of an expression for all values of its indices."""
        shape = tuple(self.lengths[axis] for axis in axes)
        count = int(np.prod(shape))
        grids = np.indices(shape).reshape(len(shape), count).astype(float)
        at = {**self.at, **dict(zip(axes, grids, strict=True))}
        made = general_value(expression, at, self.read)
        return np.broadcast_to(made, (count,)).reshape(shape)


@dataclass(frozen=True)
class Printing:
    """By what expressions are printed.

    Attributes:
        printer: What prints formulas.
        base: What the first index is.
    """

    printer: MathPrinter
    base: int
