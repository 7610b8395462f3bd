"""The value of an equation: numbers, entries and functions with a rule, of which nothing cancels.

    y[i] = x[i] / x[0]      at i = 0 that is x[0] / x[0], which SymPy would take for 1

A quotient, a root or a logarithm has a value at some numbers alone. What it holds is written as
``uncancelled`` if the value reads the tensor under other indices too.
Products over loops are written factor by factor:

    y[i] <- product over u < 3 of t[i + u]        y[i] <- t[i] t[i + 1] t[i + 2]

So a product is a value like any other: its derivative with respect to one factor is the product
of the others, also where factors are 0, and that is a product again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from sympy import (
    Abs,
    Add,
    And,
    AtomicExpr,
    Basic,
    Expr,
    Function,
    Indexed,
    Integer,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    S,
    Symbol,
    log,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom

from symcnn import limits
from symcnn.equations.access import accesses, leads_to_different_entries
from symcnn.equations.functions import ELEMENTARY, uncancelled
from symcnn.equations.non_affine import Inside
from symcnn.equations.sizes import Size, is_symbolic
from symcnn.errors import SymcnnError, TooLargeError, shown

_KNOWN = (Abs, *(row.function for row in ELEMENTARY.values() if row.is_offered))
"""What programs, documents and checks know of SymPy's functions."""

_JOINING = (Add, Mul, Pow, Indexed, Piecewise, ExprCondPair, Relational, And, Or, Not, BooleanAtom)
_NO_NUMBERS = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit)


def check_known(value: Expr) -> None:
    """Refuse what has no rule.

    Raises:
        SymcnnError: If an expression holds what is no number, or a function that programs,
            documents and checks do not know.
    """
    for part in _parts(value):
        if part in _NO_NUMBERS:
            raise SymcnnError(f"the value contains {part}, which is not a number")
        own = isinstance(part, Function) and hasattr(part, "_numpycode")
        if not own and not isinstance(part, (*_KNOWN, *_JOINING, AtomicExpr)):
            raise SymcnnError(
                f"the value contains {shown(str(part))}, but symcnn has no rule for "
                f"{part.func.__name__}: write it in functions that symcnn knows, or derive one "
                "from DefinedFunction"
            )


def _parts(value: Basic) -> Iterator[Basic]:
    """Run over an expression and its parts, but not over the indices of entries."""
    yield value
    if not isinstance(value, Indexed):
        for part in value.args:
            yield from _parts(part)


def kept_apart(value: Expr) -> Expr:
    """Return a value in which nothing cancels that depends on the numbers."""
    partial = [part for part in value.atoms(Pow, log) if _is_partial(part)]
    inside = dict.fromkeys(read for part in partial for read in accesses(part))
    layers = {read: n for read in inside if (n := _before(read, value, [*inside]))}
    if not layers:
        return value
    written = {read: _layered(read, n) for read, n in layers.items()}
    return value.xreplace({part: part.xreplace(written) for part in partial})


def _is_partial(part: Expr) -> bool:
    """Tell whether an expression has no value at some numbers, or an infinite slope."""
    return isinstance(part, log) or not (part.exp.is_Integer and part.exp.is_positive)


def _before(read: Indexed, value: Expr, inside: Sequence[Indexed]) -> int:
    """Count the accesses that an access has to be told from."""
    earlier = inside[: inside.index(read)]
    others = (other for other in accesses(value) if other not in inside or other in earlier)
    return sum(1 for other in others if _may_be_same(read, other))


def _may_be_same(one: Indexed, other: Indexed) -> bool:
    """Tell whether two accesses can be of one entry, for the same or for different indices."""
    return one.base == other.base and not any(_differences(one, other))


def _differences(one: Indexed, other: Indexed) -> Iterator[bool]:
    for first, second in zip(one.indices, other.indices, strict=True):
        yield bool(first.is_number and second.is_number and first != second)


def _layered(read: Indexed, number: int) -> Expr:
    """Return a read as so many layers of ``uncancelled``: each number is different from others."""
    made: Expr = read
    for _ in range(number):
        made = uncancelled(made)
    return made


def multiplied(
    target: Indexed, value: Expr, ranges: Mapping[Symbol, Size], inside: Iterable[Inside] = ()
) -> Expr:
    """Return the product of a value over the loops that are not indices of the target.

    Args:
        target: The entry that is defined.
        value: The factor.
        ranges: The range of every loop.
        inside: Pairs (e, n) that mean 0 <= e < n.

    Raises:
        SymcnnError: If several products would be one entry, or conditions leave out factors, or
            the number of factors is not known, or too large.
    """
    _check_one_product(target, ranges, inside)
    reduced = {s: n for s, n in ranges.items() if s not in target.free_symbols}
    if any(map(is_symbolic, reduced.values())):
        raise SymcnnError(
            f"{target} is a product of as many factors as letters say: give numbers for the sizes"
        )
    factors = prod(map(int, reduced.values()))
    if factors > limits.PRODUCT_FACTORS:
        raise TooLargeError(
            f"{target} is a product of {factors:,} factors, more than the "
            f"{limits.PRODUCT_FACTORS} that are written out: of positive factors, take the "
            "exponential of a sum of logarithms"
        )
    every = product(*(range(int(n)) for n in reduced.values()))
    return Mul(*(_at(value, dict(zip(reduced, at, strict=True))) for at in every))


def _check_one_product(
    target: Indexed, ranges: Mapping[Symbol, Size], inside: Iterable[Inside]
) -> None:
    """Refuse a target of which several products would be one entry, and factors left out."""
    if not leads_to_different_entries(target, ranges):
        raise SymcnnError(
            f"{target} is a product whose factors come from several positions: let every loop "
            "of the target be an index of its own, and name the others in over={...}"
        )
    for expression, _ in inside:
        if others := sorted(map(str, expression.free_symbols - target.free_symbols)):
            raise SymcnnError(
                f"{target} is a product with a condition on {others[0]}, which would leave out "
                "factors: multiply by an auxiliary that is 1 there"
            )


def _at(value: Expr, at: Mapping[Symbol, int]) -> Expr:
    """Return a value with numbers for loops in its indices."""
    reads = {
        read: read.base[tuple(index.xreplace(_numbers(at)) for index in read.indices)]
        for read in accesses(value)
    }
    return value.xreplace(reads)


def _numbers(at: Mapping[Symbol, int]) -> dict[Symbol, Expr]:
    return {symbol: Integer(n) for symbol, n in at.items()}
