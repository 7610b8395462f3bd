"""From a general form to one entry's formula: numbers for indices, sums written out.

    sum over i of delta^z[i, k] x[i + u]   at u = 1, k = 0   is  delta^z_11 x_2 + ...

Entries are made straight from their positions; SymPy's own replacement would build
every indexed object on the way, which takes fifty times as long. The formula is made to
be evaluated: its sums and products are left as they come, like terms and all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sympy import (
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    Rational,
    S,
    Sum,
    Symbol,
    ceiling,
    floor,
)

from symcnn.functions import Iverson

At = Mapping[Symbol, int]
Entry = Callable[[IndexedBase, Sequence[int]], Expr]


def instantiate(expression: Expr, at: At, entry: Entry) -> Expr:
    """Return an expression with numbers for its indices, in entries.

    Args:
        expression: A general form.
        at: The values of its free indices.
        entry: Gives the entry of a tensor at a position.
    """
    if isinstance(expression, Indexed):
        return entry(expression.base, [_whole(index, at) for index in expression.indices])
    if isinstance(expression, Symbol):
        return Integer(at[expression]) if expression in at else expression
    if isinstance(expression, Sum):
        return _written_out(expression, at, entry)
    if isinstance(expression, Mul):
        return _product(expression, at, entry)
    if isinstance(expression, Iverson):
        return _bracket(expression, at, entry)
    if not expression.args:
        return expression
    return expression.func(*(instantiate(part, at, entry) for part in expression.args))


def _product(expression: Mul, at: At, entry: Entry) -> Expr:
    """Try the brackets first: where one is 0, the entries beside it need not exist."""
    factors = []
    for factor in sorted(expression.args, key=lambda part: not isinstance(part, Iverson)):
        made = instantiate(factor, at, entry)
        if made is S.Zero:
            return made
        if made is not S.One:
            factors.append(made)
    return Mul(*factors, evaluate=False)


def _written_out(expression: Sum, at: At, entry: Entry) -> Expr:
    *inner, (symbol, low, high) = expression.limits
    body = Sum(expression.function, *inner) if inner else expression.function
    values = range(_whole(low, at), _whole(high, at) + 1)
    terms = (instantiate(body, {**at, symbol: n}, entry) for n in values)
    return Add(*(term for term in terms if term is not S.Zero), evaluate=False)


def _whole(index: Expr, at: At) -> int:
    """Evaluate an index; r/2 stands only where a bracket says that 2 divides r."""
    return int(_number(index, at))


def _number(index: Expr, at: At) -> Any:
    if isinstance(index, Symbol):
        return at[index]
    if isinstance(index, Rational):
        return int(index) if index.is_Integer else Fraction(int(index.p), int(index.q))
    return _INDICES[index.func]([_number(part, at) for part in index.args])


def _bracket(bracket: Iverson, at: At, entry: Entry) -> Expr:
    """Compare indices as integers, which SymPy's relations would take long for."""
    about_entries = []
    for condition in bracket.args:
        if condition.has(Indexed):
            about_entries.append(
                condition.func(*(instantiate(s, at, entry) for s in condition.args))
            )
        elif not _COMPARISONS[condition.rel_op](*(_number(side, at) for side in condition.args)):
            return S.Zero
    return Iverson(*about_entries)


_INDICES: dict[Any, Callable[[list[Any]], Any]] = {
    Add: sum,
    Mul: prod,
    Max: max,
    Min: min,
    Mod: lambda parts: parts[0] % parts[1],
    floor: lambda parts: math.floor(parts[0]),
    ceiling: lambda parts: math.ceil(parts[0]),
}
"""What indices are made of, and the limits of sums over them."""

_COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
