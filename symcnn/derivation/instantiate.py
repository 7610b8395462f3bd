"""From a general form to one entry's formula: numbers for indices, sums written out.

    sum over i of delta^z[i, k] x[i + u]   at u = 1, k = 0   is  delta^z_11 x_2 + ...

A form is read once, into a function of its free indices; entries are made straight from
their positions. SymPy's own replacement would build every indexed object on the way, which
takes fifty times as long. The formula is made to be evaluated: its sums and products are
left as they come, like terms and all, but for what functions are given: SymPy's rules for these
suppose collected factors, and read cos(2 pi * 2 * 2 / C) otherwise as cos(2 pi * 2 / C).

Of a long sum the terms are arrays, and none of them is in symbols:

    sum over i, j of delta[i, j, k] x[i + u, j + v]   at u = 1, v = 0, k = 2
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import prod
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

import numpy as np
from sympy import (
    Add,
    Expr,
    Indexed,
    IndexedBase,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    ceiling,
    floor,
)
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from symcnn import limits
from symcnn.equations import Affine, Read, Summands, Tensor, Total, affine, strides
from symcnn.equations.functions import Iverson
from symcnn.errors import SymcnnError

At = Mapping[Symbol, int | Fraction]
"""Numbers for indices, and for letters."""

OfBase = Callable[[IndexedBase], Tensor | None]
"""The tensor of a base; None if its entries are no numbers of their own."""

_Columns = Mapping[Any, Any]
"""The values of indices, each in a row of terms."""


def index_form(index: Expr) -> Callable[[At], Any]:
    """Return what evaluates an index; r/2 stands only where a bracket says that 2 divides r."""
    if isinstance(index, Symbol):
        return lambda at: at[index]
    if isinstance(index, Rational):
        number = int(index) if index.is_Integer else Fraction(int(index.p), int(index.q))
        return lambda at: number
    function, parts = _INDICES[index.func], [*map(index_form, index.args)]
    return lambda at: function([part(at) for part in parts])


_INDICES: dict[Any, Callable[[Sequence[Any]], Any]] = {
    Add: sum,
    Mul: prod,
    Pow: lambda parts: Fraction(parts[0]) ** parts[1],
    Max: max,
    Min: min,
    Mod: lambda parts: parts[0] % parts[1],
    floor: lambda parts: math.floor(parts[0]),
    ceiling: lambda parts: math.ceil(parts[0]),
}
"""What indices are made of, and the limits of sums over them."""

COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}

_Condition = tuple[Callable[[Any, Any], Any], Affine, Affine]


class _Term(NamedTuple):
    """A term of a sum.

    Attributes:
        value: What is summed, where all conditions hold.
        reads: The tensor of each access, with the index along each of its axes.
        conditions: Comparisons of indices.
    """

    value: Expr
    reads: Mapping[Indexed, tuple[Tensor, Sequence[Affine]]]
    conditions: Sequence[_Condition]

    def at(self, values: _Columns, count: int) -> Summands | None:
        """Return the terms at values of their indices; None if an entry is outside its tensor."""
        kept = np.ones(count, dtype=bool)
        for compare, left, right in self.conditions:
            kept &= compare(left.at(values), right.at(values))
        places = {symbol: column[kept] for symbol, column in values.items()}
        reads = {a: _read(*own, places, int(kept.sum())) for a, own in self.reads.items()}
        known = {access: read for access, read in reads.items() if read is not None}
        return Summands(self.value, known) if len(known) == len(reads) else None


def _read(tensor: Tensor, indices: Sequence[Affine], places: _Columns, count: int) -> Read | None:
    found = [np.broadcast_to(index.at(places), count) for index in indices]
    for index, size in zip(found, tensor.shape, strict=True):
        if not ((index >= 0) & (index < size)).all():
            return None
    steps = zip(found, strides(tensor.shape), strict=True)
    return Read(tensor, np.asarray(sum(index * step for index, step in steps)))


def long_sum(expression: Sum, tensor: OfBase) -> Callable[[At], Total | None] | None:
    """Return what gives a long sum at values of its free indices, and None for a short one.

    Returns:
        None if its terms hold other than entries, or a limit depends on another index of it.
    """
    own = {symbol for symbol, *_ in expression.limits}
    if any(bound.free_symbols & own for _, *ends in expression.limits for bound in ends):
        return None
    term = _term(expression.function, tensor)
    ranges = [(s, index_form(low), index_form(high)) for s, low, high in expression.limits]

    def made(at: At) -> Total | None:
        assert term is not None
        ends = [(int(low(at)), int(high(at)) + 1) for _, low, high in ranges]
        count = prod(max(0, high - low) for low, high in ends)
        if count <= limits.SPELLED_TERMS:
            return None
        grids = np.meshgrid(*(np.arange(*pair) for pair in ends), indexing="ij")
        columns = {s: grid.ravel() for (s, *_), grid in zip(ranges, grids, strict=True)}
        free = {symbol: np.full(count, int(n)) for symbol, n in at.items()}
        summands = term.at(free | columns, count)
        if summands is None or summands.size <= limits.SPELLED_TERMS:
            return None
        return Total((summands,))

    return None if term is None else made


def _term(term: Expr, tensor: OfBase) -> _Term | None:
    """Read a term; None if it holds more than entries, and conditions of indices as factors."""
    factors = Mul.make_args(term)
    brackets = [f for f in factors if isinstance(f, Iverson) and not f.has(Indexed)]
    value = Mul(*(factor for factor in factors if factor not in brackets))
    reads = {access: tensor(access.base) for access in value.atoms(Indexed)}
    numbers = value.xreplace({access: Rational(1, 2) for access in reads})
    if not reads or None in reads.values() or numbers.free_symbols or numbers.has(Sum):
        return None
    try:
        conditions = [
            (COMPARISONS[c.rel_op], affine(c.lhs), affine(c.rhs)) for b in brackets for c in b.args
        ]
        known = {a: (of, [*map(affine, a.indices)]) for a, of in reads.items() if of is not None}
    except SymcnnError:
        return None
    return _Term(value, known, conditions)


Entry = Callable[[IndexedBase, tuple[int, ...]], Expr]
Formula = Callable[[At], Expr]
"""What an expression is at values of its free indices, in entries."""


def instantiation(
    expression: Expr, entry: Entry, *, collected: bool = False, tensor: OfBase | None = None
) -> Formula:
    """Return what makes an expression in entries of numbers for its indices.

    Args:
        expression: A general form.
        entry: Gives the entry of a tensor at a position.
        collected: Whether like factors and terms are collected.
        tensor: Gives the tensor of a base, if long sums are not to be written out.
    """
    if isinstance(expression, Indexed):
        base, indices = expression.base, [*map(index_form, expression.indices)]
        return lambda at: entry(base, tuple([int(index(at)) for index in indices]))
    if isinstance(expression, Symbol):
        return lambda at: Rational(at[expression]) if expression in at else expression
    if isinstance(expression, Sum):
        return _sum(expression, entry, collected, tensor)
    if isinstance(expression, Iverson):
        return _bracket(expression, entry)
    if not expression.args:
        return lambda at: expression
    if isinstance(expression, Mul):
        return _product(expression, entry, collected, tensor)
    function, within = expression.func, collected or not isinstance(expression, Add)
    parts = [
        instantiation(part, entry, collected=within, tensor=tensor) for part in expression.args
    ]
    if isinstance(expression, TrigonometricFunction):
        function = partial(function, evaluate=False)  # SymPy would look for multiples of pi
    return lambda at: function(*(part(at) for part in parts))


def _product(expression: Mul, entry: Entry, collected: bool, tensor: OfBase | None) -> Formula:
    """Try the brackets first: where one is 0, the entries beside it need not exist.

    Those of indices alone come before those that hold entries, as [s[i - 1] = v].
    """

    def depends(part: Expr) -> tuple[bool, bool]:
        return not isinstance(part, Iverson), part.has(Indexed)

    ordered = sorted(expression.args, key=depends)
    factors = [instantiation(f, entry, collected=collected, tensor=tensor) for f in ordered]

    def product(at: At) -> Expr:
        made = []
        for factor in factors:
            part = factor(at)
            if part is S.Zero:
                return part
            if part is not S.One:
                made.append(part)
        return Mul(*made, evaluate=collected)

    return product


def _sum(expression: Sum, entry: Entry, collected: bool, tensor: OfBase | None) -> Formula:
    *inner, (symbol, *limits) = expression.limits
    low, high = map(index_form, limits)
    body = Sum(expression.function, *inner) if inner else expression.function
    term = instantiation(body, entry, collected=collected)

    long = None if tensor is None else long_sum(expression, tensor)

    def total(at: At) -> Expr:
        if long is not None and (found := long(at)) is not None:
            return found
        terms = (term({**at, symbol: n}) for n in range(int(low(at)), int(high(at)) + 1))
        return Add(*(term for term in terms if term is not S.Zero), evaluate=collected)

    return total


def _bracket(bracket: Iverson, entry: Entry) -> Formula:
    """Compare indices as integers, which SymPy's relations would take long for."""
    within = (c for c in bracket.args if c.has(Indexed))
    about_entries = [instantiation(c, entry, collected=True) for c in within]
    about_indices = [
        (COMPARISONS[c.rel_op], index_form(c.lhs), index_form(c.rhs))
        for c in bracket.args
        if not c.has(Indexed)
    ]

    def value(at: At) -> Expr:
        if not all(compare(left(at), right(at)) for compare, left, right in about_indices):
            return S.Zero
        return Iverson(*(condition(at) for condition in about_entries))

    return value
