"""From a general form with a long sum to one entry's: its terms as arrays, none of them in symbols.

    sum over i, j of delta[i, j, k] x[i + u, j + v]   at u = 1, v = 0, k = 2

What a sum of few terms is, or of others than products of entries, ``instantiate`` writes out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Mul, Sum, Symbol

from symcnn import limits
from symcnn.equations import Affine, Products, Tensor, Total, affine, strides
from symcnn.equations.functions import Iverson
from symcnn.errors import SymcnnError

COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}

At = Mapping[Symbol, int | Fraction]
"""Numbers for indices, and for letters."""

OfBase = Callable[[IndexedBase], Tensor | None]
"""The tensor of a base; None if its entries are no numbers of their own."""

_Condition = tuple[Callable[[Any, Any], Any], Affine, Affine]


class _Terms(NamedTuple):
    """A term of a sum: a number, the entries that it is multiplied by, and under which conditions.

    Attributes:
        number: The number.
        reads: The tensors, with the index along each of their axes.
        conditions: Comparisons of indices.
    """

    number: Fraction
    reads: Sequence[tuple[Tensor, Sequence[Affine]]]
    conditions: Sequence[_Condition]

    def at(self, values: Mapping[Any, Any]) -> Products | None:
        """Return the terms at values of their indices; None if an entry is outside its tensor."""
        kept = np.ones(next(iter(values.values())).size, dtype=bool)
        for compare, left, right in self.conditions:
            kept &= compare(left.at(values), right.at(values))
        places = {symbol: column[kept] for symbol, column in values.items()}
        reads = []
        for tensor, indices in self.reads:
            found = [np.broadcast_to(index.at(places), kept.sum()) for index in indices]
            pairs = zip(found, tensor.shape, strict=True)
            if not all(((index >= 0) & (index < size)).all() for index, size in pairs):
                return None
            steps = zip(found, strides(tensor.shape), strict=True)
            reads.append((tensor, np.asarray(sum(index * step for index, step in steps))))
        return Products(self.number, tuple(reads))


def long_sum(expression: Sum, tensor: OfBase) -> Callable[[At], Total | None] | None:
    """Return what gives a long sum at values of its free indices, and None for a short one.

    Args:
        expression: The sum.
        tensor: Gives the tensor of a base.

    Returns:
        None if its terms are no products of entries, or a limit depends on another index of it.
    """
    own = {symbol for symbol, *_ in expression.limits}
    bounds = [bound for _, *ends in expression.limits for bound in ends]
    terms = _terms(expression.function, tensor)
    if terms is None or any(bound.free_symbols & own for bound in bounds):
        return None
    try:
        ranges = [(s, affine(low), affine(high)) for s, low, high in expression.limits]
    except SymcnnError:
        return None

    def made(at: At) -> Total | None:
        ends = [(int(low.at(at)), int(high.at(at)) + 1) for _, low, high in ranges]
        count = np.prod([max(0, high - low) for low, high in ends], dtype=object)
        if count <= limits.SPELLED_TERMS:
            return None
        grids = np.meshgrid(*(np.arange(*pair) for pair in ends), indexing="ij")
        columns = {s: grid.ravel() for (s, *_), grid in zip(ranges, grids, strict=True)}
        free = {symbol: np.full(count, int(n)) for symbol, n in at.items()}
        products = terms.at(free | columns)
        few = products is None or products.count <= limits.SPELLED_TERMS
        return None if few or products is None else Total((products,))

    return made


def _terms(term: Expr, tensor: OfBase) -> _Terms | None:
    """Read a term; None if it is no product of entries under conditions of indices alone."""
    number, product = term.as_coeff_Mul()
    reads: list[tuple[Tensor, Sequence[Affine]]] = []
    conditions: list[_Condition] = []
    try:
        for factor in Mul.make_args(product):
            if isinstance(factor, Iverson):
                conditions += [(COMPARISONS[c.rel_op], *map(affine, c.args)) for c in factor.args]
                continue
            base, power = factor.as_base_exp()
            found = tensor(base.base) if isinstance(base, Indexed) else None
            if found is None or not (power.is_Integer and power > 0):
                return None
            reads += [(found, [*map(affine, base.indices)])] * int(power)
    except SymcnnError:
        return None
    is_product = bool(reads) and number.is_Rational
    return _Terms(Fraction(int(number.p), int(number.q)), reads, conditions) if is_product else None
